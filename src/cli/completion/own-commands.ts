import { lugsailOperations } from '../../model/lugsail/index.ts'
import { toKebabCase } from '../../model/operation.ts'
import { GLOBAL_OPTIONS } from '../grammar/global-options.ts'
import { memberOptions, writeOptions } from '../grammar/operation-options.ts'
import { KEY_VERBS, ROLE_VERBS, TIME_OPTIONS, type Verb } from '../key-words.ts'
import { objectCommands } from '../objects/commands.ts'
import type { ObjectCommandName } from '../objects/commands.ts'
import { objectGlobals } from '../objects/help.ts'

/** Options, each with the values that may follow; none where anything may, or where nothing follows. */
export type OwnOptions = Readonly<Record<string, readonly string[]>>

/** What a command that is no operation takes: the words behind its name, each with its options, and options of the command itself. */
export interface OwnCommand {
  readonly words: Readonly<Record<string, OwnOptions>>
  readonly options: OwnOptions
  /** Files may follow its name, so that nothing else is offered there. */
  readonly takesFiles?: boolean
}

const ANYTHING: readonly string[] = []
/** The settings of the server, as `lugsail serve` takes them; a test holds them against the schema. */
export const SERVE_OPTIONS: OwnOptions = {
  '--config': ANYTHING,
  '--listen': ANYTHING,
  '--public-url': ANYTHING,
  '--domain': ANYTHING,
  '--path-style-pages': ['sandbox', 'trusted'],
  '--console': ['on', 'off'],
  '--presigned-version-2': ['accept', 'refuse'],
  '--region': ANYTHING,
  '--tls-cert': ANYTHING,
  '--tls-key': ANYTHING,
  '--trusted-proxies': ANYTHING,
  '--workers': ANYTHING,
  '--data': ANYTHING,
  '--metadata': ANYTHING,
  '--blobs': ANYTHING,
  '--disk-low-bytes': ANYTHING,
  '--disk-reserve-bytes': ANYTHING,
  '--inline-bytes-max': ANYTHING,
  '--master-key': ANYTHING,
  '--new-bucket-defaults': ['current', 'legacy'],
  '--buckets-per-account-max': ANYTHING,
  '--application-keys-per-account-max': ANYTHING,
  '--roles-per-account-max': ANYTHING,
  '--web-identity-issuers': ANYTHING,
  '--web-identity-key-origins': ANYTHING,
  '--web-identity-http': ['refuse', 'loopback'],
  '--storage-classes': ['accept', 'refuse'],
  '--connections-max': ANYTHING,
  '--connections-per-address-max': ANYTHING,
  '--failed-signatures-per-minute-max': ANYTHING,
  '--transfer-rate-bytes-min': ANYTHING,
  '--header-bytes-max': ANYTHING,
  '--header-timeout-seconds': ANYTHING,
  '--idle-timeout-seconds': ANYTHING,
  '--keep-alive-timeout-seconds': ANYTHING,
  '--drain-timeout-seconds': ANYTHING,
  '--backup': ANYTHING,
  '--backup-interval-seconds': ANYTHING,
  '--backup-keep': ANYTHING,
  '--mirror': ANYTHING,
  '--mirror-interval-seconds': ANYTHING,
  '--mirror-keep': ANYTHING,
  '--log-level': ['debug', 'info', 'warn', 'error', 'silent'],
  '--log-format': ['auto', 'json', 'text'],
  '--metrics': ['loopback', 'everyone', 'off'],
  '--metrics-names-max': ANYTHING,
  '--audit-log': ANYTHING,
  '--audit-log-bytes-max': ANYTHING,
  '--audit-log-files-max': ANYTHING,
  '--access-log-interval-seconds': ANYTHING,
  '--lifecycle-day-seconds': ANYTHING,
  '--sweep-interval-seconds': ANYTHING,
  '--scrub-period-days': ANYTHING,
  '--scrub-disk-percent': ANYTHING,
  '--compact-free-percent': ANYTHING,
  '--compact-free-bytes': ANYTHING,
  '--compact-interval-hours': ANYTHING,
  '--retired-key-days': ANYTHING,
  '--rotation-days-max': ANYTHING,
  '--key-use-days': ANYTHING,
  '--key-use-rows-per-account-max': ANYTHING,
  '--operation-record-days': ANYTHING,
  '--ephemeral': ['no', 'yes'],
  '--seed': ANYTHING,
  '--account-id': ANYTHING,
  '--root-access-key-id': ANYTHING,
  '--root-secret-access-key': ANYTHING,
  '--clock': ANYTHING,
  '--clock-stopped': ['no', 'yes'],
  '--memory-bytes-max': ANYTHING,
  '--requests-kept': ANYTHING,
  '--test-paths': ['loopback', 'everyone', 'off'],
  '--ends-with-parent': ['yes', 'no'],
}
const OUTPUT = { '--output': ['text', 'json'] }
const BODIES = { '--bodies': ['read', 'skip'] }
/** Which store, and how the response is written. */
const STORE = {
  '--data': ANYTHING,
  '--config': ANYTHING,
  '--metadata': ANYTHING,
  '--blobs': ANYTHING,
  '--master-key': ANYTHING,
  ...OUTPUT,
}
const RESOURCE = { ...STORE, '--account': ANYTHING, '--region': ANYTHING }
const PLACE = { '--data': ANYTHING, '--account': ANYTHING }

/** The options of a command on objects, its global ones too, with the values that may follow where they are known. */
const objectOptions = (name: ObjectCommandName): OwnOptions =>
  Object.fromEntries([
    ...objectCommands[name].options.map((option) => [option.name, option.choices ?? ANYTHING] as const),
    ...objectGlobals(name).map((option) => [option, ANYTHING] as const),
  ])

const onObjects = (name: ObjectCommandName): OwnCommand => ({
  words: {},
  options: objectOptions(name),
  takesFiles: true,
})

/** The options of an operation's command behind `key` or `role`: without the name, which is typed as a word, and with those of times. */
function optionsOf({ command, takesName }: Verb): OwnOptions {
  const operation = Object.values(lugsailOperations).find(({ name }) => toKebabCase(name) === command)
  const options = operation
    ? [...memberOptions(operation), ...writeOptions(operation)].map(({ name }) => name)
    : []
  const times = TIME_OPTIONS.filter((name) => options.includes(`${name}-seconds`))
  const globals = GLOBAL_OPTIONS.map(({ name }) => name)
  return Object.fromEntries(
    [...options.filter((name) => !(takesName && name === '--name')), ...times, ...globals].map((name) => [
      name,
      ANYTHING,
    ]),
  )
}

const verbOptions = (verbs: Readonly<Record<string, Verb>>): OwnCommand['words'] =>
  Object.fromEntries(Object.entries(verbs).map(([word, verb]) => [word, optionsOf(verb)]))

/** Commands that are no operations, by their name. */
export type OwnCommands = Readonly<Record<string, OwnCommand>>

/** Those that there are. */
export const ownCommands: OwnCommands = {
  serve: { words: {}, options: SERVE_OPTIONS },
  account: {
    words: {
      create: { ...STORE, '--save': ANYTHING },
      list: STORE,
      rotate: { ...STORE, '--save': ANYTHING, '--retire-in': ANYTHING },
      'retire-key': STORE,
      delete: { ...STORE, '--yes': ANYTHING },
    },
    options: {},
  },
  resource: { words: { add: RESOURCE, list: RESOURCE, delete: RESOURCE }, options: {} },
  store: {
    words: {
      show: STORE,
      usage: STORE,
      migrate: STORE,
      verify: { ...STORE, ...BODIES },
      damaged: STORE,
      scrub: { ...STORE, '--now': ANYTHING, '--status': ANYTHING },
      sweep: { ...STORE, '--servers': ['running', 'stopped'] },
      reseal: STORE,
      rewrite: STORE,
      compact: STORE,
      backup: { ...STORE, '--keep': ANYTHING, '--list': ANYTHING, '--verify': ANYTHING },
      restore: { ...STORE, '--at': ANYTHING, '--bucket': ANYTHING, '--only-metadata': ANYTHING },
      copy: { ...OUTPUT, ...BODIES },
    },
    options: {},
  },
  use: { words: {}, options: { '--profile': ANYTHING, ...PLACE } },
  doctor: {
    words: {},
    options: {
      '--profile': ANYTHING,
      '--endpoint-url': ANYTHING,
      '--region': ANYTHING,
      '--ca-bundle': ANYTHING,
      '--data': ANYTHING,
      '--json': ANYTHING,
    },
  },
  key: { words: verbOptions(KEY_VERBS), options: {} },
  role: { words: verbOptions(ROLE_VERBS), options: {} },
  credentials: {
    words: {},
    options: {
      '--key-file': ANYTHING,
      '--keyring': ANYTHING,
      '--role': ANYTHING,
      '--session-name': ANYTHING,
      '--policy-file': ANYTHING,
      '--for': ANYTHING,
    },
  },
  env: { words: {}, options: { '--shell': ['bash', 'zsh', 'fish', 'powershell'], ...PLACE } },
  cosi: {
    words: {},
    options: {
      '--endpoint': ANYTHING,
      '--server': ANYTHING,
      '--endpoint-url': ANYTHING,
      '--seed-file': ANYTHING,
      '--s3-endpoint': ANYTHING,
      '--driver-name': ANYTHING,
      '--profile': ANYTHING,
      '--region': ANYTHING,
      '--ca-bundle': ANYTHING,
    },
  },
  completion: { words: { bash: {}, zsh: {}, fish: {} }, options: {} },
  ls: onObjects('ls'),
  cp: onObjects('cp'),
  mv: onObjects('mv'),
  rm: onObjects('rm'),
  cat: onObjects('cat'),
  presign: onObjects('presign'),
  revoke: onObjects('revoke'),
  import: { words: { s3: objectOptions('import') }, options: {} },
}

/** What can be typed at one place of a command that is no operation: behind its name, or behind a word of it. */
export interface OwnPlace {
  readonly command: string
  /** Undefined: where the command has no words, or none was typed yet. */
  readonly word: string | undefined
  readonly options: OwnOptions
}

/** All such places; those behind a word come before the one behind the command's name alone. */
export const ownPlaces = (commands: OwnCommands): readonly OwnPlace[] =>
  Object.entries(commands).flatMap(([command, { words, options }]): OwnPlace[] => [
    ...Object.entries(words).map(([word, own]) => ({ command, word, options: { ...options, ...own } })),
    { command, word: undefined, options },
  ])

/** Where options of a place stand, as the pattern of a case over command and word. */
export const placePattern = ({ command, word = '*' }: OwnPlace): string => `${command}:${word}`

/** What `line` makes of each option of a command that is no operation, where its values are known. */
export const ownValueCases = (
  commands: OwnCommands,
  line: (pattern: string, values: string) => string,
): string =>
  ownPlaces(commands)
    .flatMap((place) =>
      Object.entries(place.options)
        .filter(([, values]) => values.length > 0)
        .map(([option, values]) => line(`${placePattern(place)}:${option}`, values.join(' '))),
    )
    .join('')
