import { GetBucketsCommand, LightsailClient } from '@aws-sdk/client-lightsail'
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3'
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Cluster } from '../cluster/gateways.ts'
import { missingPostgres } from '../cluster/postgres-server.ts'
import { killGateways, startDrillCluster } from './drill-cluster.ts'
import { BUCKET, clientOf, DrillLoad } from './drill-load.ts'
import { sweepAndVerify } from './drill-store.ts'

describe('drills: the S3 cluster behind the gateways', { skip: missingPostgres() ?? false }, () => {
  let cluster: Cluster
  before(async () => {
    cluster = await startDrillCluster({ gateways: 2 })
  })
  after(() => cluster.dispose())

  const isUnavailable = (error: unknown) => {
    assert.ok(error instanceof S3ServiceException, String(error))
    assert.equal(error.$metadata.httpStatusCode, 503)
    assert.match(String(error.$response?.headers['retry-after']), /^\d+$/)
    return true
  }

  it('is down: large objects are unavailable and never missing, everything else goes on', async () => {
    const [gateway] = cluster.gateways
    assert.ok(gateway)
    const client = clientOf(gateway)
    const large = { Bucket: BUCKET, Key: 'large' }
    const small = { Bucket: BUCKET, Key: 'small' }
    await client.send(new PutObjectCommand({ ...large, Body: Buffer.alloc(200_000, 'x') }))
    await client.send(new PutObjectCommand({ ...small, Body: 'x' }))

    await cluster.blobServer.kill()
    const unborn = { Bucket: BUCKET, Key: 'unborn' }
    await assert.rejects(
      client.send(new PutObjectCommand({ ...unborn, Body: Buffer.alloc(200_000) })),
      isUnavailable,
    )
    await assert.rejects(
      client.send(new HeadObjectCommand(unborn)),
      { name: 'NotFound' },
      'no pointer without bytes',
    )
    await assert.rejects(client.send(new GetObjectCommand(large)), isUnavailable)
    assert.equal((await client.send(new HeadObjectCommand(large))).ContentLength, 200_000)
    assert.equal(await (await client.send(new GetObjectCommand(small))).Body?.transformToString(), 'x')
    await client.send(new PutObjectCommand({ ...small, Body: 'y' }))
    const control = new LightsailClient({ ...gateway, maxAttempts: 1 })
    assert.ok((await control.send(new GetBucketsCommand({}))).buckets)
    control.destroy()

    await cluster.blobServer.start()
    const got = await client.send(new GetObjectCommand(large))
    assert.ok(Buffer.alloc(200_000, 'x').equals((await got.Body?.transformToByteArray()) ?? Buffer.alloc(0)))
    client.destroy()
  })

  it('crashes under load: nothing acknowledged is lost', async (t) => {
    const load = new DrillLoad(() => cluster.gateways)
    await load.during(8, async () => {
      for (let crash = 0; crash < 2; crash++) {
        await load.waitForAcknowledged(30)
        await cluster.blobServer.kill()
        await cluster.blobServer.start()
      }
      await load.waitForAcknowledged(30)
    })
    t.diagnostic(`${load.acknowledged} acknowledged; ${JSON.stringify([...load.failures])}`)
    load.assertOnlyRetryable()
    await load.checkReadable()
  })

  it('leaves a store that is whole', async (t) => {
    await killGateways(cluster)
    t.diagnostic(JSON.stringify(await sweepAndVerify(cluster)))
  })
})
