import { ownCommands, ownPlaces, ownValueCases, placePattern } from './own-commands.ts'
import type { OwnCommands } from './own-commands.ts'
import type { CompletedOption, CompletionWords } from './words.ts'

/** A completion script for bash; load it with `source <(lugsail completion bash)`. */
export function bashScript(
  { operations, otherCommands, globalOptions }: CompletionWords,
  own: OwnCommands = ownCommands,
): string {
  const names = (options: readonly CompletedOption[]): string => options.map(({ name }) => name).join(' ')
  const withFiles = Object.keys(own).filter((name) => own[name]?.takesFiles === true)
  const commands = [...operations, ...otherCommands].map(({ name }) => name)
  return `# Completion of lugsail for bash. Load it with: source <(lugsail completion bash)
_lugsail() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= words= word= index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
      ${operations.map(({ name }) => name).join(' | ')})
        command=\${COMP_WORDS[index]}
        break
        ;;
    esac
  done
  if ((COMP_CWORD > 1)); then
    ((COMP_CWORD > 2)) && word=\${COMP_WORDS[2]}
    case \${COMP_WORDS[1]} in
      ${Object.keys(own).join(' | ')})
        case \${COMP_WORDS[1]}:$word:$previous in
${ownValueCases(own, (pattern, values) => `          ${pattern}) words="${values}" ;;\n`)}          *)
            case \${COMP_WORDS[1]}:$word:$current in
${ownOptionCases(own)}${ownWordCases(own)}            esac
            ;;
        esac
        COMPREPLY=($(compgen -W "$words" -- "$current"))
        return
        ;;
      help)
        ((COMP_CWORD == 2)) && COMPREPLY=($(compgen -W "${commands.join(' ')}" -- "$current"))
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
        words="${operations
          .filter(({ isLightsail }) => isLightsail)
          .map(({ name }) => name)
          .join(' ')} help"
      else
        ((COMP_CWORD == 1)) && words="${commands.join(' ')}" || words="${[...operations.map(({ name }) => name), ...withFiles, 'lightsail'].join(' ')}"
      fi
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _lugsail lugsail
`
}

/** One case for the options at each place of a command that is no operation. */
function ownOptionCases(own: OwnCommands): string {
  return ownPlaces(own)
    .map(
      (place) =>
        `              ${placePattern(place)}:-*) words="${Object.keys(place.options).join(' ')}" ;;\n`,
    )
    .join('')
}

/** One case for the words behind the name of each such command. */
function ownWordCases(own: OwnCommands): string {
  return Object.entries(own)
    .filter(([, { takesFiles }]) => takesFiles !== true)
    .map(
      ([name, { words }]) =>
        `              ${name}::*) words="${[...Object.keys(words), 'help'].join(' ')}" ;;\n`,
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
