import assert from 'node:assert/strict'
import { it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import { DEFAULT_SERVICE_SETTINGS } from '../../../test/service-settings.ts'
import { bucketArn, bucketUrl } from './bucket-address.ts'
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

it('the ARN of a bucket has its region and its account; only a whole UUID is one', () => {
  const record = bucketRecord({ bucketId: 'b', region: 'eu-west-1', accountId: '000011112222' })
  assert.ok(bucketArn(record).startsWith('arn:aws:lightsail:eu-west-1:000011112222:Bucket/'))
  for (const bucketId of ['x0a1b2c3d-0000-4abc-8def-0123456789ab', '0a1b2c3d-0000-4abc-8def-0123456789abx'])
    assert.match(uuidOf(bucketId), /^[0-9a-f]{8}-[0-9a-f]{4}-8/)
})

it('the URL of a bucket ends in its path, or begins with it where there is a domain', () => {
  const record = bucketRecord({ name: 'photos', region: 'eu-west-1' })
  const urlOf = (publicUrl: string, domain: string | null): string =>
    bucketUrl({ ...DEFAULT_SERVICE_SETTINGS, publicUrl, domain }, record)
  assert.equal(urlOf('http://localhost:9400', null), 'http://localhost:9400/photos/')
  assert.equal(urlOf('https://store.example', null), 'https://store.example/photos/')
  assert.equal(urlOf('https://store.example', 'files.example'), 'https://photos.s3.eu-west-1.files.example/')
  assert.equal(
    urlOf('http://store.example:9400', 'files.example'),
    'http://photos.s3.eu-west-1.files.example:9400/',
  )
})
