import { isUtf8 } from 'node:buffer'
import type { Shape } from '../model/shape.ts'
import { ClientError } from './errors.ts'
import type { HttpResponse } from './http/response-reader.ts'
import { JsonError, readJson } from './json/read.ts'
import { displayText } from './python-text.ts'
import { formatIso8601, parseTimestamp, timestampProblem } from './timestamp.ts'
import { isList, isRecord } from './values.ts'
import type { WireRecord, WireValue } from './values.ts'

/** How times of the output are given: as the service wrote them, or in ISO 8601. */
export type TimestampStyle = 'wire' | 'iso8601'

/** The output of a successful call: the members that the description knows, in its order; absent and null ones left out. */
export function parseOutput(body: Buffer, shape: Shape, style: TimestampStyle): WireRecord {
  const value = readBody(body)
  const output = fromWire(value, shape, style)
  if (!isRecord(output)) throw unexpected(shape, 'an object', value)
  return output
}

/** What an error response says. */
export interface FaultDetails {
  readonly code: string
  readonly reason: string
  /** What to do, as a Lugsail server says it of this very call; others do not. */
  readonly hint?: string
}

/** The code and the message of an error response. */
export function parseFault({ status, headers, body }: HttpResponse): FaultDetails {
  // Between success and failure, where the reference finds no error in what it takes for an output.
  if (status === 300) return { code: 'Unknown', reason: 'Unknown' }
  const text = body.toString('utf8')
  if (status >= 500 && (text.trim() === '' || text.trim().startsWith('<html>')))
    return { code: String(status), reason: REASONS[status] ?? '' }
  const value = readBody(body)
  const fault = isRecord(value) ? value : new Map([['message', text]])
  // A service that moved from the query protocol tells the code of that time, and its clients know that one.
  const queryCode = /^([^;]+);[^;]*$/.exec(headers.get('x-amzn-query-error') ?? '')?.[1]
  const type = fault.has('__type') ? (fault.get('__type') ?? null) : String(status)
  // A code that is null is none, and then no other counts either, as in the reference.
  const code = type === null ? '' : (queryCode ?? displayText(type).split(':', 1)[0] ?? '')
  const hint = fault.get('hint')
  return {
    ...(typeof hint === 'string' ? { hint } : {}),
    code: code.slice(code.lastIndexOf('#') + 1),
    reason: displayText(fault.has('message') ? (fault.get('message') ?? null) : (fault.get('Message') ?? '')),
  }
}

/** What a gateway that answers without a body of its own means. */
const REASONS: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
  506: 'Variant Also Negotiates',
  507: 'Insufficient Storage',
  508: 'Loop Detected',
  510: 'Not Extended',
  511: 'Network Authentication Required',
}

/** A body that is not JSON counts as a message. */
function readBody(body: Buffer): WireValue {
  if (!isUtf8(body)) throw new ClientError('Unable to parse response: it is not UTF-8')
  const text = body.toString('utf8')
  if (text === '') return new Map()
  try {
    return readJson(text)
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    return new Map([['message', text]])
  }
}

function fromWire(value: WireValue, shape: Shape, style: TimestampStyle): WireValue {
  if (value === null) return null
  switch (shape.type) {
    case 'structure': {
      if (!isRecord(value)) throw unexpected(shape, 'an object', value)
      const output: WireRecord = new Map()
      for (const [name, member] of Object.entries(shape.members)) {
        const memberValue = value.get(name) ?? null
        if (memberValue !== null) output.set(name, fromWire(memberValue, member.shape, style))
      }
      return output
    }
    case 'list':
      return elementsOf(value, shape).map((element) => fromWire(element, shape.member, style))
    case 'timestamp': {
      if (style === 'wire') return value
      const timestamp = parseTimestamp(value)
      if (timestamp === undefined)
        throw new ClientError(
          `Invalid timestamp "${displayText(value)}": ${timestampProblem(value)}: ${displayText(value)}`,
        )
      return formatIso8601(timestamp)
    }
    default:
      return value
  }
}

/** A text where a list belongs gives its characters, and an object its names, as Python goes through them. */
function elementsOf(value: WireValue, shape: Shape): readonly WireValue[] {
  if (isList(value)) return value
  if (typeof value === 'string') return Array.from(value)
  if (isRecord(value)) return [...value.keys()]
  throw unexpected(shape, 'a list', value)
}

const unexpected = ({ name = 'the output' }: Shape, expected: string, value: WireValue): ClientError =>
  new ClientError(
    `Unable to parse response: ${name} must be ${expected}, got ${displayText(value).slice(0, 100)}`,
  )
