import { readFileSync } from 'node:fs'
import { ConfigurationError } from './errors.ts'
import { parseJsonWithComments } from './json-with-comments.ts'
import { nearestName } from './nearest-name.ts'
import { EPHEMERAL_DEFAULTS, ephemeralSettings, LASTING_SETTINGS } from './settings/ephemeral.ts'
import { settings, type SettingName, type SettingValues } from './schema.ts'
import { environmentName, type Setting } from './setting.ts'

/** Values from the command line, by option name. */
type GivenOptions = ReadonlyMap<string, string>

/** Names a JSON file of settings; itself an option and an environment variable, never a member of the file. */
export const CONFIG_OPTION = 'config'
const CONFIG_ENVIRONMENT = environmentName(CONFIG_OPTION)
/** Variables with our prefix that are the command's. */
const FOREIGN_ENVIRONMENT = new Set(['LUGSAIL_EXTRA_CA_CERTS'])

const names = Object.keys(settings) as SettingName[]
const byOption = new Map<string, SettingName>(names.map((name) => [settings[name].option, name]))
const byEnvironment = new Map(names.map((name) => [environmentName(settings[name].option), name]))

/** Whether `lugsail serve` knows the option. */
export const isSettingOption = (option: string): boolean => byOption.has(option) || option === CONFIG_OPTION

/** Whether the option needs no value: without one it means yes. */
export function isSettingFlag(option: string): boolean {
  const name = byOption.get(option)
  const setting: Setting<unknown> | undefined = name && settings[name]
  return setting?.choices?.length === 2 && ['yes', 'no'].every((word) => setting.choices?.includes(word))
}

interface Sources {
  /** Options from the command line, without their dashes. */
  readonly options: GivenOptions
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * Every setting's value: the command line wins over the environment, that over the file, that over the default. The result is frozen.
 * Throws {@link ConfigurationError} for a name that is not known, a value that is not allowed, and settings that contradict each other.
 */
export function readSettings({ options, environment }: Sources): SettingValues {
  const written = new Map<SettingName, { readonly text: string; readonly source: string }>()
  const file = options.get(CONFIG_OPTION) ?? environment[CONFIG_ENVIRONMENT]
  if (file !== undefined) {
    for (const [name, text] of readSettingsFile(file)) written.set(name, { text, source: `in ${file}` })
  }
  for (const [variable, text] of Object.entries(environment)) {
    if (text === undefined || !isOurs(variable)) continue
    const name = byEnvironment.get(variable)
    if (!name) throw unknownName(`environment variable ${variable}`, variable, [...byEnvironment.keys()])
    written.set(name, { text, source: `from ${variable}` })
  }
  for (const [option, text] of options) {
    if (option === CONFIG_OPTION) continue
    const name = byOption.get(option)
    if (!name) throw unknownName(`option --${option}`, option, [...byOption.keys(), CONFIG_OPTION], '--')
    written.set(name, { text, source: 'on the command line' })
  }

  const values: Record<string, unknown> = {}
  for (const name of names) {
    const setting: Setting<unknown> = settings[name]
    const given = written.get(name)
    const value = given ? setting.parse(given.text) : setting.default
    if (given && value === undefined) throw notAllowed(name, given)
    values[name] = value
  }
  if (values['ephemeral'] === 'yes')
    for (const [name, value] of Object.entries(EPHEMERAL_DEFAULTS))
      if (!written.has(name as SettingName)) values[name] = value
  // Each member was filled by the parser of the setting with that name.
  const checked = Object.freeze(values) as SettingValues
  checkEphemeral(checked, (name) => written.get(name)?.source)
  checkTogether(checked)
  return checked
}

function readSettingsFile(file: string): [SettingName, string][] {
  let content: unknown
  try {
    content = parseJsonWithComments(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new ConfigurationError(`the configuration file ${file} cannot be read: ${messageOf(error)}`)
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ConfigurationError(`the configuration file ${file} must hold one JSON object`)
  }
  return Object.entries(content).map(([key, value]: [string, unknown]) => {
    const name = names.find((candidate) => candidate === key)
    if (!name) throw unknownName(`setting "${key}" in ${file}`, key, names)
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw notAllowed(name, { text: JSON.stringify(value), source: `in ${file}` })
    }
    return [name, String(value)]
  })
}

/** An ephemeral server keeps nothing, and no other one has what is for tests alone. `sourceOf`: where a setting was given, if it was. */
function checkEphemeral(values: SettingValues, sourceOf: (name: SettingName) => string | undefined): void {
  const isEphemeral = values.ephemeral === 'yes'
  const others = isEphemeral ? LASTING_SETTINGS : (Object.keys(ephemeralSettings) as SettingName[])
  const wrong = others.find((name) => name !== 'ephemeral' && sourceOf(name) !== undefined)
  if (wrong !== undefined)
    throw new ConfigurationError(
      isEphemeral
        ? `${wrong} (${sourceOf(wrong)}) does not go with ephemeral, which keeps everything in the memory of one process: leave one of them out`
        : `${wrong} (${sourceOf(wrong)}) is for servers in memory alone: give --ephemeral, or leave it out`,
    )
  if ((values.rootAccessKeyId === null) !== (values.rootSecretAccessKey === null)) {
    const [given, missing] =
      values.rootAccessKeyId === null
        ? ['rootSecretAccessKey', 'rootAccessKeyId']
        : ['rootAccessKeyId', 'rootSecretAccessKey']
    throw new ConfigurationError(`${given} needs ${missing}: a key pair is given whole`)
  }
}

/** What no single setting can tell. */
function checkTogether(values: SettingValues): void {
  if ((values.tlsCert === null) !== (values.tlsKey === null)) {
    const [given, missing] = values.tlsCert === null ? ['tlsKey', 'tlsCert'] : ['tlsCert', 'tlsKey']
    throw new ConfigurationError(`${given} needs ${missing}: a certificate and its key are given together`)
  }
  if (values.metadata === 'memory:' && values.blobs !== null && values.blobs !== 'memory:') {
    throw new ConfigurationError(
      'metadata is memory:, which forgets with its server what the blobs are of, but blobs keeps them: leave out blobs, or use lmdb: or postgres: for metadata',
    )
  }
  if (values.metadata === 'memory:' && values.workers > 1) {
    throw new ConfigurationError(
      `workers is ${values.workers} but metadata is memory:, which only one process can see: use workers 1, or lmdb: or postgres:`,
    )
  }
  if (values.mirror !== null && values.mirror === values.backup)
    throw new ConfigurationError(
      'mirror and backup name one place: the mirror writes to it all the time, so that no backup gets its turn; give each a place of its own',
    )
  if (values.blobs === 'memory:' && values.workers > 1) {
    throw new ConfigurationError(
      `workers is ${values.workers} but blobs is memory:, which only one process can see: use workers 1, or files: or s3:`,
    )
  }
}

const isOurs = (variable: string): boolean =>
  variable.startsWith('LUGSAIL_') && variable !== CONFIG_ENVIRONMENT && !FOREIGN_ENVIRONMENT.has(variable)

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function unknownName(
  what: string,
  name: string,
  candidates: readonly string[],
  dashes = '',
): ConfigurationError {
  const nearest = nearestName(name, candidates)
  return new ConfigurationError(
    `unknown ${what}${nearest === undefined ? '' : `; did you mean ${dashes}${nearest}?`}`,
  )
}

function notAllowed(
  name: SettingName,
  { text, source }: { readonly text: string; readonly source: string },
): ConfigurationError {
  const setting = settings[name]
  const shown = setting.isSecret ? 'the value' : JSON.stringify(text)
  const nearest = setting.choices && nearestName(text, setting.choices)
  return new ConfigurationError(
    `${name} (--${setting.option}, ${environmentName(setting.option)}): expected ${setting.allowed}, got ${shown} ${source}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
  )
}
