import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseTaggingHeader } from './tagging-header.ts'

describe('the header x-amz-tagging', () => {
  const taken: readonly (readonly [text: string, tags: Readonly<Record<string, string>>])[] = [
    ['key=value', { key: 'value' }],
    ['key', { key: '' }],
    ['a%20b=c%2Bd&e+f=', { 'a b': 'c+d', 'e f': '' }],
    ['', {}],
    ['&', {}],
    ['&&&', {}],
    ['&a=1&&b=2&&', { a: '1', b: '2' }],
  ]
  for (const [text, tags] of taken)
    it(`is read where it is "${text}"`, () => {
      const entries = parseTaggingHeader(text)?.map(({ key, value }) => [key, value]) ?? []
      assert.deepEqual(Object.fromEntries(entries), tags)
    })

  for (const text of ['=value', 'a=1&=', 'a=%', 'a=1&a=2'])
    it(`is refused where it is "${text}"`, () => {
      assert.throws(() => parseTaggingHeader(text))
    })
})
