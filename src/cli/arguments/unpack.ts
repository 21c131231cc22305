import { JsonError, readJson } from '../../client/json/read.ts'
import { Float } from '../../client/values.ts'
import type { WireValue } from '../../client/values.ts'
import type { Shape } from '../../model/shape.ts'
import type { ArgumentValue } from '../grammar/argument.ts'
import { coerceShorthand } from './coerce-shorthand.ts'
import { parseInteger } from './numbers.ts'
import { ParameterError } from './parameter-error.ts'
import { ParameterFileError, readLocalParameter, readParameter } from './parameter-file.ts'
import type { FetchText } from './parameter-file.ts'
import { parseShorthand, ShorthandError } from './shorthand.ts'

/** Where the values come from that an argument only names: the environment, and URLs. */
export interface UnpackContext {
  readonly env: NodeJS.ProcessEnv
  /** Fetches a value that is a URL; absent where the settings forbid it. */
  readonly fetchText: FetchText | undefined
}

/**
 * Makes the value of a parameter from the words typed for its option: loads files and URLs, reads JSON or shorthand, converts numbers.
 * @throws ParameterError that names the option; ParameterFileError for a file that shorthand names
 */
export async function unpackParameter(
  option: string,
  typed: ArgumentValue,
  shape: Shape,
  context: UnpackContext,
): Promise<WireValue> {
  if (typeof typed === 'boolean' || typeof typed === 'number') return typed
  const words = typeof typed === 'string' ? typed : [...typed]
  const content = await readContent(option, words, context)
  if (content !== undefined && typeof content !== 'string') return fromBytes(option, content, shape)
  try {
    return fromText(option, content ?? words, shape, (value) => readLocalParameter(value, context.env))
  } catch (error) {
    if (error instanceof ShorthandError) throw new ParameterError(option, error.message)
    // A file that shorthand names is missed without naming the option, as in the reference.
    throw error
  }
}

/** What a lone word refers to; undefined when it is the value itself. */
async function readContent(
  option: string,
  words: string | readonly string[],
  { env, fetchText }: UnpackContext,
): Promise<string | Uint8Array | undefined> {
  const lone = typeof words === 'string' ? words : words.length === 1 ? words[0] : undefined
  if (lone === undefined) return undefined
  try {
    return await readParameter(lone, env, fetchText)
  } catch (error) {
    if (error instanceof ParameterFileError) throw new ParameterError(option, error.message)
    throw error
  }
}

const isScalar = ({ type }: Shape): boolean => type !== 'list' && type !== 'structure' && type !== 'map'

function fromBytes(option: string, bytes: Uint8Array, shape: Shape): WireValue {
  if (isScalar(shape)) return bytes
  const text = Buffer.from(bytes).toString('utf8')
  if (/^\s*[[{]/.test(text)) return fromJson(option, text)
  throw new ParameterError(option, 'the content of a fileb:// value must be JSON here')
}

function fromText(
  option: string,
  words: string | string[],
  shape: Shape,
  resolveFile: (value: string) => WireValue | undefined,
): WireValue {
  if (isScalar(shape)) return fromScalar(option, typeof words === 'string' ? words : (words[0] ?? ''), shape)
  const first = typeof words === 'string' ? words : (words[0] ?? '')
  const looksLikeJson = /^\s*[[{]/.test(first)
  const takesShorthand = shape.type !== 'list' || !isScalar(shape.member)
  if (takesShorthand && !looksLikeJson) {
    const parse = (word: string): WireValue => parseShorthand(word, resolveFile)
    return typeof words === 'string'
      ? coerceShorthand(parse(words), shape)
      : coerceShorthand(words.map(parse), shape)
  }
  if (shape.type !== 'list') {
    if (/^\s*\{/.test(first)) return fromJson(option, first)
    throw new ParameterError(option, `Invalid JSON:\n${first}`)
  }
  const isOneText = typeof words === 'string' || words.length === 1
  if (isOneText && /^\s*\[/.test(first)) return fromJson(option, first)
  if (typeof words === 'string')
    throw new ParameterError(option, `Invalid JSON: expected a list, as ["a", "b"]\nJSON received: ${words}`)
  // After a first element in JSON, the others are JSON too.
  if (looksLikeJson && shape.member.type === 'structure')
    return words.map((word) => {
      if (/^\s*\{/.test(word)) return fromJson(option, word)
      throw new ParameterError(option, `Invalid JSON:\n${word}`)
    })
  return words.map((word) => fromText(option, word, shape.member, resolveFile))
}

function fromScalar(option: string, text: string, shape: Shape): WireValue {
  if (shape.type === 'integer' || shape.type === 'long') {
    const integer = parseInteger(text)
    if (integer === undefined)
      throw new ParameterError(option, `invalid literal for int() with base 10: '${text}'`)
    return integer
  }
  if (shape.type === 'float' || shape.type === 'double') {
    const number = Number(text)
    if (text.trim() === '' || Number.isNaN(number))
      throw new ParameterError(option, `could not convert string to float: '${text}'`)
    return new Float(number)
  }
  return text
}

function fromJson(option: string, text: string): WireValue {
  try {
    return readJson(text, { isOrdered: true })
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    throw new ParameterError(option, `Invalid JSON: ${error.message}\nJSON received: ${text}`)
  }
}
