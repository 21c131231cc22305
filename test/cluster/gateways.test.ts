import {
  CreateBucketAccessKeyCommand,
  CreateBucketCommand,
  DeleteBucketAccessKeyCommand,
  LightsailClient,
} from '@aws-sdk/client-lightsail'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Readable } from 'node:stream'
import type { RunningServer } from '../harness/server.ts'
import { startCluster, type Cluster } from './gateways.ts'
import { missingPostgres } from './postgres-server.ts'

const ROUNDS = process.env['LUGSAIL_LONG_TESTS'] ? 1000 : 12
const BUCKET = 'shared'

describe('two gateways over PostgreSQL and S3', { skip: missingPostgres() ?? false }, () => {
  let cluster: Cluster
  let controls: LightsailClient[] = []
  before(async () => {
    cluster = await startCluster({ gateways: 2 })
    controls = cluster.gateways.map(
      ({ endpoint, credentials, region }) =>
        new LightsailClient({ endpoint, credentials, region, maxAttempts: 1 }),
    )
    await control(0).send(new CreateBucketCommand({ bucketName: BUCKET, bundleId: 'small_1_0' }))
  })
  after(() => cluster.dispose())

  const pick = <T>(all: readonly T[], index: number): T => {
    const one = all[index % all.length]
    assert.ok(one)
    return one
  }
  const control = (index: number) => pick(controls, index)
  const gateway = (index: number) => pick(cluster.gateways, index)

  interface Key {
    readonly accessKeyId: string
    readonly secretAccessKey: string
  }
  const newKey = async (index: number): Promise<Key> => {
    const { accessKey } = await control(index).send(new CreateBucketAccessKeyCommand({ bucketName: BUCKET }))
    assert.ok(accessKey?.accessKeyId !== undefined && accessKey.secretAccessKey !== undefined)
    return { accessKeyId: accessKey.accessKeyId, secretAccessKey: accessKey.secretAccessKey }
  }
  const deleteKey = (index: number, { accessKeyId }: Key) =>
    control(index).send(new DeleteBucketAccessKeyCommand({ bucketName: BUCKET, accessKeyId }))
  const clientOf = ({ endpoint, region }: RunningServer, credentials: Key) =>
    new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 })
  const isRefused = (error: unknown) =>
    error instanceof S3ServiceException && error.name === 'InvalidAccessKeyId'

  it(`shows each write through one to the next request through the other, ${ROUNDS} rounds`, async () => {
    const key = await newKey(0)
    const clients = cluster.gateways.map((one) => clientOf(one, key))
    for (let round = 0; round < ROUNDS; round++) {
      const [writer, reader] = [pick(clients, round), pick(clients, round + 1)]
      // Below and above the size that is kept in the record.
      const body = `${round} `.repeat(round % 2 ? 1000 : 10)
      const place = { Bucket: BUCKET, Key: `object-${round % 7}` }
      await writer.send(new PutObjectCommand({ ...place, Body: body }))
      const got = await reader.send(new GetObjectCommand(place))
      assert.equal(await got.Body?.transformToString(), body)
      const listed = await reader.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: place.Key }))
      assert.equal(listed.Contents?.[0]?.ETag, got.ETag)
      await writer.send(new DeleteObjectCommand(place))
      await assert.rejects(reader.send(new HeadObjectCommand(place)), { name: 'NotFound' })
      const relisted = await reader.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: place.Key }))
      assert.equal(relisted.KeyCount, 0)
    }
    await deleteKey(0, key)
    for (const client of clients) client.destroy()
  })

  it(`lets a new key in everywhere at once, and a deleted one nowhere, ${ROUNDS} rounds`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const key = await newKey(round)
      const clients = cluster.gateways.map((one) => clientOf(one, key))
      const [same, other] = [pick(clients, round), pick(clients, round + 1)]
      const place = { Bucket: BUCKET, Key: 'of-a-key' }
      await other.send(new PutObjectCommand({ ...place, Body: String(round) }))
      await same.send(new GetObjectCommand(place))
      await deleteKey(round, key)
      await assert.rejects(other.send(new GetObjectCommand(place)), isRefused)
      await assert.rejects(same.send(new PutObjectCommand({ ...place, Body: 'late' })), isRefused)
      for (const client of clients) client.destroy()
    }
  })

  it(`lets no upload in flight commit after its key was deleted elsewhere, ${ROUNDS} rounds`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const key = await newKey(round)
      const client = clientOf(gateway(round), key)
      const place = { Bucket: BUCKET, Key: `in-flight-${round}` }
      let isStarted: () => void = () => undefined
      const started = new Promise<void>((resolve) => (isStarted = resolve))
      let finish: () => void = () => undefined
      const finished = new Promise<void>((resolve) => (finish = resolve))
      async function* body() {
        yield Buffer.alloc(10_000, 'a')
        isStarted()
        await finished
        yield Buffer.alloc(10_000, 'b')
      }
      const refusal = assert.rejects(
        client.send(new PutObjectCommand({ ...place, Body: Readable.from(body()), ContentLength: 20_000 })),
        isRefused,
      )
      await started
      await deleteKey(round + 1, key)
      finish()
      await refusal
      client.destroy()
    }
    const key = await newKey(0)
    const client = clientOf(gateway(0), key)
    const listed = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'in-flight-' }))
    assert.equal(listed.KeyCount, 0)
    await deleteKey(0, key)
    client.destroy()
  })
})
