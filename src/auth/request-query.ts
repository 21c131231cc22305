import { percentDecode } from '../base/percent-encoding.ts'
import { canonicalText } from './canonical-text.ts'
import { MalformedRequest } from './malformed-request.ts'

/** More than any operation takes, metadata of a presigned upload included. */
const ARGUMENTS_MAX = 256

/**
 * The query of a request, read once. Each argument is brought into its canonical encoding, and both what is signed and what the operation
 * reads come from that: equal canonical queries give equal arguments.
 */
export class RequestQuery {
  /** Decoded arguments that come once, by name. An argument without `=` has the empty text. */
  readonly values: ReadonlyMap<string, string>
  /** Decoded names of arguments that come more than once: their order is not signed, so none of their values is one to act on. */
  readonly repeated: ReadonlySet<string>
  readonly #encoded: readonly EncodedArgument[]

  constructor(encoded: readonly EncodedArgument[]) {
    const values = new Map<string, string>()
    let repeated: Set<string> | null = null
    for (const { name, value } of encoded) {
      const decodedName = decoded(name)
      const decodedValue = decoded(value)
      if (values.has(decodedName)) (repeated ??= new Set()).add(decodedName)
      else values.set(decodedName, decodedValue)
    }
    if (repeated) for (const name of repeated) values.delete(name)
    this.#encoded = encoded
    this.values = values
    this.repeated = repeated ?? NOTHING
  }

  /** The arguments of these names alone; names are compared in their encoding. */
  only(isWanted: (encodedName: string) => boolean): RequestQuery {
    return new RequestQuery(this.#encoded.filter(({ name }) => isWanted(name)))
  }

  /** Every argument in its one encoding, sorted by name and then by value, `=` always present; `omitted` names one that is left out. */
  canonical(omitted: string | null): string {
    let last: EncodedArgument | null = null
    let isSorted = true
    let text = ''
    for (const argument of this.#encoded) {
      if (argument.name === omitted) continue
      isSorted &&= last === null || compare(last, argument) <= 0
      text += `${last === null ? '' : '&'}${argument.name}=${argument.value}`
      last = argument
    }
    if (isSorted) return text
    return this.#encoded
      .filter(({ name }) => name !== omitted)
      .sort(compare)
      .map(({ name, value }) => `${name}=${value}`)
      .join('&')
  }
}

/** An argument in its canonical encoding. */
interface EncodedArgument {
  readonly name: string
  readonly value: string
}

const NOTHING: ReadonlySet<string> = new Set()
const NO_ARGUMENTS = new RequestQuery([])

/**
 * Reads what stands behind the question mark of a request target, or a text of that form. Throws {@link MalformedRequest} for an empty
 * argument, more than 256 of them, and what is not percent-encoded UTF-8.
 */
export function parseQuery(text: string): RequestQuery {
  if (text === '') return NO_ARGUMENTS
  const encoded: EncodedArgument[] = []
  for (let from = 0; from <= text.length;) {
    let end = text.indexOf('&', from)
    if (end < 0) end = text.length
    if (end === from) throw malformed('it holds an empty argument')
    if (encoded.length === ARGUMENTS_MAX) throw malformed(`it holds more than ${ARGUMENTS_MAX} arguments`)
    encoded.push(parseArgument(text.slice(from, end)))
    from = end + 1
  }
  return new RequestQuery(encoded)
}

function parseArgument(text: string): EncodedArgument {
  const equals = text.indexOf('=')
  return equals < 0
    ? { name: encodedPart(text), value: '' }
    : { name: encodedPart(text.slice(0, equals)), value: encodedPart(text.slice(equals + 1)) }
}

function encodedPart(text: string): string {
  const canonical = canonicalText(text, 'query')
  if (canonical === null) throw malformed('a % must be followed by two hexadecimal digits')
  return canonical
}

function decoded(encoded: string): string {
  const text = percentDecode(encoded)
  if (text === null) throw malformed('it must be UTF-8')
  return text
}

/** All texts are ASCII here, so that their order is that of their bytes. */
function compare(left: EncodedArgument, right: EncodedArgument): number {
  if (left.name !== right.name) return left.name < right.name ? -1 : 1
  if (left.value === right.value) return 0
  return left.value < right.value ? -1 : 1
}

function malformed(problem: string): MalformedRequest {
  return new MalformedRequest('target', null, `The query cannot be read: ${problem}.`)
}
