import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { noDiskFaults } from '../harness/disk-faults/disk-faults.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { SignedClient } from '../harness/signed-client.ts'

const SOURCE = new URL('../harness/bad-sectors/bad-sectors.c', import.meta.url).pathname
const PAGE_BYTES = 4_096
const OBJECTS = 60
const BUCKET = 'bad-sectors'
/** More than a client has to ask until what ends processes is known. */
const ATTEMPTS_MAX = 20
/** No page but its own has a name of this beginning. */
const nameOf = (at: number): string => `object-${String(at).padStart(3, '0')}`
const bodyOf = (at: number): string => `<${nameOf(at)}>`.repeat(70)

/** Builds the library, and fills a store; then one page with an object's record cannot be read. */
async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-bad-sectors-'))
  const [library, list] = [join(folder, 'bad-sectors.so'), join(folder, 'list')]
  const built = spawnSync('gcc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE, '-ldl'])
  assert.equal(built.status, 0, built.stderr.toString())
  const dataFolder = join(folder, 'data')
  const first = await startServer({ dataFolder })
  const client = new SignedClient(first, first.credentials)
  await client.lightsail('CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' })
  for (let at = 0; at < OBJECTS; at++) assert.equal((await put(client, at)).status, 200)
  client.close()
  await first.stop()
  const victim = OBJECTS >> 1
  // Rows that were written over lie there still: all of them are pages of this object.
  const file = readFileSync(join(dataFolder, 'store', 'metadata', 'metadata.mdb'))
  const pages = new Set<number>()
  for (let at = file.indexOf(bodyOf(victim)); at >= 0; at = file.indexOf(bodyOf(victim), at + 1))
    pages.add(Math.floor(at / PAGE_BYTES) * PAGE_BYTES)
  assert.ok(pages.size > 0)
  writeFileSync(list, [...pages].join('\n'))
  return {
    dataFolder,
    victim,
    environment: { LD_PRELOAD: library, BAD_SECTORS: list },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const put = (client: SignedClient, at: number) =>
  client.s3({ method: 'PUT', path: `/${BUCKET}/${nameOf(at)}`, body: Buffer.from(bodyOf(at)) })

/** The status, or null when the process ended. */
const get = (client: SignedClient, at: number): Promise<number | null> =>
  client.s3({ method: 'GET', path: `/${BUCKET}/${nameOf(at)}` }).then(
    ({ status, body }) => {
      if (status === 200) assert.equal(body.toString(), bodyOf(at))
      return status
    },
    () => null,
  )

describe('a page of the metadata that the disk cannot read', { skip: noDiskFaults }, () => {
  it('ends no more than a few processes, whoever asks for what lies there and however often, and others are served', async () => {
    const { dataFolder, environment, victim, dispose } = await setUp()
    let server: RunningServer | null = null
    let ends = 0
    try {
      const asking = async (ask: (client: SignedClient) => Promise<number | null>): Promise<number> => {
        for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
          server ??= await startServer({ dataFolder, environment })
          const client = new SignedClient(server, server.credentials, { keepAlive: false })
          const status = await ask(client)
          client.close()
          if (status !== null) return status
          ends++
          await server.kill()
          server = null
        }
        return assert.fail(`${ATTEMPTS_MAX} processes ended`)
      }
      assert.equal(await asking((client) => get(client, victim)), 503)
      assert.ok(ends >= 3)
      for (let again = 0; again < 5; again++) assert.equal(await asking((client) => get(client, victim)), 503)
      for (const other of [0, 1, OBJECTS - 2, OBJECTS - 1])
        assert.equal(await asking((client) => get(client, other)), 200)
      assert.equal(await asking((client) => put(client, 1).then(({ status }) => status)), 200)
      // A write of the same page would read it.
      assert.equal(await asking((client) => put(client, victim).then(({ status }) => status)), 503)
      // Three for the requests; the jobs of the server, which read everything, may meet the page by a step of their own.
      assert.ok(ends <= 8, `${ends} processes ended`)
    } finally {
      await (server as RunningServer | null)?.stop()
      dispose()
    }
  })
})
