import { JsonError, readJson } from '../../client/json/read.ts'
import type { WireValue } from '../../client/values.ts'
import { LexerError, QueryError } from './query-error.ts'

/** The kinds of token in a JMESPath expression. */
export type TokenType =
  | 'eof'
  | 'unquoted_identifier'
  | 'quoted_identifier'
  | 'literal'
  | 'number'
  | 'dot'
  | 'star'
  | 'rbracket'
  | 'lbracket'
  | 'comma'
  | 'colon'
  | 'current'
  | 'lparen'
  | 'rparen'
  | 'lbrace'
  | 'rbrace'
  | 'flatten'
  | 'filter'
  | 'or'
  | 'pipe'
  | 'and'
  | 'expref'
  | 'lte'
  | 'lt'
  | 'gte'
  | 'gt'
  | 'ne'
  | 'not'
  | 'eq'

/** A token, and where it begins. */
export interface Token {
  readonly type: TokenType
  /** Name, number or literal. */
  readonly value: WireValue
  /** Index of its first character. */
  readonly start: number
}

/** Longer ones before those that begin like them. */
const SYMBOLS: readonly (readonly [text: string, type: TokenType])[] = [
  ['[]', 'flatten'],
  ['[?', 'filter'],
  ['[', 'lbracket'],
  ['||', 'or'],
  ['|', 'pipe'],
  ['&&', 'and'],
  ['&', 'expref'],
  ['<=', 'lte'],
  ['<', 'lt'],
  ['>=', 'gte'],
  ['>', 'gt'],
  ['!=', 'ne'],
  ['!', 'not'],
  ['==', 'eq'],
  ['.', 'dot'],
  ['*', 'star'],
  [']', 'rbracket'],
  [',', 'comma'],
  [':', 'colon'],
  ['@', 'current'],
  ['(', 'lparen'],
  [')', 'rparen'],
  ['{', 'lbrace'],
  ['}', 'rbrace'],
]
const WORD = /[A-Za-z_]\w*/y
const NUMBER = /-?\d+/y

/** Takes a JMESPath expression apart. */
export function tokenize(expression: string): Token[] {
  if (expression === '') throw new QueryError('Invalid JMESPath expression: cannot be empty.')
  const tokens: Token[] = []
  let at = 0
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(expression)?.[0]
  }
  const add = (type: TokenType, value: WireValue, length: number): void => {
    tokens.push({ type, value, start: at })
    at += length
  }
  while (at < expression.length) {
    const character = expression.charAt(at)
    const word = match(WORD)
    if (word !== undefined) {
      add('unquoted_identifier', word, word.length)
      continue
    }
    if (' \t\n\r'.includes(character)) {
      at++
      continue
    }
    const number = match(NUMBER)
    if (number !== undefined) {
      add('number', Number(number), number.length)
      continue
    }
    if (character === "'" || character === '"' || character === '`') {
      const text = readUntil(character, expression, at)
      const length = text.length + 2
      if (character === "'") add('literal', text.replaceAll("\\'", "'"), length)
      else if (character === '"') add('quoted_identifier', quotedIdentifier(text, expression, at), length)
      else add('literal', jsonLiteral(text, expression, at), length)
      continue
    }
    const symbol = SYMBOLS.find(([text]) => expression.startsWith(text, at))
    if (symbol === undefined) {
      const shown = '=-'.includes(character) ? `'${character}'` : wholeCharacter(expression, at)
      throw new LexerError(`Unknown token ${shown}`, expression, at)
    }
    add(symbol[1], symbol[0], symbol[0].length)
  }
  tokens.push({ type: 'eof', value: '', start: expression.length })
  return tokens
}

/** The text between delimiters, its escapes left as they are. */
function readUntil(delimiter: string, expression: string, start: number): string {
  let at = start + 1
  while (at < expression.length && expression.charAt(at) !== delimiter)
    at += expression.charAt(at) === '\\' ? 2 : 1
  if (at >= expression.length) throw new LexerError(`Unclosed ${delimiter} delimiter`, expression, start)
  return expression.slice(start + 1, at)
}

function quotedIdentifier(text: string, expression: string, start: number): WireValue {
  try {
    return readJson(`"${text}"`)
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    throw new LexerError(error.message.split(':')[0] ?? '', expression, start)
  }
}

/** JSON between backticks; what is not JSON counts as a text, as it did in the language's first version. */
function jsonLiteral(text: string, expression: string, start: number): WireValue {
  const json = text.replaceAll('\\`', '`')
  for (const candidate of [json, `"${json.trimStart()}"`]) {
    try {
      return readJson(candidate)
    } catch (error) {
      if (!(error instanceof JsonError)) throw error
    }
  }
  throw new LexerError(`Bad token ${json}`, expression, start)
}

/** The character at an index, both halves of it where it has two. */
const wholeCharacter = (text: string, at: number): string => String.fromCodePoint(text.codePointAt(at) ?? 0)
