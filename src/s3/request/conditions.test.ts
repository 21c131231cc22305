import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { S3Error } from '../s3-error.ts'
import { parseEtags, quoteEtag } from './etags.ts'
import { readConditions } from './read-conditions.ts'
import { writeConditions } from './write-conditions.ts'

describe('the conditions of a request', () => {
  it('of a read are those that it has, and none where it has none', () => {
    assert.equal(readConditions({}), undefined)
    const [IfMatch, ifMatch] = ['"a"', ['a']]
    for (const [input, conditions] of [
      [{ IfMatch }, { ifMatch }],
      [{ IfNoneMatch: IfMatch }, { ifNoneMatch: ifMatch }],
      [{ IfModifiedSince: 0 }, { ifModifiedSince: 0 }],
      [{ IfUnmodifiedSince: 0 }, { ifUnmodifiedSince: 0 }],
      [
        { IfMatch, IfNoneMatch: '*', IfModifiedSince: 1, IfUnmodifiedSince: 2 },
        { ifMatch, ifNoneMatch: ['*'], ifModifiedSince: 1, ifUnmodifiedSince: 2 },
      ],
    ] as const)
      assert.deepEqual(readConditions(input), conditions)
  })

  it('of a write are one of two', () => {
    assert.deepEqual(writeConditions({}), {})
    assert.deepEqual(writeConditions({ IfMatch: '"a"' }), { ifMatch: ['a'] })
    assert.deepEqual(writeConditions({ IfNoneMatch: '*' }), { ifNoneMatch: ['*'] })
    assert.throws(() => writeConditions({ IfMatch: '"a"', IfNoneMatch: '*' }), { kind: 'TwoWriteConditions' })
  })

  it('have ETags without quotes, 64 at most', () => {
    assert.equal(parseEtags(undefined, 'if-match'), undefined)
    assert.deepEqual(parseEtags('"a", W/"b",c', 'if-match'), ['a', 'b', 'c'])
    const list = (count: number): string =>
      Array.from({ length: count }, (_, at) => quoteEtag(String(at))).join()
    assert.equal(parseEtags(list(64), 'if-match')?.length, 64)
    assert.throws(
      () => parseEtags(list(65), 'if-match'),
      (error) => error instanceof S3Error && error.code === 'InvalidArgument',
    )
  })
})
