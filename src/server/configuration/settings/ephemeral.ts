import { ACCOUNT_ID } from '../../../model/lugsail/name-forms.ts'
import { choice, integer, text } from '../setting.ts'

/** Of servers that keep everything in memory, for tests; without `ephemeral` they mean nothing, and are refused. */
export const ephemeralSettings = {
  ephemeral: choice({
    group: 'Ephemeral servers',
    option: 'ephemeral',
    choices: ['no', 'yes'],
    default: 'no',
    doc: 'Keeps everything in memory, for tests ([testing-with-lugsail.md](testing-with-lugsail.md)): nothing is written to a disk, one line of JSON on standard output tells address and credentials, `/-/test/` puts the server back, and it ends with the process that started it. On the command line `--ephemeral` is enough. Listens on a free port of 127.0.0.1, logs from `warn` on, and takes any number of wrong signatures, unless told otherwise.',
  }),
  seed: text({
    group: 'Ephemeral servers',
    option: 'seed',
    placeholder: 'PATH',
    allowed: 'the path of a JSON file or of a folder',
    default: null,
    doc: 'What is there at the start and after each reset: a folder with a folder of files for each bucket, or a JSON file that tells the same.',
  }),
  accountId: text({
    group: 'Ephemeral servers',
    option: 'account-id',
    placeholder: 'ID',
    allowed: '12 digits',
    default: '111122223333',
    pattern: ACCOUNT_ID,
    doc: 'The first account’s id.',
  }),
  rootAccessKeyId: text({
    group: 'Ephemeral servers',
    option: 'root-access-key-id',
    placeholder: 'ID',
    allowed: '3 to 128 letters, digits and underscores',
    default: null,
    defaultText: 'drawn by lot',
    pattern: /^\w{3,128}$/,
    doc: 'The id of the first account’s root key pair. Needs `root-secret-access-key`.',
  }),
  rootSecretAccessKey: text({
    group: 'Ephemeral servers',
    option: 'root-secret-access-key',
    placeholder: 'SECRET',
    allowed: '3 to 128 printable characters without spaces',
    default: null,
    defaultText: 'drawn by lot',
    isSecret: true,
    pattern: /^[!-~]{3,128}$/,
    doc: 'The secret of the first account’s root key pair. Put one that is really secret into the environment or the file, not on the command line. Needs `root-access-key-id`.',
  }),
  clock: text({
    group: 'Ephemeral servers',
    option: 'clock',
    placeholder: 'TIME',
    allowed: 'a date such as 2030-01-31 or 2030-01-31T12:00:00Z',
    default: null,
    defaultText: 'the machine’s time',
    pattern: /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z)?$/,
    doc: 'What the server’s clock shows at the start. Clients may go on to sign by the machine’s clock.',
  }),
  clockStopped: choice({
    group: 'Ephemeral servers',
    option: 'clock-stopped',
    choices: ['no', 'yes'],
    default: 'no',
    doc: 'Whether that clock stands still until it is moved on.',
  }),
  memoryBytesMax: integer({
    group: 'Ephemeral servers',
    option: 'memory-bytes-max',
    min: 1024 ** 2,
    max: 1024 ** 4,
    default: 1024 ** 3,
    doc: 'Bytes that objects and records may take together. What does not fit is refused with 507 `InsufficientStorage`.',
  }),
  requestsKept: integer({
    group: 'Ephemeral servers',
    option: 'requests-kept',
    min: 0,
    max: 100_000,
    default: 1_000,
    doc: 'How many of the last requests `/-/test/requests` tells.',
  }),
  testPaths: choice({
    group: 'Ephemeral servers',
    option: 'test-paths',
    choices: ['loopback', 'everyone', 'off'],
    default: 'loopback',
    doc: 'Who may use `/-/test/`. Whoever may can remove everything.',
  }),
  endsWithParent: choice({
    group: 'Ephemeral servers',
    option: 'ends-with-parent',
    choices: ['yes', 'no'],
    default: 'yes',
    doc: 'Whether the server ends when the process that started it has ended, also by force, or has closed the pipe that is the server’s standard input.',
  }),
} as const

/** What other settings are without being asked for, on an ephemeral server. */
export const EPHEMERAL_DEFAULTS = {
  listen: { host: '127.0.0.1', port: 0 },
  logLevel: 'warn',
  failedSignaturesPerMinuteMax: 0,
} as const

/** Settings that say where things are kept, or who else works on them. */
export const LASTING_SETTINGS = [
  'data',
  'metadata',
  'blobs',
  'masterKey',
  'mirror',
  'backup',
  'auditLog',
  'workers',
] as const
