import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { SignedClient } from '../harness/signed-client.ts'
import { sdkWorld } from './sdk-world.ts'

const world = sdkWorld({ newBucketDefaults: 'legacy' })
const BUCKET = 'source-bucket'
let owner: SignedClient
let stranger: SignedClient

describe('the source of a copy', () => {
  before(async () => {
    const { server, makeBucket, s3, ...accounts } = world()
    await makeBucket(BUCKET)
    const place = { endpoint: server.url, region: 'us-east-1' }
    owner = new SignedClient(place, accounts.owner.rootKey)
    stranger = new SignedClient(place, accounts.stranger.rootKey)
    for (const Key of ['a b', 'a+b', 'open/a b', 'open/x?versionId=null', 'closed'])
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: `this is ${Key}` }))
  })
  after(() => {
    owner.close()
    stranger.close()
  })

  const copy = (client: SignedClient, source: string, path = `/${BUCKET}/copy`) =>
    client.s3({ method: 'PUT', path, headers: { 'x-amz-copy-source': source } })

  it('is read as a form’s values are: a plus is a space, %2B is a plus', async () => {
    const { s3 } = world()
    for (const [written, key] of [
      ['a+b', 'a b'],
      ['a%20b', 'a b'],
      ['a%2Bb', 'a+b'],
    ]) {
      assert.equal((await copy(owner, `/${BUCKET}/${written}`)).status, 200, written)
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'copy' }))
      assert.equal(await Body?.transformToString(), `this is ${key}`)
    }
  })

  it('may be encoded as a whole, with or without the slash before it', async () => {
    const { s3 } = world()
    for (const source of [`/${BUCKET}/a b`, `${BUCKET}/a b`]) {
      await copy(owner, `/${BUCKET}/a%2Bb`)
      assert.equal((await copy(owner, encodeURIComponent(source))).status, 200, source)
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'copy' }))
      assert.equal(await Body?.transformToString(), 'this is a b')
    }
  })

  it('is read so for a part, too', async () => {
    const { s3 } = world()
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'parts' }))
    const path = `/${BUCKET}/parts?partNumber=1&uploadId=${UploadId}`
    const etags = []
    for (const written of ['a+b', 'a%20b', 'a%2Bb']) {
      const response = await copy(owner, `${BUCKET}/${written}`, path)
      assert.equal(response.status, 200, response.body.toString())
      etags.push(/<ETag>(.*)<\/ETag>/.exec(response.body.toString())?.[1])
    }
    assert.equal(etags[0], etags[1])
    assert.notEqual(etags[0], etags[2])
  })

  it('is for a policy the object that is copied, however it is written', async () => {
    const { s3 } = world()
    const Resource = `arn:aws:s3:::${BUCKET}/*`
    const Statement = [
      { Effect: 'Allow', Principal: '*', Action: 's3:GetObject*', Resource },
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:PutObject',
        Resource,
        Condition: {
          StringLike: { 's3:x-amz-copy-source': [`${BUCKET}/open/*`, `${BUCKET}/closed?versionId=null`] },
        },
      },
    ]
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
    await s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy }))
    const rows: readonly [source: string, status: number][] = [
      [`${BUCKET}/open/a+b`, 200],
      [`/${BUCKET}/open/a%20b`, 200],
      [`${BUCKET}%2Fopen%2Fa%20b?versionId=null`, 200],
      [`${BUCKET}/open/x%3FversionId=null`, 200],
      [`${BUCKET}/open/x?versionId=null?versionId=null`, 200],
      [`${BUCKET}/closed`, 403],
      [`${BUCKET}/closed?versionId=null`, 403],
      // What is not there is not told to who may not list.
      [`${BUCKET}/closed?versionId=null?versionId=null`, 403],
      ['nonsense', 403],
      ['%zz', 403],
    ]
    for (const [source, status] of rows) {
      const response = await copy(stranger, source)
      assert.equal(response.status, status, `${source} ${response.body.toString()}`)
    }
  })
})
