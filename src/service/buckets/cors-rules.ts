import { isHeaderName } from '../../base/header-name.ts'
import { ServiceError } from '../errors.ts'
import type { CorsRule } from '../records/bucket.ts'

/** A rule as the API gives it; the model has checked methods, number of rules and the id's length. */
export interface CorsRuleInput {
  readonly id?: string | undefined
  readonly allowedMethods: readonly string[]
  readonly allowedOrigins: readonly string[]
  readonly allowedHeaders?: readonly string[] | undefined
  readonly exposeHeaders?: readonly string[] | undefined
  readonly maxAgeSeconds?: number | undefined
}

/** As the API documents it, over the whole configuration. */
const CORS_BYTES_MAX = 64 * 1024

/** The rules as they are stored. Throws `InvalidInputException` naming the rule and what is wrong with it. */
export function checkCorsRules(rules: readonly CorsRuleInput[]): CorsRule[] {
  const ids = new Set<string>()
  const checked = rules.map((rule, index) => {
    const where = `cors.rules[${index}]`
    const { id, allowedMethods, allowedOrigins, allowedHeaders, exposeHeaders, maxAgeSeconds } = rule
    if (id !== undefined && ids.has(id)) throw invalid(`${where}.id repeats ${JSON.stringify(id)}`)
    if (id !== undefined) ids.add(id)
    if (allowedMethods.length === 0) throw invalid(`${where}.allowedMethods is empty`)
    if (allowedOrigins.length === 0) throw invalid(`${where}.allowedOrigins is empty`)
    checkWildcards(allowedOrigins, `${where}.allowedOrigins`)
    checkWildcards(allowedHeaders ?? [], `${where}.allowedHeaders`)
    checkExposeHeaders(exposeHeaders ?? [], `${where}.exposeHeaders`)
    if (maxAgeSeconds !== undefined && maxAgeSeconds < 0) throw invalid(`${where}.maxAgeSeconds is below 0`)
    return {
      ...(id !== undefined && { id }),
      allowedMethods,
      allowedOrigins,
      ...(allowedHeaders && { allowedHeaders }),
      ...(exposeHeaders && { exposeHeaders }),
      ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    }
  })
  const sizeBytes = Buffer.byteLength(JSON.stringify({ rules: checked }))
  if (sizeBytes > CORS_BYTES_MAX) {
    throw invalid(`The CORS configuration has at most ${CORS_BYTES_MAX} bytes; this one has ${sizeBytes}`)
  }
  return checked
}

function checkWildcards(values: readonly string[], where: string): void {
  for (const value of values) {
    if (value.indexOf('*') !== value.lastIndexOf('*')) {
      throw invalid(`${where} takes one * in a value; got ${JSON.stringify(value.slice(0, 100))}`)
    }
  }
}

/** They are told to browsers in a header, which can hold nothing but names. */
function checkExposeHeaders(names: readonly string[], where: string): void {
  for (const name of names) {
    if (name.includes('*')) throw invalid(`${where} takes no wildcard`)
    if (!isHeaderName(name))
      throw invalid(`${where} takes names of headers; got ${JSON.stringify(name.slice(0, 100))}`)
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidInputException', message)
}
