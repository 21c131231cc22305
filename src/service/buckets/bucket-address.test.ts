import assert from 'node:assert/strict'
import { it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import { bucketArn } from './bucket-address.ts'
import { newBucketId } from './bucket-id.ts'

const uuidOf = (bucketId: string): string =>
  bucketArn(bucketRecord({ bucketId, name: 'photos' })).replace(/^.*:Bucket\//, '')

it('the ARN of a bucket ends in a UUID, one for each bucket and always the same', () => {
  const ids = Array.from({ length: 100 }, newBucketId)
  const uuids = ids.map(uuidOf)
  for (const uuid of uuids)
    assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.equal(new Set(uuids).size, ids.length)
  assert.deepEqual(ids.map(uuidOf), uuids)
})

it('the ARN of a bucket whose id is a UUID has that', () => {
  const bucketId = '0a1b2c3d-0000-4abc-8def-0123456789ab'
  assert.equal(uuidOf(bucketId), bucketId)
})
