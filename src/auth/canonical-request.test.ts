import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { requestHead } from '../../test/harness/request-head.ts'
import { canonicalRequest } from './canonical-request.ts'

const signedLine = (value: string | string[]): string | undefined =>
  canonicalRequest({
    head: { ...requestHead({ url: '/b/k' }), headers: { 'x-amz-meta-a': value } },
    pathRule: 'single',
    signedHeaders: 'x-amz-meta-a',
    payloadHash: 'UNSIGNED-PAYLOAD',
    omitsSignature: false,
  }).split('\n')[3]

describe('a signed header', () => {
  const VALUES: readonly (readonly [value: string | string[], signed: string])[] = [
    ['v', 'v'],
    ['', ''],
    [' v', 'v'],
    ['v ', 'v'],
    ['v w', 'v w'],
    ['v  w', 'v w'],
    ['v w  x', 'v w x'],
    [' ', ''],
    ['v\tw', 'v w'],
    ['\tv \t w  x\t', 'v w x'],
    [['v', 'w'], 'v,w'],
  ]
  for (const [value, signed] of VALUES)
    it(`with ${JSON.stringify(value)} is signed as ${JSON.stringify(signed)}`, () =>
      assert.equal(signedLine(value), `x-amz-meta-a:${signed}`))
})
