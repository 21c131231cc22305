import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findCorsFault, type CorsFault, type CorsRuleInput } from './cors-rules.ts'

const GOOD: CorsRuleInput = {
  id: 'one',
  allowedMethods: ['GET', 'PUT', 'HEAD', 'POST', 'DELETE'],
  allowedOrigins: ['https://*.example', '*'],
  allowedHeaders: ['x-amz-*', '*', 'Content-Type'],
  exposeHeaders: ['ETag'],
  maxAgeSeconds: 0,
}

const FAULTS: readonly (readonly [CorsFault['problem'], Partial<CorsRuleInput>])[] = [
  ['id-too-long', { id: 'i'.repeat(256) }],
  ['no-method', { allowedMethods: [] }],
  ['method-unknown', { allowedMethods: ['GET', 'PATCH'] }],
  ['method-unknown', { allowedMethods: ['get'] }],
  ['no-origin', { allowedOrigins: [] }],
  ['two-wildcards-in-origin', { allowedOrigins: ['https://*.*'] }],
  ['two-wildcards-in-header', { allowedHeaders: ['*-*'] }],
  ['not-a-header', { allowedHeaders: ['content type'] }],
  ['not-a-header', { allowedHeaders: [''] }],
  ['wildcard-in-exposed-header', { exposeHeaders: ['x-*'] }],
  ['not-a-header', { exposeHeaders: ['a\nb'] }],
  ['negative-age', { maxAgeSeconds: -1 }],
  ['too-large', { allowedOrigins: ['o'.repeat(65_536)] }],
]

describe('CORS rules', () => {
  it('are taken with one wildcard in an origin or a header, and any age from 0 on', () => {
    assert.equal(findCorsFault([GOOD, { ...GOOD, id: 'i'.repeat(255) }, { ...GOOD, id: undefined }]), null)
  })

  for (const [problem, change] of FAULTS)
    it(`are refused for ${problem} in ${JSON.stringify(change).slice(0, 60)}`, () => {
      const fault = findCorsFault([
        { ...GOOD, id: undefined },
        { ...GOOD, ...change },
      ])
      assert.equal(fault?.problem, problem)
      assert.equal(fault.index, problem === 'too-large' ? 0 : 1)
    })

  it('are refused when two have one id', () => {
    assert.deepEqual(findCorsFault([GOOD, GOOD]), { problem: 'id-repeated', value: 'one', index: 1 })
  })
})
