import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { buildDiskFaults, noDiskFaults } from '../harness/disk-faults/disk-faults.ts'
import { startServer } from '../harness/server.ts'
import { SignedClient, type HttpResponse } from '../harness/signed-client.ts'
import { SeededRandom } from '../seeded-random.ts'

const FAILURES = process.env['LUGSAIL_LONG_TESTS'] === undefined ? 60 : 1_000
const BUCKET = 'bucket-of-bad-reads'
const OBJECTS = 8
const READERS = 4

it(
  `${FAILURES} reads of bodies that fail in the midst of many are errors of their requests alone: no byte is wrong, no copy is made of half a body, and all is there afterwards`,
  {
    skip: noDiskFaults,
  },
  async (t) => {
    const random = new SeededRandom()
    const folder = mkdtempSync(join(tmpdir(), 'lugsail-bad-reads-'))
    const faults = buildDiskFaults(folder)
    const server = await startServer({
      dataFolder: join(folder, 'data'),
      environment: faults.environment,
    })
    const client = new SignedClient(server, server.credentials)
    const bodies = Array.from({ length: OBJECTS }, (_, at) =>
      Buffer.alloc(100_000 + random.below(900_000), Buffer.from(`${at} ${'body'.repeat(at)}`)),
    )
    const pathOf = (at: number): string => `/${BUCKET}/object-${at}`
    const counts = { whole: 0, range: 0, copy: 0, refused: 0, cut: 0 }
    try {
      assert.equal(
        (await client.lightsail('CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' })).status,
        200,
      )
      for (const [at, body] of bodies.entries())
        assert.equal((await client.s3({ method: 'PUT', path: pathOf(at), body })).status, 200)

      const note = (outcome: HttpResponse | null, what: 'whole' | 'range' | 'copy', bytes?: Buffer): void => {
        if (outcome === null) counts.cut++
        else if (outcome.status >= 500) counts.refused++
        else {
          assert.ok(outcome.status === 200 || outcome.status === 206, `${what}: ${outcome.status}`)
          if (bytes) assert.ok(outcome.body.equals(bytes), `${what}: other bytes, seed ${random.seed}`)
          counts[what]++
        }
      }
      // A connection that is cut in the midst of a body is an error as well.
      const ask = (path: string, method: string, headers = {}): Promise<HttpResponse | null> =>
        client.s3({ method, path, headers }).catch(() => null)
      const read = async (reader: number): Promise<void> => {
        const at = random.below(OBJECTS)
        const body = bodies[at] ?? assert.fail()
        const chosen = random.below(4)
        if (chosen === 0) {
          const copied = `/${BUCKET}/copy-${reader}`
          note(await ask(copied, 'PUT', { 'x-amz-copy-source': pathOf(at) }), 'copy')
        } else if (chosen === 1) {
          const start = random.below(body.length)
          const end = Math.min(body.length - 1, start + random.below(400_000))
          note(
            await ask(pathOf(at), 'GET', { range: `bytes=${start}-${end}` }),
            'range',
            body.subarray(start, end + 1),
          )
        } else note(await ask(pathOf(at), 'GET'), 'whole', body)
      }

      while (counts.refused + counts.cut < FAILURES) {
        faults.set({
          call: 'read',
          path: '/blobs/',
          error: 'EIO',
          after: random.below(12),
          times: 1 + random.below(4),
        })
        for (let turn = 0; turn < 4; turn++)
          await Promise.all(Array.from({ length: READERS }, (_, reader) => read(reader)))
      }
      faults.set()
      for (const [at, body] of bodies.entries()) note(await ask(pathOf(at), 'GET'), 'whole', body)
      for (let reader = 0; reader < READERS; reader++) {
        const copy = await client.s3({ method: 'GET', path: `/${BUCKET}/copy-${reader}` })
        assert.ok(copy.status === 404 || bodies.some((body) => body.equals(copy.body)), `copy ${reader}`)
      }
      t.diagnostic(JSON.stringify({ seed: random.seed, ...counts }))
      assert.ok(counts.whole > 0 && counts.range > 0 && counts.copy > 0)
      assert.equal(await server.stop(), 0)
    } finally {
      client.close()
      await server.kill()
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
