import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { systemClock } from '../../src/base/clock.ts'
import { readSettings } from '../../src/server/configuration/read.ts'
import { readScrub, wantScrub, type FinishedPass } from '../../src/server/scrub/scrub-record.ts'
import { scrub } from '../../src/server/scrub/scrub.ts'
import { openStore } from '../../src/server/store/open-store.ts'
import { DAY_MS } from '../../src/base/milliseconds.ts'
import { runServerCommand } from '../harness/server-command.ts'
import { SignedClient } from '../harness/signed-client.ts'
import { until } from '../harness/until.ts'
import { startCluster, type Cluster } from './gateways.ts'
import { missingPostgres } from './postgres-server.ts'
import { query } from './postgres-query.ts'

const BUCKET = 'scrubbed'
const BODY = Buffer.alloc(300_000, 'body')

describe('a scrub of a store on PostgreSQL and S3', { skip: missingPostgres() ?? false }, () => {
  let cluster: Cluster
  let client: SignedClient
  let blobs: S3Client
  /** Where the cluster has the bytes of `in-a-blob`. */
  let keyOfBlob: string
  const gateway = (at: number) => cluster.gateways[at] ?? assert.fail(`there is no gateway ${at}`)

  before(async () => {
    cluster = await startCluster({ gateways: 2 })
    client = new SignedClient(gateway(0), gateway(0).credentials)
    const { endpoint, accessKeyId, secretAccessKey } = cluster.blobServer
    blobs = new S3Client({
      endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    })
    await client.lightsail('CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' })
    assert.equal((await put('whole', BODY)).status, 200)
    const earlier = await keysOfBlobs()
    assert.equal((await put('in-a-blob', BODY)).status, 200)
    const [key] = (await keysOfBlobs()).filter((each) => !earlier.includes(each))
    keyOfBlob = key ?? assert.fail('there is no new blob')
    assert.equal((await put('in-a-record', Buffer.from('small'))).status, 200)
  })
  after(async () => {
    client.close()
    blobs.destroy()
    await cluster.dispose()
  })

  const put = (name: string, body: Buffer) => client.s3({ method: 'PUT', path: `/${BUCKET}/${name}`, body })
  const store = (...words: string[]) => {
    const { dataFolder } = gateway(0)
    const { stdout, stderr } = runServerCommand(
      'store',
      ...words,
      ...[`--data=${dataFolder}`, `--metadata=${cluster.metadataUrl}`, `--blobs=${cluster.blobsUrl}`],
      '--output=json',
    )
    return JSON.parse(stdout || assert.fail(stderr)) as unknown
  }
  const statusAt = async (at: number, name: string): Promise<number> => {
    const other = new SignedClient(gateway(at), gateway(at).credentials, { keepAlive: false })
    return (await other.s3({ method: 'HEAD', path: `/${BUCKET}/${name}` })).status
  }

  /** One full pass, as the job of a gateway does it in its turns. */
  async function pass(): Promise<FinishedPass> {
    const options = new Map([
      ['data', gateway(0).dataFolder],
      ['metadata', cluster.metadataUrl],
      ['blobs', cluster.blobsUrl],
    ])
    const { context, close } = await openStore({
      settings: readSettings({ options, environment: {} }),
      environment: {},
      clock: systemClock,
      createsWhenMissing: false,
    })
    try {
      await wantScrub(context)
      await scrub(context, { periodMs: 30 * DAY_MS, sharePercent: 100 }, { goesOn: () => true })
      return (await readScrub(context)).record.last ?? assert.fail('the pass has not ended')
    } finally {
      await close()
    }
  }

  const bucketOfBlobs = () => /@([^/]+)\//.exec(cluster.blobsUrl)?.[1]

  async function keysOfBlobs(): Promise<(string | undefined)[]> {
    const { Contents = [] } = await blobs.send(new ListObjectsV2Command({ Bucket: bucketOfBlobs() }))
    return Contents.map(({ Key }) => Key)
  }

  async function spoilBlob(): Promise<void> {
    const place = { Bucket: bucketOfBlobs(), Key: keyOfBlob }
    const { Body } = await blobs.send(new GetObjectCommand(place))
    const bytes = (await Body?.transformToByteArray()) ?? assert.fail('it has no body')
    bytes[200_000] = (bytes[200_000] ?? 0) ^ 1
    await blobs.send(new PutObjectCommand({ ...place, Body: bytes }))
  }

  it('reads all records and blobs, and finds nothing where nothing is wrong', async () => {
    const { blobs: count, bytes, damaged, records } = await pass()
    assert.deepEqual([count, damaged], [2, 0])
    assert.ok(records > 5 && bytes > 2 * BODY.length)
    const { scrub: shown } = store('scrub', '--status') as { scrub: { last: FinishedPass } }
    assert.deepEqual([shown.last.blobs, shown.last.damaged], [2, 0])
  })

  it('finds a blob that changed in the cluster and a record that changed in the database, which every gateway then answers as damaged', async () => {
    await spoilBlob()
    // Asked for once more, and then told of: before the first byte, or by a connection that is cut.
    const cut = (): number => 0
    const got = await client
      .s3({ method: 'GET', path: `/${BUCKET}/in-a-blob` })
      .then(({ status }) => status, cut)
    assert.ok([0, 500].includes(got), `${got}`)
    const text = Buffer.from('in-a-record').toString('hex')
    const changed = await query(
      cluster.metadataUrl,
      `update ${/schema=(\w+)/.exec(cluster.metadataUrl)?.[1] ?? ''}.kv set v = set_byte(v, length(v) - 1, get_byte(v, length(v) - 1) # 1)
       where get_byte(k, 0) = ascii('C') and position('\\x${text}'::bytea in k) > 0 returning 1`,
    )
    assert.equal(changed.length, 1)
    assert.equal((await pass()).damaged, 2)
    const { damaged } = store('damaged') as { damaged: { objectKey: string }[] }
    assert.deepEqual(damaged.map(({ objectKey }) => objectKey).sort(), ['in-a-blob', 'in-a-record'])
    for (const at of [0, 1]) {
      for (const name of ['in-a-blob', 'in-a-record'])
        await until(async () => (await statusAt(at, name)) === 500)
      assert.equal(await statusAt(at, 'whole'), 200)
    }
    for (const name of ['in-a-blob', 'in-a-record']) assert.equal((await put(name, BODY)).status, 200)
    assert.equal((await pass()).damaged, 0)
  })
})
