/** A request as a line of an access log tells it. All of it is text of strangers. */
export interface LoggedRequest {
  /** Names the line among those that are shown. */
  readonly id: string
  /** Epoch milliseconds; NaN where it cannot be read. */
  readonly at: number
  readonly address: string
  readonly requester: string
  readonly operation: string
  readonly key: string
  readonly status: string
  readonly errorCode: string
  readonly bytesSent: number
  readonly agent: string
  readonly accessKeyId: string
}

/** The owner, the bucket and the time; only the time has brackets that are its own. */
const HEAD = /^(\S+) (\S+) \[([^\]]*)\] (.*)$/
const FIELD = /"([^"]*)"|(\S+)/g
/** Fields behind the time that every line has. */
const FIELDS_MIN = 15
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Reads a line in the format of S3's server access logs; null when it is none. */
export function parseLogLine(line: string): LoggedRequest | null {
  const [, , , time = '', rest = ''] = HEAD.exec(line) ?? []
  const fields = [...rest.matchAll(FIELD)].map(([, quoted, plain]) => quoted ?? plain ?? '')
  if (fields.length < FIELDS_MIN) return null
  const field = (at: number): string => (fields[at] === undefined || fields[at] === '-' ? '' : fields[at])
  return {
    id: field(2),
    at: parseLogTime(time),
    address: field(0),
    requester: field(1),
    operation: field(3),
    key: decode(field(4)),
    status: field(6),
    errorCode: field(7),
    bytesSent: Number(field(8)),
    agent: decode(field(13)),
    accessKeyId: field(24),
  }
}

/** `06/Feb/2030:00:00:38 +0000`. */
function parseLogTime(text: string): number {
  const [, day = '', month = '', year = '', time = ''] =
    /^(\d\d)\/(\w{3})\/(\d{4}):(\d\d:\d\d:\d\d) \+0000$/.exec(text) ?? []
  const number = String(MONTHS.indexOf(month) + 1).padStart(2, '0')
  return Date.parse(`${year}-${number}-${day}T${time}Z`)
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
