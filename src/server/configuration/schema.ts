import { DAY_SECONDS } from '../../base/milliseconds.ts'
import { REGIONS } from '../../model/region.ts'
import { listenAddress } from './address.ts'
import { networks } from './networks.ts'
import { choice, integer, text, type Setting } from './setting.ts'

/**
 * Every setting of the server. The member's name is its key in a configuration file; the option and the environment name are told by
 * `option`. What is added here is at once read, checked, documented and shown by `lugsail serve --help`.
 */
export const settings = {
  listen: listenAddress({
    option: 'listen',
    default: { host: '127.0.0.1', port: 9400 },
    doc: 'Address and port for both the Lightsail API and S3. Only this machine can reach the default.',
  }),
  publicUrl: text({
    group: 'Listening',
    option: 'public-url',
    placeholder: 'URL',
    allowed: 'an http:// or https:// URL without a path',
    default: null,
    defaultText: 'made from `listen`',
    pattern: /^https?:\/\/[^/?#@\s]+$/,
    doc: 'Base URL under which clients reach the server, when it differs from `listen` (behind a proxy, say). Bucket URLs are made from it.',
  }),
  domain: text({
    group: 'Listening',
    option: 'domain',
    placeholder: 'NAME',
    allowed: 'a DNS name such as storage.example.org',
    default: null,
    pattern: /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/,
    doc: 'Domain under which buckets are hosts: `<bucket>.s3.<region>.<domain>` and `<bucket>.<domain>`. Without it buckets are addressed by path only.',
  }),
  pathStylePages: choice({
    group: 'Listening',
    option: 'path-style-pages',
    choices: ['sandbox', 'trusted'],
    default: 'sandbox',
    doc: 'What browsers let HTML and SVG do that is served by path, and so from this server’s own origin: `sandbox` stops its scripts and forms, `trusted` does not. Buckets with a host of their own (`domain`) are not concerned.',
  }),
  region: choice({
    group: 'Listening',
    option: 'region',
    placeholder: 'NAME',
    choices: REGIONS,
    default: 'us-east-1',
    doc: 'Region that `DIR/credentials` and `lugsail use` name to clients. A bucket belongs to the region that its creating request was signed for, whatever stands here.',
  }),
  tlsCert: text({
    group: 'Listening',
    option: 'tls-cert',
    placeholder: 'FILE',
    allowed: 'the path of a PEM file',
    default: null,
    doc: 'Certificate chain for TLS, PEM. Needs `tls-key`. Read again on SIGHUP.',
  }),
  tlsKey: text({
    group: 'Listening',
    option: 'tls-key',
    placeholder: 'FILE',
    allowed: 'the path of a PEM file',
    default: null,
    doc: 'Private key for TLS, PEM. Needs `tls-cert`. Read again on SIGHUP.',
  }),
  trustedProxies: networks({
    group: 'Listening',
    option: 'trusted-proxies',
    doc: 'Proxies in front of the server. Of a request that comes from one of them, the client’s address is the last in `X-Forwarded-For` that is none of them, for limits, `aws:SourceIp`, logs and last use; and `X-Forwarded-Proto: https` counts for `aws:SecureTransport`. Let no client reach the server past them.',
  }),
  workers: integer({
    group: 'Listening',
    option: 'workers',
    min: 1,
    max: 256,
    default: 1,
    doc: 'Processes that answer requests over one store. With more than one, a further process watches over them and does the background work.',
  }),

  data: text({
    group: 'Storage',
    option: 'data',
    placeholder: 'DIR',
    allowed: 'the path of a folder',
    default: 'lugsail-data',
    doc: 'Folder of this server: `credentials` (the root key pair), `master.key`, and `store/` with all data of the embedded engines. Made when missing.',
  }),
  metadata: text({
    group: 'Storage',
    option: 'metadata',
    placeholder: 'URL',
    allowed: 'lmdb:PATH, memory: or postgres://USER@HOST/DATABASE',
    default: null,
    defaultText: '`lmdb:DIR/store/metadata`',
    isSecret: true,
    pattern: /^(?:lmdb:.+|memory:|postgres(?:ql)?:\/\/.+)$/,
    doc: 'Engine that keeps buckets, keys and object records. Put a password into the environment or the file, not on the command line.',
  }),
  blobs: text({
    group: 'Storage',
    option: 'blobs',
    placeholder: 'URL',
    allowed: 'files:PATH, memory: or s3://BUCKET?endpoint=URL&region=NAME',
    default: null,
    defaultText: '`files:DIR/store/blobs`; `memory:` when `metadata` is `memory:`',
    isSecret: true,
    pattern: /^(?:files:.+|memory:|s3:\/\/.+)$/,
    doc: 'Engine that keeps the bytes of larger objects.',
  }),
  inlineBytesMax: integer({
    group: 'Storage',
    option: 'inline-bytes-max',
    min: 0,
    max: 1024 * 1024,
    default: 64 * 1024,
    doc: 'Object bodies up to this many bytes are kept in the metadata store, which saves a file and its two synchronisations each.',
  }),

  diskReserveBytes: integer({
    group: 'Storage',
    option: 'disk-reserve-bytes',
    min: 0,
    max: 1024 ** 4,
    default: 64 * 1024 * 1024,
    doc: 'Room on the disk of the embedded metadata that nothing new may take: on a full disk, deleting needs it. At most a sixteenth of the disk. 0: none.',
  }),
  diskLowBytes: integer({
    group: 'Storage',
    option: 'disk-low-bytes',
    min: 0,
    max: 1024 ** 5,
    default: 1024 ** 3,
    doc: 'A disk of the embedded engines with less room than this, and less than a twentieth of it, is called low by `/-/ready`, by the log and by `lugsail_disk_low`. What is deleted then makes room at once.',
  }),

  masterKey: text({
    group: 'Secrets',
    option: 'master-key',
    placeholder: 'SOURCE',
    allowed: 'file:PATH, env:NAME or command:COMMAND',
    default: null,
    defaultText: '`file:DIR/master.key`',
    pattern: /^(?:file:.+|env:[A-Za-z_][A-Za-z0-9_]*|command:.+)$/,
    doc: 'Where the key comes from that encrypts the secrets in the store, as lines of 32 bytes in hexadecimal or base64; the last line seals, all of them open. A missing file is made at the first start. Keep a copy of it apart from backups of the store: nobody can sign in to a store without its key.',
  }),

  newBucketDefaults: choice({
    group: 'New buckets',
    option: 'new-bucket-defaults',
    choices: ['current', 'legacy'],
    default: 'current',
    doc: 'How buckets made by S3’s CreateBucket start. `current`, as in S3 since 2023: ACLs are off (`BucketOwnerEnforced`), all public access is blocked, and objects are encrypted (`AES256`). `legacy`, as in S3 before: ACLs count, nothing is blocked or encrypted. Buckets that exist, and those that Lightsail’s CreateBucket makes, are the same with both.',
  }),

  bucketsPerAccountMax: integer({
    group: 'Limits',
    option: 'buckets-per-account-max',
    min: 1,
    max: 100_000,
    default: 1_000,
    doc: 'Buckets that one account may own, over all regions.',
  }),
  applicationKeysPerAccountMax: integer({
    group: 'Limits',
    option: 'application-keys-per-account-max',
    min: 0,
    max: 10_000_000,
    default: 100_000,
    doc: 'Application keys that one account may have ([keys.md](keys.md)). How many there are does not change what a request costs.',
  }),
  storageClasses: choice({
    group: 'Limits',
    option: 'storage-classes',
    choices: ['accept', 'refuse'],
    default: 'accept',
    doc: 'What becomes of a request for a storage class of S3 other than STANDARD: `accept` stores the object as STANDARD, which is what it then says, since backup tools ask for others; `refuse` answers `InvalidStorageClass`.',
  }),
  presignedVersion2: choice({
    group: 'Limits',
    option: 'presigned-version-2',
    choices: ['accept', 'refuse'],
    default: 'accept',
    doc: 'What becomes of URLs that are presigned by signature version 2 (`AWSAccessKeyId`, `Signature`, `Expires`), which boto3 and version 1 of the aws CLI make in us-east-1 and some other regions unless they are told otherwise: `accept` verifies them, `refuse` answers `InvalidRequest` and says how to sign with version 4. Requests signed by version 2 in their headers are always refused.',
  }),
  connectionsMax: integer({
    group: 'Limits',
    option: 'connections-max',
    min: 1,
    max: 1_000_000,
    default: 4_096,
    doc: 'Open connections per process. For one more, the address that has most of them gives up one on which nothing is asked, or whose client never showed that it has a key; when there is none, the newcomer may only ask for `/-/health` or `/-/ready`, within two seconds, and is closed at anything else. Fewer where the system grants fewer than two descriptors for each.',
  }),
  connectionsPerAddressMax: integer({
    group: 'Limits',
    option: 'connections-per-address-max',
    min: 1,
    max: 1_000_000,
    default: 4_096,
    doc: 'Open connections per process from one address (of IPv6: one /64), also while there is room for more. Of `trustedProxies` each client is counted, with its requests that are under way; one too many is answered `SlowDown`.',
  }),
  failedSignaturesPerMinuteMax: integer({
    group: 'Limits',
    option: 'failed-signatures-per-minute-max',
    min: 0,
    max: 1_000_000,
    default: 1_200,
    doc: 'Wrong signatures, and ones with unknown keys, from one address (of IPv6: one /64) per process. When there were so many, its signed requests are refused with `SlowDown` for the rest of the minute, but for keys that were used rightly from there. 0: any number.',
  }),
  transferRateBytesMin: integer({
    group: 'Limits',
    option: 'transfer-rate-bytes-min',
    min: 0,
    max: 1_000_000,
    default: 250,
    doc: 'Bytes per second that a client must at least send of a body, over the idle timeout, or take of a response, over five of them. 0: any rate will do, but for a client that takes nothing.',
  }),
  headerBytesMax: integer({
    group: 'Limits',
    option: 'header-bytes-max',
    min: 8_192,
    max: 1024 * 1024,
    default: 32_768,
    doc: 'Bytes of request line and headers together.',
  }),
  headerTimeoutSeconds: integer({
    group: 'Limits',
    option: 'header-timeout-seconds',
    min: 1,
    max: 600,
    default: 20,
    doc: 'Time in which a request’s headers must have arrived, and in which a TLS handshake must be over.',
  }),
  idleTimeoutSeconds: integer({
    group: 'Limits',
    option: 'idle-timeout-seconds',
    min: 1,
    max: 3_600,
    default: 60,
    doc: 'A transfer in which no byte moves for this long is given up.',
  }),
  keepAliveTimeoutSeconds: integer({
    group: 'Limits',
    option: 'keep-alive-timeout-seconds',
    min: 1,
    max: 3_600,
    default: 75,
    doc: 'How long a connection stays open between two requests.',
  }),
  drainTimeoutSeconds: integer({
    group: 'Limits',
    option: 'drain-timeout-seconds',
    min: 0,
    max: 3_600,
    default: 30,
    doc: 'How long requests in flight may go on after SIGTERM or SIGINT.',
  }),

  logLevel: choice({
    group: 'Logs and metrics',
    option: 'log-level',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    doc: 'Least important messages that are written. There is a line per request at `info`, for failed requests (5xx) at `error`.',
  }),
  logFormat: choice({
    group: 'Logs and metrics',
    option: 'log-format',
    choices: ['auto', 'json', 'text'],
    default: 'auto',
    doc: 'Form of the log on standard error; `auto` is text on a terminal and JSON elsewhere.',
  }),
  metrics: choice({
    group: 'Logs and metrics',
    option: 'metrics',
    choices: ['loopback', 'everyone', 'off'],
    default: 'loopback',
    doc: 'Who may read `/-/metrics`. A proxy on the same machine counts as `loopback`: let it not pass on `/-/`.',
  }),

  auditLog: text({
    group: 'Logs and metrics',
    option: 'audit-log',
    placeholder: 'FILE',
    allowed: 'the path of a file, or off',
    default: null,
    defaultText: '`DIR/audit.log`',
    doc: 'File to which each change of buckets, settings, keys and accounts is appended, a line of JSON each: who, from where, what, and how it ended.',
  }),
  auditLogBytesMax: integer({
    group: 'Logs and metrics',
    option: 'audit-log-bytes-max',
    min: 4_096,
    max: 4 * 1024 ** 3,
    default: 16 * 1024 * 1024,
    doc: 'An audit log of this many bytes is put aside, and a new one begun.',
  }),
  auditLogFilesMax: integer({
    group: 'Logs and metrics',
    option: 'audit-log-files-max',
    min: 1,
    max: 10_000,
    default: 20,
    doc: 'Audit logs that were put aside and are kept.',
  }),

  accessLogIntervalSeconds: integer({
    group: 'Background work',
    option: 'access-log-interval-seconds',
    min: 1,
    max: DAY_SECONDS,
    default: 300,
    doc: 'How often the access logs of buckets (`update-bucket --access-log-config`) are delivered; a bucket with many requests gets a log object sooner.',
  }),
  lifecycleDaySeconds: integer({
    group: 'Background work',
    option: 'lifecycle-day-seconds',
    min: 1,
    max: DAY_SECONDS,
    default: DAY_SECONDS,
    doc: 'How long a day of lifecycle rules lasts. Anything but 86,400 is for trying rules out: objects then expire within seconds.',
  }),
  sweepIntervalSeconds: integer({
    group: 'Background work',
    option: 'sweep-interval-seconds',
    min: 10,
    max: 604_800,
    default: 3_600,
    doc: 'How often blobs that no object refers to are removed.',
  }),
  operationRecordDays: integer({
    group: 'Background work',
    option: 'operation-record-days',
    min: 1,
    max: 3_650,
    default: 90,
    doc: 'How long operation records (GetOperations) are kept; never more than 10,000 for each account and region.',
  }),
} as const satisfies Readonly<Record<string, Setting<unknown>>>

type Settings = typeof settings
/** The key of a setting in a configuration file. */
export type SettingName = keyof Settings

/** The value of each setting. */
export type SettingValues = {
  readonly [Name in SettingName]: Settings[Name] extends Setting<infer T> ? T : never
}
