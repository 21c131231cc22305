import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkBucketSelection } from './bucket-selection.ts'

describe('which buckets are shown', () => {
  it('is one, with its CORS rules or without, or a page of all', () => {
    checkBucketSelection({ bucketName: 'mine', includesCors: true })
    checkBucketSelection({ bucketName: 'mine', pageToken: '', includesCors: false })
    checkBucketSelection({ pageToken: 'next', includesCors: false })
    checkBucketSelection({ includesCors: false })
  })

  it('is not the CORS rules of all, which is said before a page of one is', () => {
    for (const pageToken of [undefined, 'next'])
      assert.throws(() => checkBucketSelection({ pageToken, includesCors: true }), {
        kind: 'InvalidBucketSelection',
        fields: { problem: 'cors-of-all' },
      })
  })

  it('is no page of one', () => {
    for (const includesCors of [false, true])
      assert.throws(() => checkBucketSelection({ bucketName: 'mine', pageToken: 'next', includesCors }), {
        kind: 'InvalidBucketSelection',
        fields: { problem: 'page-of-one' },
      })
  })
})
