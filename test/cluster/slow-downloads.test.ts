import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { RunningServer } from '../harness/server.ts'
import { until } from '../harness/until.ts'
import { beginDownload, putParts } from '../robustness/slow-download.ts'
import { startCluster, type Cluster } from './gateways.ts'
import { missingPostgres } from './postgres-server.ts'

describe(
  'downloads through one gateway of objects that go through another',
  { skip: missingPostgres() ?? false },
  () => {
    let cluster: Cluster
    const clients: S3Client[] = []
    before(async () => {
      // The first gateway's sweeps find what the second one gave up.
      cluster = await startCluster({ gateways: 2, options: { 'sweep-interval-seconds': '10' } })
      clients.push(...cluster.gateways.map(clientOf))
      await client(0).send(new CreateBucketCommand({ Bucket: 'shared' }))
    })
    after(async () => {
      for (const one of clients) one.destroy()
      await cluster.dispose()
    })
    const clientOf = ({ endpoint, region, credentials }: RunningServer) =>
      new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 })
    const client = (index: number) => clients[index] ?? assert.fail()

    it('end whole, after the gateway that wrote them was stopped and sweeps went by', async () => {
      const Bucket = 'shared'
      const third = await cluster.startGateway()
      const writer = clientOf(third)
      const bytes = await putParts(writer, Bucket, 'overwritten', 4)
      const others = await putParts(writer, Bucket, 'deleted', 4)
      writer.destroy()
      await third.stop()

      const downloads = [
        await beginDownload(client(0), { Bucket, Key: 'overwritten' }, { bytes }),
        await beginDownload(client(0), { Bucket, Key: 'deleted' }, { bytes: others }),
        await beginDownload(
          client(0),
          { Bucket, Key: 'overwritten' },
          { bytes, range: { start: 7, end: bytes.length - 9 } },
        ),
      ]
      await client(1).send(new PutObjectCommand({ Bucket, Key: 'overwritten', Body: 'new' }))
      await client(1).send(new DeleteObjectCommand({ Bucket, Key: 'deleted' }))
      const blobCount = async () => {
        const { bucket, prefix, blobs } = blobBucket(cluster)
        const { KeyCount = 0 } = await blobs.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }),
        )
        blobs.destroy()
        return KeyCount
      }
      const before = await blobCount()
      const swept = await Promise.all(cluster.gateways.slice(0, 2).map(sweepCount))
      for (const [index, count] of swept.entries()) {
        const gateway = cluster.gateways[index] ?? assert.fail()
        // One that had begun before, and one from its beginning to its end.
        await until(async () => (await sweepCount(gateway)) >= count + 2)
      }
      assert.equal(await blobCount(), before)
      for (const download of downloads) await download.finish()
    })
  },
)

/** How many sweeps a gateway has done. */
async function sweepCount({ endpoint }: RunningServer): Promise<number> {
  const text = await (await fetch(`${endpoint}/-/metrics`)).text()
  const counts = text.matchAll(/^lugsail_job_duration_seconds_count\{[^}]*"sweep-blobs"[^}]*\} (\d+)$/gm)
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0)
}

/** The bucket behind the gateways. */
function blobBucket({ blobsUrl, blobServer }: Cluster) {
  const url = new URL(blobsUrl)
  const { accessKeyId, secretAccessKey, endpoint } = blobServer
  return {
    bucket: url.hostname,
    prefix: url.pathname.slice(1),
    blobs: new S3Client({
      endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    }),
  }
}
