/** What a command that is no operation takes: the words behind its name, and its options, with the values of those that have few. */
export interface OwnCommand {
  readonly words: readonly string[]
  readonly options: Readonly<Record<string, readonly string[]>>
}

/** The settings of the server, as `lugsail serve` takes them; a test holds them against the schema. */
export const SERVE_OPTIONS: readonly string[] = [
  '--config',
  '--listen',
  '--public-url',
  '--domain',
  '--path-style-pages',
  '--region',
  '--tls-cert',
  '--tls-key',
  '--trusted-proxies',
  '--workers',
  '--data',
  '--metadata',
  '--blobs',
  '--inline-bytes-max',
  '--master-key',
  '--new-bucket-defaults',
  '--buckets-per-account-max',
  '--storage-classes',
  '--connections-max',
  '--connections-per-address-max',
  '--failed-signatures-per-minute-max',
  '--transfer-rate-bytes-min',
  '--header-bytes-max',
  '--header-timeout-seconds',
  '--idle-timeout-seconds',
  '--keep-alive-timeout-seconds',
  '--drain-timeout-seconds',
  '--log-level',
  '--log-format',
  '--metrics',
  '--audit-log',
  '--audit-log-bytes-max',
  '--audit-log-files-max',
  '--access-log-interval-seconds',
  '--lifecycle-day-seconds',
  '--sweep-interval-seconds',
  '--operation-record-days',
]

const ANYTHING: readonly string[] = []
/** Which store, and how the answer is written. */
const STORE = {
  '--data': ANYTHING,
  '--config': ANYTHING,
  '--metadata': ANYTHING,
  '--blobs': ANYTHING,
  '--master-key': ANYTHING,
  '--output': ['text', 'json'],
}
const PLACE = { '--data': ANYTHING, '--account': ANYTHING }

/** The commands that are no operations, by their name. */
export const ownCommands: Readonly<Record<string, OwnCommand>> = {
  serve: { words: [], options: Object.fromEntries(SERVE_OPTIONS.map((name) => [name, ANYTHING])) },
  account: { words: ['create', 'list', 'rotate', 'delete'], options: { ...STORE, '--save': ['yes', 'no'] } },
  resource: {
    words: ['add', 'list', 'delete'],
    options: { ...STORE, '--account': ANYTHING, '--region': ANYTHING },
  },
  store: {
    words: ['show', 'usage', 'migrate', 'verify', 'sweep', 'reseal', 'copy'],
    options: { ...STORE, '--bodies': ['read', 'skip'], '--servers': ['stopped'] },
  },
  use: { words: [], options: { '--profile': ANYTHING, ...PLACE } },
  env: { words: [], options: { '--shell': ['bash', 'zsh', 'fish', 'powershell'], ...PLACE } },
  completion: { words: ['bash', 'zsh', 'fish'], options: {} },
}
