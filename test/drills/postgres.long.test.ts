import { GetObjectCommand, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3'
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Cluster } from '../cluster/gateways.ts'
import { missingPostgres } from '../cluster/postgres-server.ts'
import { killGateways, startDrillCluster } from './drill-cluster.ts'
import { BUCKET, clientOf, DrillLoad } from './drill-load.ts'
import { sweepAndVerify } from './drill-store.ts'

const STOPPED_MS = 30_000
const pause = (durationMs: number) => new Promise((resolve) => setTimeout(resolve, durationMs))

describe('drills: PostgreSQL', { skip: missingPostgres() ?? false }, () => {
  let cluster: Cluster
  before(async () => {
    cluster = await startDrillCluster({ gateways: 2 })
  })
  after(() => cluster.dispose())

  /** Puts and gets fail as told, with a time after which to try again. */
  const assertUnavailable = async () => {
    for (const gateway of cluster.gateways) {
      const client = clientOf(gateway)
      const place = { Bucket: BUCKET, Key: 'while it is gone' }
      for (const command of [new PutObjectCommand({ ...place, Body: 'x' }), new GetObjectCommand(place)]) {
        const sending = command instanceof PutObjectCommand ? client.send(command) : client.send(command)
        await assert.rejects(sending, (error) => {
          assert.ok(error instanceof S3ServiceException)
          assert.equal(error.$metadata.httpStatusCode, 503)
          assert.match(String(error.$response?.headers['retry-after']), /^\d+$/)
          return true
        })
      }
      client.destroy()
    }
  }

  it('crashes under load three times: nothing acknowledged is lost, and the gateways go on', async (t) => {
    const load = new DrillLoad(() => cluster.gateways)
    await load.during(8, async () => {
      for (let crash = 0; crash < 3; crash++) {
        await load.waitForAcknowledged(40)
        await cluster.postgres.restartImmediately()
      }
      await load.waitForAcknowledged(40)
    })
    t.diagnostic(`${load.acknowledged} acknowledged; ${JSON.stringify([...load.failures])}`)
    load.assertOnlyRetryable()
    await load.checkReadable()
  })

  it('hangs for 30 seconds: clients are told to come back, and afterwards all is as it was', async (t) => {
    const load = new DrillLoad(() => cluster.gateways)
    await load.during(8, async () => {
      await load.waitForAcknowledged(40)
      cluster.postgres.pause()
      const stoppedAt = Date.now()
      await assertUnavailable()
      await pause(Math.max(0, STOPPED_MS - (Date.now() - stoppedAt)))
      cluster.postgres.resume()
      await load.waitForAcknowledged(40)
    })
    t.diagnostic(`${load.acknowledged} acknowledged; ${JSON.stringify([...load.failures])}`)
    load.assertOnlyRetryable()
    await load.checkReadable()
  })

  it('is gone: clients are told to come back, and the gateways recover without a restart', async () => {
    const load = new DrillLoad(() => cluster.gateways)
    await cluster.postgres.stop()
    await assertUnavailable()
    await cluster.postgres.start()
    await load.during(4, async () => {
      await load.waitForAcknowledged(40)
    })
    await load.checkReadable()
  })

  it('leaves a store that is whole', async (t) => {
    await killGateways(cluster)
    t.diagnostic(JSON.stringify(await sweepAndVerify(cluster)))
  })
})
