import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CorsRule } from '../records/bucket.ts'
import { matchCorsRule } from './match-rule.ts'

const rules: readonly CorsRule[] = [
  { id: 'exact', allowedMethods: ['GET'], allowedOrigins: ['https://a.test'] },
  {
    id: 'pattern',
    allowedMethods: ['GET', 'PUT'],
    allowedOrigins: ['https://*.b.test', 'https://b.test'],
    allowedHeaders: ['X-Amz-*', 'content-type'],
  },
  { id: 'all', allowedMethods: ['HEAD'], allowedOrigins: ['*'], allowedHeaders: ['*'] },
]

describe('matchCorsRule', () => {
  const table: readonly [origin: string, method: string, headers: readonly string[], id: string | null][] = [
    ['https://a.test', 'GET', [], 'exact'],
    ['https://a.test', 'PUT', [], null],
    ['https://a.test', 'GET', ['x-amz-date'], null],
    ['https://www.b.test', 'PUT', ['x-amz-date', 'content-type'], 'pattern'],
    ['https://www.b.test', 'PUT', ['x-other'], null],
    ['https://b.test', 'GET', [], 'pattern'],
    ['https://.b.test', 'GET', [], 'pattern'],
    ['http://www.b.test', 'GET', [], null],
    ['https://a?test', 'GET', [], null],
    ['anything', 'HEAD', ['x-anything'], 'all'],
  ]
  for (const [origin, method, headers, id] of table)
    it(`lets ${id ?? 'no rule'} allow ${method} of ${origin} with ${headers.join(', ') || 'no headers'}`, () => {
      assert.equal(matchCorsRule(rules, { origin, method, headers })?.id ?? null, id)
    })
})
