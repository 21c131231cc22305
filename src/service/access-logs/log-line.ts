/** One access as a line of the log tells it. Text from clients stands here as it came. */
export interface LoggedAccess {
  /** Epoch milliseconds. */
  readonly receivedAt: number
  readonly remoteAddress: string | undefined
  /**
   * Who asked: an account by its id, which is shown as its canonical id, or a user by its ARN; undefined: nobody in particular, or one whose signature was
   * wrong. `AmazonS3`: nobody did, a rule was due.
   */
  readonly requester: string | undefined
  readonly requestId: string
  /** As S3 names it: `REST.GET.OBJECT`. */
  readonly operation: string
  readonly objectKey: string | undefined
  /** `GET /bucket/key HTTP/1.1`; undefined for a part of a request. */
  readonly requestLine: string | undefined
  /** Undefined where there was no request. */
  readonly status: number | undefined
  readonly errorCode: string | undefined
  readonly bytesSent: number | undefined
  readonly objectSizeBytes: number | undefined
  readonly totalMs: number | undefined
  readonly turnAroundMs: number | undefined
  readonly referer: string | undefined
  readonly userAgent: string | undefined
  readonly versionId: string | undefined
  readonly hostId: string | undefined
  readonly signatureVersion: string | undefined
  readonly cipherSuite: string | undefined
  readonly authenticationType: string | undefined
  readonly hostHeader: string | undefined
  readonly tlsVersion: string | undefined
  /** The key whose signature was right. */
  readonly accessKeyId: string | undefined
}

/** A line in pieces: the owner's canonical id comes before `head`, the requester's between `head` and `tail`. */
export interface LinePieces {
  readonly head: string
  readonly requester: string | undefined
  readonly tail: string
}

/**
 * The fields of S3's server access log in their order, separated by spaces; `-` for what is not known. Text from clients can neither end a field
 * nor a line, whatever is in it: see {@link escapeField}.
 */
export function linePieces(bucketName: string, access: LoggedAccess): LinePieces {
  return {
    head: `${bucketName} [${logTime(access.receivedAt)}] ${plain(access.remoteAddress)}`,
    requester: access.requester,
    tail: [
      access.requestId,
      access.operation,
      plain(access.objectKey),
      quoted(access.requestLine),
      count(access.status),
      plain(access.errorCode),
      count(access.bytesSent),
      count(access.objectSizeBytes),
      count(access.totalMs),
      count(access.turnAroundMs),
      quoted(access.referer),
      quoted(access.userAgent),
      plain(access.versionId),
      plain(access.hostId),
      plain(access.signatureVersion),
      plain(access.cipherSuite),
      plain(access.authenticationType),
      plain(access.hostHeader),
      plain(access.tlsVersion),
      '-', // access point ARN: there are no access points
      '-', // whether an ACL was required
      '-', // the region from which the request came
      // Ours: readers of the format are told to pass over fields that it gets at its end.
      plain(access.accessKeyId),
    ].join(' '),
  }
}

/** An object's key as lines have it, for {@link LoggedAccess}: `%` itself is encoded, so that the field can be decoded again. */
export const encodeLoggedKey = (key: string): string => key.replaceAll('%', '%25').replaceAll(' ', '%20')

/** `06/Feb/2030:00:00:38 +0000`. */
function logTime(epochMs: number): string {
  const [, day, month, year, time] = new Date(epochMs).toUTCString().split(' ')
  return `${day}/${month}/${year}:${time} +0000`
}

/** Bytes that a field keeps as they are: visible ASCII without `"`, `\` and, where it stands alone, the space. */
const isKept = (byte: number, keepsSpace: boolean): boolean =>
  byte === 0x20 ? keepsSpace : byte > 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c

/**
 * Text of a client as it may stand in a line: everything that is not visible ASCII, and quotes and backslashes, as `%XX` of its UTF-8 bytes.
 * `keepsSpace`: for fields in quotes.
 */
function escapeField(text: string, keepsSpace: boolean): string {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.every((byte) => isKept(byte, keepsSpace))) return text
  let escaped = ''
  for (const byte of bytes) {
    escaped += isKept(byte, keepsSpace)
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return escaped
}

function plain(text: string | undefined): string {
  return text === undefined || text === '' ? '-' : escapeField(text, false)
}

function quoted(text: string | undefined): string {
  return `"${text === undefined || text === '' ? '-' : escapeField(text, true)}"`
}

/** S3 writes `-` for nothing sent and for what is not known. */
function count(value: number | undefined): string {
  return value === undefined || value === 0 ? '-' : String(Math.round(value))
}
