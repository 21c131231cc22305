import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startServer, type RunningServer } from '../harness/server.ts'
import { verifyDataFolder } from '../harness/verify-store.ts'
import { describeRaces } from '../races/describe-races.ts'
import { codeOf, countOf, pick, RaceWorld, times } from '../races/race-world.ts'

const ROUNDS = process.env['LUGSAIL_LONG_TESTS'] === undefined ? 3 : 200
const WORKERS = 3

describe(`several workers over one embedded store (${ROUNDS} rounds each)`, () => {
  let server: RunningServer
  let opened: RaceWorld | null = null
  const data = mkdtempSync(join(tmpdir(), 'lugsail-workers-'))
  const world = () => opened ?? assert.fail('the server does not run')

  before(async () => {
    server = await startServer({
      workers: WORKERS,
      dataFolder: data,
      options: { 'buckets-per-account-max': '100000' },
    })
    opened = new RaceWorld([server])
  })
  after(async () => {
    await server.stop()
    rmSync(data, { recursive: true, force: true })
  })

  describeRaces(world, ROUNDS)

  it('refuse a deleted key on the very next request, and the commit of an upload that began before', async () => {
    const bucketName = await world().makeBucket()
    const body = randomBytes(100_000)
    for (let round = 0; round < ROUNDS; round++) {
      const key = await world().makeKey(bucketName)
      const client = pick(world().clientsOf(key), 0)
      const path = `/${bucketName}/round-${round}`
      const list = () => client.s3({ method: 'GET', path: `/${bucketName}?list-type=2&max-keys=1` })
      // Each worker has seen the key, and keeps what it derived from it.
      for (const response of await Promise.all(times(2 * WORKERS, list))) assert.equal(response.status, 200)
      const uploads = times(WORKERS, (index) =>
        client.beginS3({
          method: 'PUT',
          path: `${path}/${index}`,
          // Large ones stop in the middle of a file, a small one before its record.
          headers: { 'content-length': String(index === 0 ? 1_000 : body.length) },
        }),
      )
      await Promise.all(uploads.map((upload) => upload.write(body.subarray(0, 500))))
      const deleted = await world().lightsail(0, 'DeleteBucketAccessKey', {
        bucketName,
        accessKeyId: key.accessKeyId,
      })
      assert.equal(deleted.status, 200)
      const refused = { [`403 InvalidAccessKeyId`]: 2 * WORKERS }
      assert.deepEqual(countOf(await Promise.all(times(2 * WORKERS, list))), refused, `round ${round}`)
      const ends = await Promise.all(
        uploads.map((upload, index) => upload.end(body.subarray(500, index === 0 ? 1_000 : undefined))),
      )
      assert.deepEqual(countOf(ends), { '403 InvalidAccessKeyId': WORKERS }, `round ${round}`)
    }
    const listed = await world().s3(0, { method: 'GET', path: `/${bucketName}?list-type=2` })
    assert.match(listed.body.toString(), /<KeyCount>0</)
  })

  it('count what is stored exactly, whoever wrote it', async () => {
    const bucketName = await world().makeBucket()
    await Promise.all(
      times(8, async (writer) => {
        for (let count = 0; count < ROUNDS; count++) {
          const path = `/${bucketName}/${(writer + count) % 3}`
          const body = randomBytes(count % 3 === 0 ? 40_000 : 1_000 + writer)
          const response =
            (count + writer) % 4 === 0
              ? await world().s3(0, { method: 'DELETE', path })
              : await world().s3(0, { method: 'PUT', path, body })
          assert.ok(response.status < 300, codeOf(response))
        }
      }),
    )
    await server.stop()
    assert.deepEqual(await verifyDataFolder(data, { sweeps: true }), [])
  })
})
