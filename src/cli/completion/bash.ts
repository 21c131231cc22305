import { ownCommands } from './own-commands.ts'
import type { CompletedOption, CompletionWords } from './words.ts'

/** A completion script for bash; load it with `source <(lugsail completion bash)`. */
export function bashScript({ operations, otherCommands, globalOptions }: CompletionWords): string {
  const names = (options: readonly CompletedOption[]): string => options.map(({ name }) => name).join(' ')
  const commands = [...operations, ...otherCommands].map(({ name }) => name)
  return `# Completion of lugsail for bash. Load it with: source <(lugsail completion bash)
_lugsail() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= words= index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
      ${operations.map(({ name }) => name).join(' | ')})
        command=\${COMP_WORDS[index]}
        break
        ;;
    esac
  done
  if ((COMP_CWORD > 1)); then
    case \${COMP_WORDS[1]}:$previous in
${ownValueCases()}      *)
        case \${COMP_WORDS[1]}:$current in
${Object.entries(ownCommands)
  .map(
    ([name, { words, options: own }]) =>
      `          ${name}:-*) words="${Object.keys(own).join(' ')}" ;;\n          ${name}:*) ((COMP_CWORD == 2)) && words="${[...words, 'help'].join(' ')}" ;;\n`,
  )
  .join('')}        esac
        ;;
    esac
    case \${COMP_WORDS[1]} in
      ${Object.keys(ownCommands).join(' | ')})
        COMPREPLY=($(compgen -W "$words" -- "$current"))
        return
        ;;
    esac
  fi
  case $previous in
${valueCases([...globalOptions, ...operations.flatMap(({ options }) => options)])}  esac
  if [[ -n $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    return
  fi
  case $current in
    -*)
      words="${names(globalOptions)}"
      case $command in
${operations.map(({ name, options }) => `        ${name}) words="$words ${names(options)}" ;;\n`).join('')}      esac
      ;;
    *)
      if [[ -n $command ]]; then
        words=help
      elif [[ $previous == lightsail ]]; then
        words="${operations.map(({ name }) => name).join(' ')} help"
      else
        words="${commands.join(' ')}"
      fi
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _lugsail lugsail
`
}

/** One case for each option of a command that is no operation, where its values are known. */
function ownValueCases(): string {
  return Object.entries(ownCommands)
    .flatMap(([name, { options }]) =>
      Object.entries(options)
        .filter(([, values]) => values.length > 0)
        .map(([option, values]) => `      ${name}:${option}) words="${values.join(' ')}" ;;\n`),
    )
    .join('')
}

/** One case for each option whose values are known; options of one name share theirs. */
function valueCases(options: readonly CompletedOption[]): string {
  const values = new Map(
    options.filter((option) => option.values.length > 0).map((option) => [option.name, option.values]),
  )
  return [...values].map(([name, words]) => `    ${name}) words="${words.join(' ')}" ;;\n`).join('')
}
