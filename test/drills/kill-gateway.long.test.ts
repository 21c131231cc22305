import { GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3'
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import type { Cluster } from '../cluster/gateways.ts'
import { missingPostgres } from '../cluster/postgres-server.ts'
import { startTcpProxy, type TcpProxy } from '../cluster/tcp-proxy.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { killGateways, startDrillCluster } from './drill-cluster.ts'
import { BUCKET, clientOf, DrillLoad } from './drill-load.ts'
import { sweepAndVerify } from './drill-store.ts'

const BODY = Buffer.alloc(300_000, 'lugsail')

describe('drills: kill -9 of a gateway', { skip: missingPostgres() ?? false }, () => {
  let cluster: Cluster
  let proxy: TcpProxy
  before(async () => {
    cluster = await startDrillCluster({ gateways: 2 })
    const { hostname, port } = new URL(cluster.postgres.url)
    proxy = await startTcpProxy({ host: hostname, port: Number(port) })
  })
  after(async () => {
    await proxy.close()
    await cluster.dispose()
  })

  /** A gateway whose PostgreSQL lies behind the proxy. */
  const startVictim = () => {
    const [first] = cluster.gateways
    assert.ok(first)
    const { port } = new URL(cluster.postgres.url)
    const metadata = cluster.metadataUrl.replace(`:${port}`, `:${proxy.port}`)
    return startServer({ dataFolder: first.dataFolder, engines: { metadata, blobs: cluster.blobsUrl } })
  }
  const put = async (victim: RunningServer, key: string, body: Buffer | Readable) => {
    const client = clientOf(victim)
    // Only the commit has the metadata's value in it: by that the proxy tells it from the reads before.
    const command = new PutObjectCommand({
      Bucket: BUCKET,
      Key: key,
      Body: body,
      ContentLength: BODY.length,
      Metadata: { drill: `commit of ${key}` },
    })
    try {
      await client.send(command)
      return 'acknowledged'
    } catch {
      return 'failed'
    } finally {
      client.destroy()
    }
  }
  /** What a gateway that lives says about the key. */
  const readThroughOther = async (key: string) => {
    const [other] = cluster.gateways
    assert.ok(other)
    const client = clientOf(other)
    try {
      const { Body: body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }))
      assert.ok(BODY.equals((await body?.transformToByteArray()) ?? Buffer.alloc(0)))
      return 'whole'
    } catch (error) {
      if (error instanceof NoSuchKey) return 'absent'
      throw error
    } finally {
      client.destroy()
    }
  }

  it('while the body comes in: no object', async () => {
    const victim = await startVictim()
    async function* body() {
      yield BODY.subarray(0, 200_000)
      await victim.kill()
      yield BODY.subarray(200_000)
    }
    assert.equal(await put(victim, 'half-a-body', Readable.from(body())), 'failed')
    assert.equal(await readThroughOther('half-a-body'), 'absent')
  })

  it('when the bytes are stored and the commit is not sent: no object', async () => {
    const victim = await startVictim()
    proxy.cutAt('commit of stored-only', 'request', () => void victim.kill())
    assert.equal(await put(victim, 'stored-only', BODY), 'failed')
    assert.equal(await readThroughOther('stored-only'), 'absent')
  })

  it('when the commit is done and not answered: the whole object, or none', async () => {
    const victim = await startVictim()
    proxy.cutAt('commit of committed', 'answer', () => void victim.kill())
    assert.equal(await put(victim, 'committed', BODY), 'failed')
    assert.equal(await readThroughOther('committed'), 'whole')
  })

  it('after the response: the whole object', async () => {
    const victim = await startVictim()
    assert.equal(await put(victim, 'answered', BODY), 'acknowledged')
    await victim.kill()
    assert.equal(await readThroughOther('answered'), 'whole')
  })

  it('at random moments under load: nothing acknowledged is lost', async (t) => {
    const load = new DrillLoad(() => cluster.gateways)
    await load.during(8, async () => {
      for (let round = 0; round < 4; round++) {
        await load.waitForAcknowledged(25 + 7 * round)
        await cluster.gateways[1]?.kill()
        await cluster.startGateway(1)
      }
      await load.waitForAcknowledged(25)
    })
    t.diagnostic(`${load.acknowledged} acknowledged; ${JSON.stringify([...load.failures])}`)
    load.assertOnlyRetryable()
    await load.checkReadable()
  })

  it('leaves a store that is whole after the sweep', async (t) => {
    await killGateways(cluster)
    t.diagnostic(JSON.stringify(await sweepAndVerify(cluster)))
  })
})
