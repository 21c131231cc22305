import { ServiceError } from '../../service/errors.ts'

/** Decoded query arguments by name; of arguments given twice the first counts. An argument without `=` has the empty text. */
export type Query = ReadonlyMap<string, string>

const NO_ARGUMENTS: Query = new Map()

/** More arguments than any operation takes, presigned and with response overrides included. */
const ARGUMENTS_MAX = 64

/** Reads the part of a request target behind `?`. Throws `InvalidURI` where it is not percent-encoded UTF-8. */
export function parseQuery(text: string): Query {
  if (text === '') return NO_ARGUMENTS
  const query = new Map<string, string>()
  for (const argument of text.split('&', ARGUMENTS_MAX + 1)) {
    if (argument === '') continue
    const equals = argument.indexOf('=')
    const name = decodeArgument(equals < 0 ? argument : argument.slice(0, equals))
    if (!query.has(name)) query.set(name, equals < 0 ? '' : decodeArgument(argument.slice(equals + 1)))
  }
  if (query.size > ARGUMENTS_MAX)
    throw new ServiceError('InvalidURI', `expected at most ${ARGUMENTS_MAX} query arguments`)
  return query
}

/** A name or value of a query: percent-encoded, `+` for a space. Throws `InvalidURI`. */
export function decodeArgument(text: string): string {
  return decodeUri(text.includes('+') ? text.replaceAll('+', ' ') : text)
}

/**
 * Resolves percent-encoding. node:http gives each raw byte of a request target as one character, so characters above 0x7f are UTF-8
 * bytes that a client did not encode. Throws `InvalidURI` when the result is not UTF-8.
 */
export function decodeUri(text: string): string {
  if (!MUST_DECODE.test(text)) return text
  try {
    return decodeURIComponent(RAW_BYTES.test(text) ? encodeRawBytes(text) : text)
  } catch (error) {
    if (!(error instanceof URIError)) throw error
    throw new ServiceError('InvalidURI', undefined, { cause: error })
  }
}

const MUST_DECODE = /[%\u0080-\uffff]/
const RAW_BYTES = /[\u0080-\uffff]/

function encodeRawBytes(text: string): string {
  return text.replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`)
}
