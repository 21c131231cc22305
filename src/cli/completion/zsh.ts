import { ownCommands, ownPlaces, ownValueCases, placePattern } from './own-commands.ts'
import type { OwnCommands } from './own-commands.ts'
import type { CompletionWords } from './words.ts'
import { shellQuoted } from '../../base/shell-word.ts'

/** One case for the options at each place of a command that is no operation. */
function ownOptionCases(own: OwnCommands): string {
  return ownPlaces(own)
    .map((place) => {
      const names = Object.keys(place.options)
      return `      ${placePattern(place)}:-*) ${names.length > 0 ? `compadd -- ${names.join(' ')}; ` : ''}return ;;\n`
    })
    .join('')
}

/** One case for the words behind the name of each such command, and one for what follows them. */
function ownWordCases(own: OwnCommands): string {
  return Object.entries(own)
    .map(
      ([name, { words, takesFiles }]) =>
        `${takesFiles === true ? '' : `      ${name}::*) compadd -- ${[...Object.keys(words), 'help'].join(' ')}; return ;;\n`}      ${name}:*) _files; return ;;\n`,
    )
    .join('')
}

/** A completion function for zsh; save it as `_lugsail` in a folder of `$fpath`. */
export function zshScript(
  { operations, otherCommands, globalOptions }: CompletionWords,
  own: OwnCommands = ownCommands,
): string {
  const valued = [...globalOptions, ...operations.flatMap(({ options }) => options)].filter(
    ({ values }) => values.length > 0,
  )
  const values = new Map(valued.map((option) => [option.name, option.values]))
  return `#compdef lugsail
# Completion of lugsail for zsh. Save it as _lugsail in a folder of $fpath, or load it with: source <(lugsail completion zsh)
_lugsail() {
  local command= word
  local -a commands operations lightsail options
  lightsail=(
${operations
  .filter(({ isLightsail }) => isLightsail)
  .map(({ name, summary }) => `    ${shellQuoted(`${name}:${summary}`)}\n`)
  .join('')}  )
  operations=(
    $lightsail
${operations
  .filter(({ isLightsail }) => !isLightsail)
  .map(({ name, summary }) => `    ${shellQuoted(`${name}:${summary}`)}\n`)
  .join('')}  )
  commands=(
    $operations
${otherCommands.map(({ name, summary }) => `    ${shellQuoted(`${name}:${summary}`)}\n`).join('')}  )
  for word in \${words[2,CURRENT-1]}; do
    case $word in
      ${operations.map(({ name }) => name).join('|')}) command=$word; break ;;
    esac
  done
  if (( CURRENT > 2 )); then
    local own=
    (( CURRENT > 3 )) && own=\${words[3]}
    case \${words[2]}:$own:\${words[CURRENT-1]} in
${ownValueCases(own, (pattern, values) => `      ${pattern}) compadd -- ${values}; return ;;\n`)}    esac
    case \${words[2]}:$own:\${words[CURRENT]} in
${ownOptionCases(own)}${ownWordCases(own)}      help::*) _describe command commands; return ;;
      help:*) return ;;
    esac
  fi
  case \${words[CURRENT-1]} in
${[...values].map(([name, words]) => `    ${name}) compadd -- ${words.map(shellQuoted).join(' ')}; return ;;\n`).join('')}  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    options=(${globalOptions.map(({ name }) => name).join(' ')})
    case $command in
${operations.map(({ name, options }) => `      ${name}) options+=(${options.map((option) => option.name).join(' ')}) ;;\n`).join('')}    esac
    compadd -- $options
  elif [[ -n $command ]]; then
    _alternative 'help:help:(help)' 'files:file:_files'
  elif [[ \${words[CURRENT-1]} == lightsail ]]; then
    _describe command lightsail
  elif (( CURRENT > 2 )); then
    _describe command operations
  else
    _describe command commands
  fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _lugsail "$@"
else
  compdef _lugsail lugsail
fi
`
}
