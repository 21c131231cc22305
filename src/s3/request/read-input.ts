import type { IncomingHttpHeaders } from 'node:http'
import { isHeaderText } from '../../base/header-characters.ts'
import { parseHttpDate } from '../../base/http-date.ts'
import { parseIso8601 } from '../../base/iso-8601.ts'
import type { Operation } from '../../model/operation.ts'
import { refusedHeadersOf } from '../../model/s3/refused-headers.ts'
import type { Member, Shape, StringShape } from '../../model/shape.ts'
import { S3Error } from '../s3-error.ts'
import type { Address } from './address.ts'
import { metadataOfHeader } from '../header-text.ts'
import { invalidArgument, notImplemented } from './argument-errors.ts'
import { TARGET_ARGUMENTS } from './s3-names.ts'

/** Where an operation's input is read from, the body excepted. */
interface InputSource {
  readonly address: Address
  /** As node:http gives them: lower-case names. */
  readonly headers: IncomingHttpHeaders
}

type InputValues = Record<string, unknown>

interface HeaderPrefix {
  readonly memberName: string
  readonly prefix: string
}

/** Asks for encryption, as do all headers that begin with its name; S3 has a response of its own where it cannot be asked for. */
const ENCRYPTION_HEADER = 'x-amz-server-side-encryption'
const CUSTOMER_ALGORITHM_HEADER = `${ENCRYPTION_HEADER}-customer-algorithm`

/** Reads what an operation's model says about address, query and headers; composed once for each operation. */
export class InputReader {
  readonly #arguments: { readonly memberName: string; readonly name: string; readonly member: Member }[] = []
  readonly #headers = new Map<string, { readonly memberName: string; readonly member: Member }>()
  readonly #requiredHeaders: string[] = []
  readonly #prefixes: HeaderPrefix[] = []
  readonly #refusedHeaders: ReadonlySet<string>
  readonly #refusedArguments: readonly string[]

  constructor(operation: Operation) {
    const { http } = operation
    if (!http) throw new TypeError(`operation ${operation.name} has no HTTP binding`)
    this.#refusedHeaders = refusedHeadersOf(http)
    for (const [memberName, member] of Object.entries(operation.input.members)) {
      const { location } = member
      if (location?.in === 'query') this.#arguments.push({ memberName, name: location.name, member })
      else if (location?.in === 'header') {
        this.#headers.set(location.name, { memberName, member })
        if (member.isRequired) this.#requiredHeaders.push(location.name)
      } else if (location?.in === 'headers') this.#prefixes.push({ memberName, prefix: location.prefix })
    }
    const own = new Set(this.#arguments.map(({ name }) => name))
    const isRead = http.method === 'GET' || http.method === 'HEAD'
    this.#refusedArguments = isRead ? [] : [...TARGET_ARGUMENTS].filter((name) => !own.has(name))
  }

  /**
   * Throws `InvalidArgument` (of some `InvalidRequest`) where a value is not what the model says, and `NotImplemented` for a header that the operation does not use
   * and may not pass over.
   */
  read({ address, headers }: InputSource): InputValues {
    const input: InputValues = {
      Bucket: address.bucketName ?? undefined,
      Key: address.objectKey ?? undefined,
    }
    const { query } = address
    if (query.size > 0 || this.#arguments.length > 0) {
      for (const { memberName, name, member } of this.#arguments) {
        const text = query.get(name)
        // As in S3, a number that is left empty is none: `max-keys=`.
        if (text === '' && isNumber(member.shape) && !member.isRequired) continue
        if (text !== undefined) input[memberName] = readText(member.shape, text, name)
        else if (member.isRequired) throw invalidArgument(name, '', `The argument ${name} is required.`)
      }
      for (const name of this.#refusedArguments) {
        const text = query.get(name)
        if (text !== undefined)
          throw invalidArgument(name, text, `This operation does not accept the argument ${name}.`)
      }
    }
    for (const name in headers) {
      const value = headers[name]
      if (value === undefined) continue
      const text = typeof value === 'string' ? value : value.join(',')
      const bound = this.#headers.get(name)
      if (bound) {
        checkHeaderText(name, text)
        const read = readText(bound.member.shape, text, name)
        if (read !== undefined) input[bound.memberName] = read
      } else this.#readOther(name, text, input, headers)
    }
    for (const name of this.#requiredHeaders)
      if (headers[name] === undefined) throw invalidArgument(name, '', `The header ${name} is required.`)
    return input
  }

  #readOther(name: string, text: string, input: InputValues, headers: IncomingHttpHeaders): void {
    for (const { memberName, prefix } of this.#prefixes) {
      if (!name.startsWith(prefix)) continue
      checkHeaderText(name, text)
      // Made here and nowhere else, for this member. It inherits nothing: any name is one of metadata, `__proto__` too.
      const map = (input[memberName] ??= Object.create(null)) as Record<string, string>
      map[name.slice(prefix.length)] = metadataOfHeader(text)
      return
    }
    if (!this.#refusedHeaders.has(name)) return
    // Of an operation that does not encrypt, or of a key service without saying that its key is to be used.
    const isMisplaced =
      !this.#headers.has(ENCRYPTION_HEADER) || headers[ENCRYPTION_HEADER]?.includes('aws:') !== true
    if (name.startsWith(ENCRYPTION_HEADER) && isMisplaced)
      throw invalidArgument(name, text, `${name} header is not supported for this operation.`)
    // Beside a key of the customer's the encryption asked for is the fault, which whoever reads both tells.
    if (name.startsWith(ENCRYPTION_HEADER) && headers[CUSTOMER_ALGORITHM_HEADER] !== undefined) return
    throw notImplemented('header', name)
  }
}

/** What comes in a header is what one can hold; what an argument or a form's field says in a header's place need not be. */
function checkHeaderText(name: string, text: string): void {
  if (!isHeaderText(text))
    throw invalidArgument(name, text, `The value of ${name} holds a character that no header can hold.`)
}

const isNumber = ({ type }: Shape): boolean => type === 'integer' || type === 'long'

function readText(shape: Shape, text: string, name: string): unknown {
  switch (shape.type) {
    case 'string':
      return readString(shape, text, name)
    case 'boolean':
      return readBoolean(text, name)
    case 'timestamp':
      return readTimestamp(shape.format, text, name)
    case 'integer':
    case 'long':
      return readInteger(shape, text, name)
    case 'list':
      // A header that lists nothing is as good as none.
      return text.trim() === ''
        ? undefined
        : text.split(',').map((item) => readText(shape.member, item.trim(), name))
    default:
      throw new TypeError(`a ${shape.type} does not travel in ${name}`)
  }
}

function readString(shape: StringShape, text: string, name: string): string {
  const value = shape.ignoresCase ? spelledAs(shape, text) : text
  if (shape.valuesNotOffered?.includes(value)) throw notImplemented('value', `${text} of ${name}`)
  if (shape.values && !shape.values.includes(value)) {
    if (shape.otherValueMessage !== undefined)
      throw new S3Error('InvalidRequest', shape.otherValueMessage, { details: { header: name } })
    throw invalidArgument(name, text, shape.wrongValueMessage)
  }
  if (shape.lengthMax !== undefined && value.length > shape.lengthMax) throw invalidArgument(name, text)
  return value
}

function spelledAs({ values = [], valuesNotOffered = [] }: StringShape, text: string): string {
  const lower = text.toLowerCase()
  return [...values, ...valuesNotOffered].find((value) => value.toLowerCase() === lower) ?? text
}

function readBoolean(text: string, name: string): boolean {
  const lower = text.toLowerCase()
  if (lower !== 'true' && lower !== 'false') throw invalidArgument(name, text)
  return lower === 'true'
}

function readTimestamp(
  format: 'epochSeconds' | 'iso8601' | 'httpDate' | undefined,
  text: string,
  name: string,
) {
  const instant = parseIso8601(text) ?? parseHttpDate(text)
  if (instant !== null) return instant
  // HTTP has conditions on dates that cannot be read ignored (RFC 9110, 13.1.3).
  if (format === 'httpDate') return undefined
  throw invalidArgument(name, text)
}

/** What S3 calls an integer has 32 bits, one of them for the sign. */
const INTEGER_MAX = 2 ** 31 - 1

function readInteger(shape: Extract<Shape, { min?: number }>, text: string, name: string): number {
  const number = /^[+-]?\d+$/.test(text) ? Number(text) : NaN
  const bound = shape.type === 'integer' ? INTEGER_MAX : Number.MAX_SAFE_INTEGER
  const { min = -bound, max = bound } = shape
  // What is no number is neither.
  if (!(number >= min && number <= max)) throw invalidArgument(name, text, integerMessage(shape, name))
  return number
}

function integerMessage({ min, max }: { min?: number; max?: number }, name: string): string {
  return max === undefined
    ? `Provided ${name} not an integer or within integer range`
    : `${name} must be an integer between ${min ?? 0} and ${max}, inclusive`
}
