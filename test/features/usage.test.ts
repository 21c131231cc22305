import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CreateBucketCommand,
  GetBucketMetricDataCommand,
  UpdateBucketCommand,
} from '@aws-sdk/client-lightsail'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { verifyStore } from '../../src/server/store/verify-store.ts'
import { dayOf, readDailyUsage } from '../../src/service/usage/daily-usage.ts'
import { readBundleUsage, type BundleUsage } from '../../src/service/usage/bundle-usage.ts'
import { readUsage } from '../../src/service/usage/usage.ts'
import { bucketKey } from '../../src/service/keyspace.ts'
import { bucketCodec } from '../../src/service/records/bucket.ts'
import { SeededRandom } from '../seeded-random.ts'
import { DAY_MS, startFeatureServer, type FeatureAccount, type FeatureServer } from './feature-server.ts'

describe('usage of a bucket', () => {
  let server: FeatureServer
  let owner: FeatureAccount

  before(async () => {
    server = await startFeatureServer()
    owner = await server.createAccount('owner')
  })
  after(() => server.stop())

  const createBucket = (bucketName: string) =>
    owner.lightsail.send(new CreateBucketCommand({ bucketName, bundleId: 'small_1_0' }))
  const put = (Bucket: string, Key: string, sizeBytes: number) =>
    owner.s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(sizeBytes, 1) }))

  async function idOf(bucketName: string): Promise<string> {
    const [entry] = await server.context.metadata.getMany([bucketKey(bucketName)])
    assert.ok(entry)
    return bucketCodec.decode(entry.value).bucketId
  }

  /** The metric's daily values, by day of January 2030. */
  async function daysOf(bucketName: string, metricName: 'BucketSizeBytes' | 'NumberOfObjects') {
    const isSize = metricName === 'BucketSizeBytes'
    const { metricData = [] } = await owner.lightsail.send(
      new GetBucketMetricDataCommand({
        bucketName,
        metricName,
        startTime: new Date(Date.UTC(2030, 0, 1)),
        endTime: new Date(Date.UTC(2030, 1, 1)),
        period: 86_400,
        statistics: [isSize ? 'Maximum' : 'Average'],
        unit: isSize ? 'Bytes' : 'Count',
      }),
    )
    return metricData.map(({ timestamp, maximum, average }) => [
      timestamp?.getUTCDate(),
      isSize ? maximum : average,
    ])
  }

  it('is reported a point a day, with older versions and parts, and none while the bucket is empty', async () => {
    await createBucket('metered')
    assert.deepEqual(await daysOf('metered', 'BucketSizeBytes'), [])
    await server.pass(DAY_MS) // 11 January
    await put('metered', 'a', 1000)
    assert.deepEqual(await daysOf('metered', 'NumberOfObjects'), [[11, 1]])
    await server.pass(3_600_000)

    await server.pass(DAY_MS) // 12 January
    await owner.lightsail.send(new UpdateBucketCommand({ bucketName: 'metered', versioning: 'Enabled' }))
    await put('metered', 'a', 500)
    await server.pass(3_600_000)

    await server.pass(DAY_MS) // 13 January
    const begin = new CreateMultipartUploadCommand({ Bucket: 'metered', Key: 'big' })
    const { UploadId } = await owner.s3.send(begin)
    const part = { Bucket: 'metered', Key: 'big', UploadId, PartNumber: 1, Body: Buffer.alloc(300) }
    await owner.s3.send(new UploadPartCommand(part))
    await server.pass(3_600_000)

    await server.pass(2 * DAY_MS) // 15 January: everything goes
    await owner.s3.send(new AbortMultipartUploadCommand({ Bucket: 'metered', Key: 'big', UploadId }))
    const { Versions = [] } = await owner.s3.send(new ListObjectVersionsCommand({ Bucket: 'metered' }))
    for (const { Key, VersionId } of Versions)
      await owner.s3.send(new DeleteObjectCommand({ Bucket: 'metered', Key, VersionId }))
    await server.pass(3_600_000)

    await server.pass(DAY_MS) // 16 January
    assert.deepEqual(await daysOf('metered', 'BucketSizeBytes'), [
      [11, 1000],
      [12, 1500],
      [13, 1800],
    ])
    assert.deepEqual(await daysOf('metered', 'NumberOfObjects'), [
      [11, 1],
      [12, 2],
      [13, 3],
    ])
  })

  it('has the bytes that went in and out, by day', async () => {
    await createBucket('moved')
    const day = dayOf(server.clock.now())
    await put('moved', 'a', 70_000)
    for (let count = 0; count < 3; count++) {
      const { Body } = await owner.s3.send(new GetObjectCommand({ Bucket: 'moved', Key: 'a' }))
      await Body?.transformToByteArray()
    }
    const ranged = await owner.s3.send(
      new GetObjectCommand({ Bucket: 'moved', Key: 'a', Range: 'bytes=0-9' }),
    )
    await ranged.Body?.transformToByteArray()
    await server.pass(60_000)
    const [moved] = await readDailyUsage(server.context.metadata, await idOf('moved'), {
      from: day,
      to: day + 1,
    })
    assert.deepEqual([moved?.transferInBytes, moved?.transferOutBytes], [70_000, 210_010])
  })

  it('is reported for each bundle in the metrics, and for each bucket against its bundle', async () => {
    await createBucket('bundled')
    await put('bundled', 'a', 50_000)
    const { Body } = await owner.s3.send(new GetObjectCommand({ Bucket: 'bundled', Key: 'a' }))
    await Body?.transformToByteArray()
    await server.pass(60_000)
    const usages: BundleUsage[] = []
    for await (const usage of readBundleUsage(server.context)) usages.push(usage)
    const bundled = usages.find(({ bucket }) => bucket.name === 'bundled')
    assert.deepEqual(
      [bundled?.storedBytes, bundled?.sentBytes, bundled?.receivedBytes, bundled?.storageBytesMax],
      [50_000, 50_000, 50_000, 5 * 1024 ** 3],
    )
    await server.pass(3_600_000)
    const metrics = await (await fetch(`${server.endpoint}/-/metrics`)).text()
    const sum = usages.reduce((total, { storedBytes }) => total + storedBytes, 0)
    assert.ok(metrics.includes(`lugsail_bundle_bytes{bundle="small_1_0",kind="stored"} ${sum}\n`))
    assert.ok(metrics.includes('lugsail_bundle_buckets{bundle="small_1_0",which="over_storage"} 0\n'))
    await server.pass(31 * DAY_MS)
    for await (const { sentBytes } of readBundleUsage(server.context)) assert.equal(sentBytes, 0)
  })

  it('is the sum of what is stored after a busy mixed run', async () => {
    await createBucket('busy')
    await owner.lightsail.send(new UpdateBucketCommand({ bucketName: 'busy', versioning: 'Enabled' }))
    const random = new SeededRandom()
    const pick = (bound: number): number => random.below(bound)
    const keys = ['a', 'b', 'c', 'd']
    const step = async (): Promise<void> => {
      const [Key = 'a', other = 'b', kind] = [keys[pick(4)], keys[pick(4)], pick(6)]
      const Bucket = 'busy'
      if (kind <= 1) await put(Bucket, Key, pick(60_000))
      else if (kind === 2) await owner.s3.send(new DeleteObjectCommand({ Bucket, Key }))
      else if (kind === 3) {
        const { Versions = [] } = await owner.s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }))
        const { VersionId } = Versions[pick(Versions.length)] ?? {}
        await owner.s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }))
      } else if (kind === 4) {
        const copy = new CopyObjectCommand({ Bucket, Key, CopySource: `busy/${other}` })
        // There may be no such object at the moment, or it is the same.
        await owner.s3.send(copy).catch((error: unknown) => assert.match(String(error), /NoSuchKey|itself/))
      } else {
        const { UploadId } = await owner.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }))
        const part = { Bucket, Key, UploadId, PartNumber: 1, Body: Buffer.alloc(pick(40_000) + 1) }
        const { ETag } = await owner.s3.send(new UploadPartCommand(part))
        await owner.s3.send(new UploadPartCommand({ ...part, PartNumber: 2 }))
        const address = { Bucket, Key, UploadId }
        if (pick(3) === 0) await owner.s3.send(new AbortMultipartUploadCommand(address))
        else if (pick(2) === 0) {
          const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
          await owner.s3.send(new CompleteMultipartUploadCommand({ ...address, MultipartUpload }))
        }
      }
    }
    for (let round = 0; round < 15; round++) await Promise.all(Array.from({ length: 6 }, step))
    const report = await verifyStore(server.context, { readsBodies: true, hasBeenSwept: false })
    assert.deepEqual(report.problems, [], `seed ${random.seed}`)
    assert.ok((await readUsage(server.context.metadata, await idOf('busy'))).objects > 0)
  })
})
