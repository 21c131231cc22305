import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { SignedClient } from '../harness/signed-client.ts'
import { failsWith, sdkWorld } from './sdk-world.ts'

const world = sdkWorld()
const BUCKET = 'header-bucket'
let client: SignedClient

describe('what a request asks for in headers and arguments', () => {
  before(async () => {
    const { server, owner, makeBucket } = world()
    await makeBucket(BUCKET)
    client = new SignedClient({ endpoint: server.url, region: 'us-east-1' }, owner.rootKey)
  })
  after(() => client.close())

  const refused: readonly [method: string, path: string, headers: Record<string, string>, status: number][] =
    [
      ['PUT', '/key', { 'x-amz-grant-write': 'uri="http://acs.amazonaws.com/groups/global/AllUsers"' }, 501],
      ['PUT', '/key', { 'x-amz-write-offset-bytes': '1' }, 501],
      ['PUT', '/key', { 'x-amz-server-side-encryption': 'aws:kms' }, 501],
      ['PUT', '/key', customerKeyAnd({ 'x-amz-server-side-encryption': 'aws:kms' }), 400],
      [
        'PUT',
        '/key',
        customerKeyAnd({
          'x-amz-server-side-encryption': 'aws:kms',
          'x-amz-server-side-encryption-aws-kms-key-id': 'k',
        }),
        400,
      ],
      ['POST', '/key?uploads', { 'x-amz-server-side-encryption': 'aws:kms:dsse' }, 501],
      ['PUT', '/key', { 'content-range': 'bytes 0-0/9' }, 501],
      ['PUT', '/key', { 'if-modified-since': new Date(0).toUTCString() }, 501],
      ['PUT', '/key?versionId=null', {}, 400],
      ['PUT', '/key?partNumber=1', {}, 400],
      ['PUT', '/key?encryption', {}, 501],
      ['PUT', '/key?renameObject', { 'x-amz-rename-source': `/${BUCKET}/other` }, 501],
      ['POST', '/key?uploads', { 'x-amz-object-lock-event-hold': 'ON' }, 501],
      ['POST', '/key?uploads', { 'if-unmodified-since': new Date(0).toUTCString() }, 501],
      ['DELETE', '/key', { 'x-amz-if-match-last-modified-time': 'never' }, 400],
    ]
  for (const [method, path, headers, status] of refused)
    it(`is refused with ${status} and nothing done: ${method} ${path} ${Object.keys(headers).join()}`, async () => {
      const response = await client.s3({ method, path: `/${BUCKET}${path}`, headers, body: Buffer.from('x') })
      assert.equal(response.status, status, response.body.toString())
      await assert.rejects(
        world().s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'key' })),
        failsWith('NotFound', 404),
      )
    })

  it('holds the expected owner of a copy’s source against it', async () => {
    const { s3, owner } = world()
    const Bucket = BUCKET
    await s3.send(new PutObjectCommand({ Bucket, Key: 'source', Body: 'x' }))
    const copy = { Bucket, Key: 'copy', CopySource: `${Bucket}/source` }
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'copy' }))
    const part = { ...copy, UploadId, PartNumber: 1 }
    const ExpectedSourceBucketOwner = owner.account.accountId
    await s3.send(new CopyObjectCommand({ ...copy, ExpectedSourceBucketOwner }))
    await s3.send(new UploadPartCopyCommand({ ...part, ExpectedSourceBucketOwner }))
    const wrong = { ExpectedSourceBucketOwner: '000000000000' }
    await assert.rejects(
      s3.send(new CopyObjectCommand({ ...copy, ...wrong })),
      failsWith('AccessDenied', 403),
    )
    await assert.rejects(
      s3.send(new UploadPartCopyCommand({ ...part, ...wrong })),
      failsWith('AccessDenied', 403),
    )
  })

  it('takes the consent to pay that means nothing here', async () => {
    const { s3 } = world()
    const object = { Bucket: BUCKET, Key: 'paid', RequestPayer: 'requester' } as const
    await s3.send(new PutObjectCommand({ ...object, Body: 'x' }))
    const { Body } = await s3.send(new GetObjectCommand(object))
    assert.equal(await Body?.transformToString(), 'x')
  })

  it('gets the rest of an object only when it is the state of which the client has the beginning', async () => {
    const { s3 } = world()
    const { ETag = '' } = await s3.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: 'resumed', Body: '01234' }),
    )
    const path = `/${BUCKET}/resumed`
    const resume = async (ifRange: string) => {
      const headers = { range: 'bytes=3-', 'if-range': ifRange }
      const { status, body } = await client.s3({ method: 'GET', path, headers })
      return `${status} ${body.toString()}`
    }
    const { LastModified } = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'resumed' }))
    assert.equal(await resume(ETag), '206 34')
    assert.equal(await resume(LastModified?.toUTCString() ?? ''), '206 34')
    assert.equal(await resume('"another"'), '200 01234')
    assert.equal(await resume(new Date(0).toUTCString()), '200 01234')
  })
})

/** A customer's key, with which nothing else may be asked for. */
function customerKeyAnd(headers: Record<string, string>): Record<string, string> {
  const key = Buffer.alloc(32, 'k')
  return {
    'x-amz-server-side-encryption-customer-algorithm': 'AES256',
    'x-amz-server-side-encryption-customer-key': key.toString('base64'),
    'x-amz-server-side-encryption-customer-key-md5': createHash('md5').update(key).digest('base64'),
    ...headers,
  }
}
