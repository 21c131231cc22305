import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { failsWith, sdkWorld } from './sdk-world.ts'

const world = sdkWorld()

async function makeVersionedBucket(name: string): Promise<string> {
  const Bucket = await world().makeBucket(name)
  const VersioningConfiguration = { Status: 'Enabled' } as const
  await world().s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
  return Bucket
}

const put = async (Bucket: string, Key: string, Body: string) =>
  (await world().s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId

describe('the versions of a bucket', () => {
  it('are listed newest first, with their delete markers, page by page', async () => {
    const { s3 } = world()
    const Bucket = await makeVersionedBucket('listed')
    const [first, second] = [await put(Bucket, 'a', '1'), await put(Bucket, 'a', '22')]
    const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
    const other = await put(Bucket, 'b', '333')

    const page = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 2 }))
    assert.deepEqual(
      page.DeleteMarkers?.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest]),
      [['a', marker.VersionId, true]],
    )
    assert.deepEqual(
      page.Versions?.map(({ Key, VersionId, IsLatest, Size }) => [Key, VersionId, IsLatest, Size]),
      [['a', second, false, 2]],
    )
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page
    const rest = await s3.send(new ListObjectVersionsCommand({ Bucket, KeyMarker, VersionIdMarker }))
    assert.deepEqual(
      rest.Versions?.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest]),
      [
        ['a', first, false],
        ['b', other, true],
      ],
    )
    assert.equal(rest.IsTruncated, false)
  })

  it('stay readable by id under a delete marker, and come back when it is removed', async () => {
    const { s3 } = world()
    const Bucket = await makeVersionedBucket('hidden-versions')
    const VersionId = await put(Bucket, 'a', 'text')
    const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
    const read = async (versionId?: string) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'a', VersionId: versionId }))
      return await Body?.transformToString()
    }
    await assert.rejects(read(), failsWith('NoSuchKey', 404))
    assert.equal(await read(VersionId), 'text')
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: marker.VersionId }))
    assert.equal(await read(), 'text')
  })
})
