import { ConfigurationError } from '../configuration/errors.ts'
import { nearestName } from '../configuration/nearest-name.ts'
import { CONFIG_OPTION, isSettingFlag, isSettingOption } from '../configuration/read.ts'
import { settings } from '../configuration/schema.ts'

/** A server command's line, taken apart. */
export interface CommandArguments {
  /** What is no option, in order. */
  readonly words: readonly string[]
  /** Options that are settings of the server, without dashes. */
  readonly settingOptions: ReadonlyMap<string, string>
  /** The command's own options, without dashes. */
  readonly options: ReadonlyMap<string, string>
  readonly isHelpWanted: boolean
}

/**
 * Takes a command line apart: `--name VALUE` or `--name=VALUE`, words, `--help`. The last of an option that is repeated counts. Throws
 * ConfigurationError for an option that is neither a setting nor one of `ownOptions`, and for one without a value. One of `flags`, and a setting that is yes or no, needs none: it is
 * `yes`, and takes the word behind it only where that is `yes` or `no`.
 */
export function parseArguments(
  args: readonly string[],
  ownOptions: readonly string[] = [],
  flags: readonly string[] = [],
): CommandArguments {
  const words: string[] = []
  const settingOptions = new Map<string, string>()
  const options = new Map<string, string>()
  let isHelpWanted = false
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? ''
    if (word === '--help' || word === '-h' || word === 'help') isHelpWanted = true
    else if (!word.startsWith('-')) words.push(word)
    else {
      const equalsAt = word.indexOf('=')
      const name = (equalsAt < 0 ? word : word.slice(0, equalsAt)).replace(/^--/, '')
      const target = [...ownOptions, ...flags].includes(name)
        ? options
        : isSettingOption(name)
          ? settingOptions
          : undefined
      if (!target) throw unknownOption(word, name, [...ownOptions, ...flags])
      const isFlag = flags.includes(name) || (target === settingOptions && isSettingFlag(name))
      if (isFlag && equalsAt < 0 && !/^(?:yes|no)$/.test(args[at + 1] ?? '')) {
        target.set(name, 'yes')
        continue
      }
      const value = equalsAt < 0 ? args[++at] : word.slice(equalsAt + 1)
      if (value === undefined) throw new ConfigurationError(`option --${name} needs a value`)
      target.set(name, value)
    }
  }
  return { words, settingOptions, options, isHelpWanted }
}

/** Whether a flag is given. Throws ConfigurationError for a value that is neither yes nor no. */
export function isFlagSet({ options }: CommandArguments, name: string): boolean {
  const value = options.get(name) ?? 'no'
  if (value !== 'yes' && value !== 'no')
    throw new ConfigurationError(`--${name}: expected yes or no, got "${value}"`)
  return value === 'yes'
}

function unknownOption(word: string, name: string, ownOptions: readonly string[]): ConfigurationError {
  const known = [...ownOptions, CONFIG_OPTION, ...Object.values(settings).map(({ option }) => option)]
  const nearest = nearestName(name, known)
  const shown = word.split('=', 1)[0] ?? word
  return new ConfigurationError(
    `unknown option ${shown}${nearest === undefined ? '' : `; did you mean --${nearest}?`}`,
  )
}
