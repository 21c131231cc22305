import { choice, integer, text } from '../setting.ts'

/** What the server tells, and to whom. */
export const logsAndMetricsSettings = {
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
  metricsNamesMax: integer({
    group: 'Logs and metrics',
    option: 'metrics-names-max',
    min: 0,
    max: 10_000,
    default: null,
    defaultText: '100; 0 where `metrics` is `everyone`',
    doc: 'How many buckets, and how many access keys, have metrics of their own: in each process those that it served first, the rest together as `(others)`; of what buckets hold, the largest. Whoever may read the metrics then reads their names and ids. 0: none.',
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
} as const
