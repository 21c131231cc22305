import { ownCommands } from './own-commands.ts'
import type { CompletedOption, CompletionWords } from './words.ts'

/** Completions for fish; save them as `~/.config/fish/completions/lugsail.fish`. */
export function fishScript({ operations, otherCommands, globalOptions }: CompletionWords): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const option = ({ name, values }: CompletedOption, condition: string): string =>
    `complete -c lugsail${condition} -l ${name.slice(2)}${values.length > 0 ? ` -x -a ${quote(values.join(' '))}` : ''}\n`
  const operationNames = operations.map(({ name }) => name).join(' ')
  const others = otherCommands.map(({ name }) => name).filter((name) => name !== 'lightsail')
  return `# Completion of lugsail for fish. Save it as ~/.config/fish/completions/lugsail.fish
set -l operations ${operationNames}
set -l others ${others.join(' ')}
${operations.map(({ name, summary }) => `complete -c lugsail -n "not __fish_seen_subcommand_from $operations $others" -f -a ${name} -d ${quote(summary)}\n`).join('')}${otherCommands.map(({ name, summary }) => `complete -c lugsail -n "not __fish_seen_subcommand_from lightsail $operations $others" -f -a ${name} -d ${quote(summary)}\n`).join('')}${Object.entries(
    ownCommands,
  )
    .map(
      ([name, { words, options: own }]) =>
        `complete -c lugsail -n "__fish_seen_subcommand_from ${name}" -f -a ${quote([...words, 'help'].join(' '))}\n${Object.entries(
          own,
        )
          .map(([each, values]) =>
            option({ name: each, values }, ` -n "__fish_seen_subcommand_from ${name}"`),
          )
          .join('')}`,
    )
    .join(
      '',
    )}${globalOptions.map((each) => option(each, ' -n "not __fish_seen_subcommand_from $others"')).join('')}${operations.map(({ name, options }) => options.map((each) => option(each, ` -n "__fish_seen_subcommand_from ${name}"`)).join('')).join('')}`
}
