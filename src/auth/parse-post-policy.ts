import { AuthenticationFailure } from './authentication-failure.ts'
import { shown } from './credential.ts'

/** What a signed browser form may upload. */
export interface PostPolicy {
  /** Epoch milliseconds. */
  readonly expiresAt: number
  readonly conditions: readonly PolicyCondition[]
  /** Of the file, both inclusive; null when the policy sets none. */
  readonly sizeBytes: { readonly min: number; readonly max: number } | null
}

/** One thing that a policy asks of a field: to equal a text, or to begin with it. */
export interface PolicyCondition {
  readonly operator: 'eq' | 'starts-with'
  /** Lower-case name of a form field, or `bucket`; null: of none. */
  readonly field: string | null
  /** The field's name as the policy has it, `$` included, which applications know it by. */
  readonly writtenField: string
  readonly value: string
}

/** More than a form of 20 KB can carry fields for. */
const CONDITIONS_MAX = 1_000

/** Reads the form field `policy`: base64 of a JSON document. Throws AuthenticationFailure `policy-malformed`. */
export function parsePostPolicy(base64: string): PostPolicy {
  const document = parseDocument(base64)
  const { expiration, conditions, ...others } = document
  for (const name in others) throw malformed(`Unexpected: '${shown(name)}'`)
  if (typeof expiration !== 'string') throw malformed('expiration is missing')
  const expiresAt = parseExpiration(expiration)
  if (!Array.isArray(conditions)) throw malformed('conditions must be a list')
  if (conditions.length > CONDITIONS_MAX) throw malformed(`conditions must be ${CONDITIONS_MAX} or fewer`)
  const parsed: PolicyCondition[] = []
  let sizeBytes: PostPolicy['sizeBytes'] = null
  for (const condition of conditions as readonly unknown[]) {
    if (!Array.isArray(condition)) {
      parsed.push(parseSimpleCondition(condition))
    } else if (isOperator(condition[0], 'content-length-range')) {
      const range = parseSizeRange(condition)
      sizeBytes = sizeBytes
        ? { min: Math.max(sizeBytes.min, range.min), max: Math.min(sizeBytes.max, range.max) }
        : range
    } else {
      parsed.push(parseOperatorCondition(condition))
    }
  }
  return { expiresAt, conditions: parsed, sizeBytes }
}

function parseDocument(base64: string): Readonly<Record<string, unknown>> {
  const text = Buffer.from(base64, 'base64').toString('utf8')
  let document: unknown
  try {
    document = JSON.parse(unescapeDollars(text))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw malformed('it is not JSON')
  }
  if (!isObject(document)) throw malformed('it must be an object')
  return document
}

/** Policies may write `$` as `\$`, which JSON does not know. An escaped backslash before a dollar stays. */
function unescapeDollars(text: string): string {
  if (!text.includes('\\$')) return text
  return text.replace(/\\[^]/g, (escape) => (escape === '\\$' ? '$' : escape))
}

/** `2007-12-01T12:00:00.000Z`, milliseconds optional. */
function parseExpiration(text: string): number {
  const isIso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/.test(text)
  const expiresAt = isIso ? Date.parse(text) : NaN
  if (Number.isNaN(expiresAt)) throw malformed('expiration must have the form 2007-12-01T12:00:00.000Z')
  return expiresAt
}

/** `{"acl": "private"}` */
function parseSimpleCondition(condition: unknown): PolicyCondition {
  const [entry, ...others] = isObject(condition) ? Object.entries(condition) : []
  if (!entry || others.length > 0) throw malformed('a simple condition must have exactly one property')
  const [field, value] = entry
  if (typeof value !== 'string') throw malformed(`the value for ${field} must be a text`)
  return { operator: 'eq', field: field.toLowerCase(), writtenField: `$${field}`, value }
}

/** `["starts-with", "$key", "user/"]` */
function parseOperatorCondition(condition: readonly unknown[]): PolicyCondition {
  const [operator, field, value] = condition
  const name = isOperator(operator, 'eq') ? 'eq' : isOperator(operator, 'starts-with') ? 'starts-with' : null
  if (name === null) throw malformed('a condition begins with eq, starts-with or content-length-range')
  if (condition.length !== 3 || typeof field !== 'string' || typeof value !== 'string') {
    throw malformed(`condition ${name} takes a field and a value`)
  }
  // As in S3, what does not begin with $ names no field, and its condition is never met.
  const fieldName = field.startsWith('$') ? field.slice(1).toLowerCase() : null
  return { operator: name, field: fieldName, writtenField: field, value }
}

/** `["content-length-range", 1, 1048576]` */
function parseSizeRange(condition: readonly unknown[]): { min: number; max: number } {
  const [min, max] = condition.slice(1).map(toSize)
  if (condition.length !== 3 || min === undefined || max === undefined) {
    throw malformed('content-length-range takes two sizes of 0 bytes or more')
  }
  return { min, max }
}

function toSize(value: unknown): number | undefined {
  const size = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
  return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : undefined
}

function isOperator(value: unknown, operator: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === operator
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function malformed(problem: string): AuthenticationFailure {
  return new AuthenticationFailure('policy-malformed', `Invalid Policy: ${problem}.`)
}
