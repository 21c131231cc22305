/** One change, or one that was tried: what the audit log keeps of it. Never a secret. */
export interface AuditEntry {
  /** Which door the change came through; `server`: it did it of itself, since the time had come. */
  readonly source: 'lightsail' | 'lugsail' | 's3' | 'sts' | 'command' | 'server'
  /** The API operation, or the words of the command. */
  readonly operation: string
  /** Who: the account, and the access key that signed; or the user of the operating system who gave the command. */
  readonly accountId?: string | undefined
  readonly accessKeyId?: string | undefined
  /** Of temporary credentials: the access key that they were taken with, and the role with its session's name, `ROLE/SESSION`. */
  readonly parentAccessKeyId?: string | undefined
  readonly session?: string | undefined
  readonly user?: string | undefined
  /** From where: address and user agent of the client. */
  readonly address?: string | undefined
  readonly agent?: string | undefined
  /** On what. */
  readonly bucketName?: string | undefined
  readonly objectKey?: string | undefined
  /** Names of further things that the change is about, by the API's words. */
  readonly details?: Readonly<Record<string, string>> | undefined
  readonly outcome: 'succeeded' | 'failed'
  readonly errorCode?: string | undefined
  readonly status?: number | undefined
  readonly requestId?: string | undefined
  /** Further changes that the key is refused before this time are not told of. */
  readonly refusalsLeftOutUntil?: string | undefined
}

/**
 * Characters that a text which clients choose may have in the line, where one of its own may take six: a key that may change something must not
 * push lines out of the log sooner with what it writes in control characters.
 */
const TEXT_LENGTH_MAX = 1_024

/** The entry as one line of JSON in ASCII: whatever the network brought, the line shows on any terminal as what it is. `at` is in epoch milliseconds. */
export function auditLine(at: number, entry: AuditEntry): string {
  const line = JSON.stringify({ time: new Date(at).toISOString(), ...entry }, (_, value: unknown) =>
    typeof value === 'string' ? cutToWritten(value) : value,
  )
  return `${toAscii(line)}\n`
}

/** As much of a text as the line may hold of it. */
function cutToWritten(text: string): string {
  // No unit is written in more characters.
  if (text.length * ESCAPED_UNIT_LENGTH <= TEXT_LENGTH_MAX) return text
  const quotesLength = 2
  let writtenLength = 0
  for (let at = 0; at < text.length; at++) {
    writtenLength += toAscii(JSON.stringify(text[at])).length - quotesLength
    if (writtenLength > TEXT_LENGTH_MAX) return `${text.slice(0, at)}…`
  }
  return text
}

const ESCAPED_UNIT_LENGTH = 6
const toAscii = (json: string): string => json.replace(/[^\x20-\x7e]/g, escapeUnit)
const escapeUnit = (unit: string): string =>
  `\\u${unit
    .charCodeAt(0)
    .toString(16)
    .padStart(ESCAPED_UNIT_LENGTH - 2, '0')}`
