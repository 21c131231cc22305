import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { before, describe, it } from 'node:test'
import {
  CopyObjectCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { sdkWorld } from './sdk-world.ts'

const DOMAIN = 'objects.test'
const BUCKET = 'hosted-bucket'
/** The hosts that the SDK connected to: none but this server is ever asked. */
const hosts = new Set<string>()

// The official SDK puts the bucket in the host by itself unless it is told otherwise; here all hosts are this machine.
const world = sdkWorld({ domain: DOMAIN, newBucketDefaults: 'legacy' }, ({ port }) => ({
  endpoint: `http://s3.us-east-1.${DOMAIN}:${port}`,
  forcePathStyle: false,
  requestHandler: {
    httpAgent: new Agent({
      lookup: (host, options, done) => {
        hosts.add(host)
        if (options.all === true) done(null, [{ address: '127.0.0.1', family: 4 }])
        else done(null, '127.0.0.1', 4)
      },
    }),
  },
}))

describe('a client that names the bucket in the host', () => {
  before(() => world().makeBucket(BUCKET))

  it('stores, reads, copies, lists and deletes objects', async () => {
    const { s3 } = world()
    const Bucket = BUCKET
    const Key = `${BUCKET}/ü +&=?#.txt`
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'hosted' }))
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
    assert.equal(await Body?.transformToString(), 'hosted')
    const CopySource = `${Bucket}/${encodeURIComponent(Key)}`
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }))
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }))
    const keys = Contents.flatMap((item) => item.Key ?? [])
    assert.deepEqual(keys, ['copy', Key])
    const Objects = keys.map((key) => ({ Key: key }))
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
    assert.equal((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount, 0)
  })

  it('reaches the bucket itself and the service beside it', async () => {
    const { s3, makeBucket } = world()
    const other = await makeBucket('other-hosted-bucket')
    await s3.send(new HeadBucketCommand({ Bucket: other }))
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}))
    assert.deepEqual(Buckets.map(({ Name }) => Name).toSorted(), [BUCKET, other].toSorted())
    await s3.send(new DeleteBucketCommand({ Bucket: other }))
    const service = `s3.us-east-1.${DOMAIN}`
    assert.deepEqual(
      [...hosts].toSorted(),
      [`${BUCKET}.${service}`, `${other}.${service}`, service].toSorted(),
    )
  })

  it('may leave out service and region', async () => {
    const { server, s3 } = world()
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'short', Body: 'x', ACL: 'public-read' }))
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request(
        `${server.url}/short`,
        { headers: { host: `${BUCKET}.${DOMAIN}` }, agent: false },
        (response) => {
          response.resume().once('end', () => resolve(response.statusCode))
        },
      )
        .once('error', reject)
        .end()
    })
    assert.equal(status, 200)
  })
})
