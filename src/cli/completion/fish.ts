import { ownCommands, ownPlaces } from './own-commands.ts'
import type { OwnCommand, OwnCommands, OwnPlace } from './own-commands.ts'
import type { CompletedOption, CompletionWords } from './words.ts'
import { fishQuoted } from '../../base/shell-word.ts'

/** Completions for fish; save them as `~/.config/fish/completions/lugsail.fish`. */
export function fishScript(
  { operations, otherCommands, globalOptions }: CompletionWords,
  own: OwnCommands = ownCommands,
): string {
  const operationNames = operations.map(({ name }) => name).join(' ')
  const others = otherCommands.map(({ name }) => name).filter((name) => name !== 'lightsail')
  const all = [...operationNames.split(' '), ...others, 'lightsail']
  return `# Completion of lugsail for fish. Save it as ~/.config/fish/completions/lugsail.fish
set -l operations ${operationNames}
set -l others ${others.join(' ')}
complete -c lugsail -n "__fish_seen_subcommand_from help; and test (count (commandline -opc)) -eq 2" -f -a ${fishQuoted(all.join(' '))}
${operations.map(({ name, summary, isLightsail }) => `complete -c lugsail -n "not __fish_seen_subcommand_from ${isLightsail ? '' : 'lightsail '}$operations $others" -f -a ${name} -d ${fishQuoted(summary)}\n`).join('')}${otherCommands.map(({ name, summary }) => `complete -c lugsail -n "not __fish_seen_subcommand_from lightsail $operations $others" -f -a ${name} -d ${fishQuoted(summary)}\n`).join('')}${Object.entries(own).map(wordLines).join('')}${ownPlaces(
    own,
  )
    .map((place) => optionLines(own, place))
    .join(
      '',
    )}${globalOptions.map((each) => option(each, ' -n "not __fish_seen_subcommand_from $others"')).join('')}${operations.map(({ name, options }) => options.map((each) => option(each, ` -n "__fish_seen_subcommand_from ${name}"`)).join('')).join('')}`
}

const option = ({ name, values }: CompletedOption, condition: string): string =>
  `complete -c lugsail${condition} -l ${name.slice(2)}${values.length > 0 ? ` -x -a ${fishQuoted(values.join(' '))}` : ''}\n`

/** The words behind the name of a command that is no operation, until one was typed. */
function wordLines([command, { words, takesFiles }]: readonly [string, OwnCommand]): string {
  if (takesFiles === true) return ''
  return `complete -c lugsail -n "__fish_seen_subcommand_from ${command}; and test (count (commandline -opc)) -eq 2" -f -a ${fishQuoted([...Object.keys(words), 'help'].join(' '))}\n`
}

/** The options at one place of a command that is no operation. */
function optionLines(commands: OwnCommands, { command, word, options }: OwnPlace): string {
  const seen = ` -n "__fish_seen_subcommand_from ${command}${word === undefined ? '' : `; and __fish_seen_subcommand_from ${word}`}"`
  // What is offered behind the name is offered behind each word by that line already.
  const own = word === undefined ? options : (commands[command]?.words[word] ?? {})
  return Object.entries(own)
    .map(([name, values]) => option({ name, values }, seen))
    .join('')
}
