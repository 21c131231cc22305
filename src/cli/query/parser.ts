import { displayText } from '../../client/python-text.ts'
import type { WireValue } from '../../client/values.ts'
import { tokenize } from './lexer.ts'
import type { Token, TokenType } from './lexer.ts'
import { IncompleteError, ParseError } from './query-error.ts'

/** The comparisons of JMESPath. */
export type Comparator = 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte'

/** A node of a parsed JMESPath expression. */
export type Node =
  | { readonly type: 'identity' | 'current' }
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'literal'; readonly value: WireValue }
  | { readonly type: 'index'; readonly index: number }
  | {
      readonly type: 'slice'
      readonly start?: number | undefined
      readonly stop?: number | undefined
      readonly step?: number | undefined
    }
  /** The second applied to what the first gives. */
  | {
      readonly type: 'chain' | 'or' | 'and' | 'projection' | 'valueProjection'
      readonly left: Node
      readonly right: Node
    }
  | { readonly type: 'filter'; readonly left: Node; readonly right: Node; readonly condition: Node }
  | {
      readonly type: 'comparison'
      readonly comparator: Comparator
      readonly left: Node
      readonly right: Node
    }
  | { readonly type: 'flatten' | 'not' | 'expression'; readonly of: Node }
  | { readonly type: 'list'; readonly elements: readonly Node[] }
  | { readonly type: 'hash'; readonly members: readonly { readonly name: string; readonly node: Node }[] }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Node[] }

const IDENTITY: Node = { type: 'identity' }

/** How strongly a token binds what stands left of it. */
const POWER: Readonly<Partial<Record<TokenType, number>>> = {
  pipe: 1,
  or: 2,
  and: 3,
  eq: 5,
  gt: 5,
  lt: 5,
  gte: 5,
  lte: 5,
  ne: 5,
  flatten: 9,
  star: 20,
  filter: 21,
  dot: 40,
  not: 45,
  lbrace: 50,
  lbracket: 55,
  lparen: 60,
}
const power = (type: TokenType): number => POWER[type] ?? 0
/** Tokens that bind weaker than this end a projection. */
const PROJECTION_STOP = 10
const NESTING_MAX = 200

const isComparator = (type: TokenType): type is Comparator =>
  ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'].includes(type)

/** Parses a JMESPath expression (a Pratt parser over its tokens). @throws QueryError */
export function parse(expression: string): Node {
  return new Parser(expression).parse()
}

class Parser {
  readonly #expression: string
  readonly #tokens: readonly Token[]
  #at = 0
  #nesting = 0

  constructor(expression: string) {
    this.#expression = expression
    this.#tokens = tokenize(expression)
  }

  parse(): Node {
    const node = this.#parseExpression(0)
    if (this.#type() !== 'eof') this.#fail(`Unexpected token: ${displayText(this.#token().value)}`)
    return node
  }

  #token(offset = 0): Token {
    return this.#tokens[this.#at + offset] ?? { type: 'eof', value: '', start: this.#expression.length }
  }

  #type(offset = 0): TokenType {
    return this.#token(offset).type
  }

  #fail(problem: string, token = this.#token()): never {
    throw new ParseError(problem, this.#expression, {
      at: token.start,
      text: displayText(token.value),
      type: token.type,
    })
  }

  #expect(type: TokenType, shown: string = type): void {
    if (this.#type() !== type) this.#failExpecting(shown)
    this.#at++
  }

  #failExpecting(expected: string): never {
    if (this.#type() === 'eof') throw new IncompleteError(this.#expression)
    this.#fail(`Expecting: ${expected}, got: ${this.#type()}`)
  }

  #parseExpression(rightPower: number): Node {
    if (++this.#nesting > NESTING_MAX) this.#fail('nested too deeply')
    let left = this.#prefix()
    while (rightPower < power(this.#type())) left = this.#infix(left)
    this.#nesting--
    return left
  }

  #prefix(): Node {
    const token = this.#token()
    this.#at++
    switch (token.type) {
      case 'literal':
        return { type: 'literal', value: token.value }
      case 'unquoted_identifier':
        return { type: 'field', name: displayText(token.value) }
      case 'quoted_identifier':
        if (this.#type() === 'lparen')
          this.#fail('Quoted identifier not allowed for function names.', { ...this.#token(), start: 0 })
        return { type: 'field', name: displayText(token.value) }
      case 'star': {
        const right = this.#type() === 'rbracket' ? IDENTITY : this.#projected(power('star'))
        return { type: 'valueProjection', left: IDENTITY, right }
      }
      case 'filter':
        return this.#filter(IDENTITY)
      case 'lbrace':
        return this.#hash()
      case 'lparen': {
        const inner = this.#parseExpression(0)
        this.#expect('rparen')
        return inner
      }
      case 'flatten':
        return {
          type: 'projection',
          left: { type: 'flatten', of: IDENTITY },
          right: this.#projected(power('flatten')),
        }
      case 'not':
        return { type: 'not', of: this.#parseExpression(power('not')) }
      case 'lbracket':
        return this.#bracket()
      case 'current':
        return { type: 'current' }
      case 'expref':
        return { type: 'expression', of: this.#parseExpression(0) }
      case 'eof':
        throw new IncompleteError(this.#expression)
      default:
        return this.#fail('invalid token', token)
    }
  }

  #bracket(): Node {
    if (this.#type() === 'number' || this.#type() === 'colon') return this.#indexed(IDENTITY)
    if (this.#type() === 'star' && this.#type(1) === 'rbracket') {
      this.#at += 2
      return { type: 'projection', left: IDENTITY, right: this.#projected(power('star')) }
    }
    return this.#list()
  }

  #infix(left: Node): Node {
    const token = this.#token()
    const { type } = token
    if (isComparator(type)) {
      this.#at++
      return { type: 'comparison', comparator: type, left, right: this.#parseExpression(power(type)) }
    }
    switch (type) {
      case 'dot':
        this.#at++
        if (this.#type() !== 'star') return { type: 'chain', left, right: this.#afterDot(power('dot')) }
        this.#at++
        return { type: 'valueProjection', left, right: this.#projected(power('dot')) }
      case 'pipe':
        this.#at++
        return { type: 'chain', left, right: this.#parseExpression(power('pipe')) }
      case 'or':
      case 'and':
        this.#at++
        return { type, left, right: this.#parseExpression(power(type)) }
      case 'lparen':
        this.#at++
        return this.#call(left)
      case 'filter':
        this.#at++
        return this.#filter(left)
      case 'flatten':
        this.#at++
        return {
          type: 'projection',
          left: { type: 'flatten', of: left },
          right: this.#projected(power('flatten')),
        }
      case 'lbracket':
        this.#at++
        if (this.#type() === 'number' || this.#type() === 'colon') return this.#indexed(left)
        this.#expect('star')
        this.#expect('rbracket')
        return { type: 'projection', left, right: this.#projected(power('star')) }
      default:
        return this.#fail('invalid token')
    }
  }

  /** An index or a slice after `[`. */
  #indexed(left: Node): Node {
    if (this.#type() !== 'colon' && this.#type(1) !== 'colon') {
      const index = Number(this.#token().value)
      this.#at++
      this.#expect('rbracket')
      return { type: 'chain', left, right: { type: 'index', index } }
    }
    const parts: (number | undefined)[] = [undefined, undefined, undefined]
    let part = 0
    while (this.#type() !== 'rbracket' && part < 3) {
      if (this.#type() === 'colon') {
        if (++part === 3) this.#fail('syntax error')
      } else if (this.#type() === 'number') parts[part] = Number(this.#token().value)
      else this.#fail('syntax error')
      this.#at++
    }
    this.#expect('rbracket')
    const [start, stop, step] = parts
    const slice: Node = { type: 'chain', left, right: { type: 'slice', start, stop, step } }
    return { type: 'projection', left: slice, right: this.#projected(power('star')) }
  }

  #filter(left: Node): Node {
    const condition = this.#parseExpression(0)
    this.#expect('rbracket')
    const right = this.#type() === 'flatten' ? IDENTITY : this.#projected(power('filter'))
    return { type: 'filter', left, right, condition }
  }

  #call(left: Node): Node {
    if (left.type !== 'field') {
      const token = this.#token(-2)
      return this.#fail(`Invalid function name '${displayText(token.value)}'`, token)
    }
    const args: Node[] = []
    while (this.#type() !== 'rparen') {
      args.push(this.#parseExpression(0))
      if (this.#type() === 'comma') this.#at++
    }
    this.#at++
    return { type: 'call', name: left.name, args }
  }

  #list(): Node {
    const elements = [this.#parseExpression(0)]
    while (this.#type() !== 'rbracket') {
      this.#expect('comma')
      elements.push(this.#parseExpression(0))
    }
    this.#at++
    return { type: 'list', elements }
  }

  #hash(): Node {
    const members: { name: string; node: Node }[] = []
    for (;;) {
      const token = this.#token()
      if (token.type !== 'quoted_identifier' && token.type !== 'unquoted_identifier')
        this.#failExpecting("['quoted_identifier', 'unquoted_identifier']")
      this.#at++
      this.#expect('colon')
      members.push({ name: displayText(token.value), node: this.#parseExpression(0) })
      if (this.#type() === 'comma') this.#at++
      else if (this.#type() === 'rbrace') {
        this.#at++
        return { type: 'hash', members }
      }
    }
  }

  /** What is applied to each element of a projection. */
  #projected(rightPower: number): Node {
    const type = this.#type()
    if (power(type) < PROJECTION_STOP) return IDENTITY
    if (type === 'lbracket' || type === 'filter') return this.#parseExpression(rightPower)
    if (type === 'dot') {
      this.#at++
      return this.#afterDot(rightPower)
    }
    return this.#fail('syntax error')
  }

  #afterDot(rightPower: number): Node {
    const type = this.#type()
    if (type === 'quoted_identifier' || type === 'unquoted_identifier' || type === 'star')
      return this.#parseExpression(rightPower)
    if (type === 'lbracket') {
      this.#at++
      return this.#list()
    }
    if (type === 'lbrace') {
      this.#at++
      return this.#hash()
    }
    return this.#fail(
      `Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: ${type}`,
    )
  }
}
