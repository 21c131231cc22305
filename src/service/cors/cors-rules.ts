import { isHeaderName } from '../../base/header-name.ts'
import { CORS_BYTES_MAX, CORS_ID_LENGTH_MAX, CORS_METHODS } from '../../model/s3/shapes/cors.ts'
import type { CorsRule } from '../records/bucket.ts'

/** A rule as an API gives it. */
export interface CorsRuleInput {
  readonly id?: string | undefined
  readonly allowedMethods: readonly string[]
  readonly allowedOrigins: readonly string[]
  readonly allowedHeaders?: readonly string[] | undefined
  readonly exposeHeaders?: readonly string[] | undefined
  readonly maxAgeSeconds?: number | undefined
}

/** What is wrong with a rule, and with which text in it. Each API has words of its own for it. */
export interface CorsFault {
  readonly problem:
    | 'id-repeated'
    | 'id-too-long'
    | 'method-unknown'
    | 'no-method'
    | 'no-origin'
    | 'two-wildcards-in-origin'
    | 'two-wildcards-in-header'
    | 'not-a-header'
    | 'wildcard-in-exposed-header'
    | 'negative-age'
    | 'too-large'
  /** Place of the rule in the list, from 0. */
  readonly index: number
  readonly value: string
}

const METHODS: ReadonlySet<string> = new Set(CORS_METHODS)

/** Whether S3 lets pages of other origins use the method. */
export const isCorsMethod = (method: string): boolean => METHODS.has(method)

/** The first thing that is wrong with the rules; null: nothing is. */
export function findCorsFault(rules: readonly CorsRuleInput[]): CorsFault | null {
  const ids = new Set<string>()
  for (const [index, rule] of rules.entries()) {
    const fault = faultOf(rule)
    if (fault) return { ...fault, index }
    const { id } = rule
    if (id === undefined) continue
    if (ids.has(id)) return { problem: 'id-repeated', value: id, index }
    ids.add(id)
  }
  const sizeBytes = Buffer.byteLength(JSON.stringify({ rules: storedCorsRules(rules) }))
  return sizeBytes > CORS_BYTES_MAX ? { problem: 'too-large', value: String(sizeBytes), index: 0 } : null
}

/** The rules as they are stored. */
export function storedCorsRules(rules: readonly CorsRuleInput[]): CorsRule[] {
  return rules.map(
    ({ id, allowedMethods, allowedOrigins, allowedHeaders, exposeHeaders, maxAgeSeconds }) => ({
      ...(id !== undefined && { id }),
      allowedMethods,
      allowedOrigins,
      ...(allowedHeaders && { allowedHeaders }),
      ...(exposeHeaders && { exposeHeaders }),
      ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    }),
  )
}

function faultOf(rule: CorsRuleInput): Omit<CorsFault, 'index'> | null {
  const { id = '', allowedMethods, allowedOrigins, allowedHeaders = [], exposeHeaders = [] } = rule
  if (id.length > CORS_ID_LENGTH_MAX) return { problem: 'id-too-long', value: id }
  if (allowedMethods.length === 0) return { problem: 'no-method', value: '' }
  if (allowedOrigins.length === 0) return { problem: 'no-origin', value: '' }
  for (const method of allowedMethods)
    if (!isCorsMethod(method)) return { problem: 'method-unknown', value: method }
  for (const origin of allowedOrigins)
    if (hasTwoWildcards(origin)) return { problem: 'two-wildcards-in-origin', value: origin }
  for (const name of allowedHeaders) {
    if (hasTwoWildcards(name)) return { problem: 'two-wildcards-in-header', value: name }
    if (!isHeaderName(name)) return { problem: 'not-a-header', value: name }
  }
  // They are told to browsers in a header, which can hold nothing but names.
  for (const name of exposeHeaders) {
    if (name.includes('*')) return { problem: 'wildcard-in-exposed-header', value: name }
    if (!isHeaderName(name)) return { problem: 'not-a-header', value: name }
  }
  const { maxAgeSeconds } = rule
  return maxAgeSeconds !== undefined && maxAgeSeconds < 0
    ? { problem: 'negative-age', value: String(maxAgeSeconds) }
    : null
}

const hasTwoWildcards = (value: string): boolean => value.indexOf('*') !== value.lastIndexOf('*')
