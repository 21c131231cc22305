import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, closeSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { accountsRange, storeKey, writerLeasesRange } from '../../src/service/keyspace.ts'
import { treesOf } from '../../src/storage/lmdb/data-file.ts'
import { PageTree } from '../../src/storage/lmdb/page-tree.ts'
import { buildBadSectors, PAGE_BYTES } from '../harness/bad-sectors/bad-sectors.ts'
import { noDiskFaults } from '../harness/disk-faults/disk-faults.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { serverCommand, serverEnvironment } from '../harness/server-command.ts'
import { SignedClient, type HttpResponse } from '../harness/signed-client.ts'

const isLong = process.env['LUGSAIL_LONG_TESTS'] !== undefined
const BUCKET = 'bad-at-start'
const OBJECTS = 40
const nameOf = (at: number): string => `object-${String(at).padStart(3, '0')}`
/** Some lie in blobs, some divided, some whole beside their keys. */
const bodyOf = (at: number): Buffer => Buffer.alloc([400, 5_000, 100_000][at % 3] ?? 0, nameOf(at))
/** Of the processes that a page ends: the first, which knows of nothing. */
const ENDS_MAX = 1
const ATTEMPTS_MAX = 6

/** What became of a server on a disk that does not give a page. */
interface Outcome {
  /** Processes that ended without a word. */
  readonly ends: number
  /** What the one said that did not start; null: it serves. */
  readonly refusal: string | null
  readonly read: number
  readonly written: number
  readonly ready: string
}

describe('a start on a page of the metadata that the disk cannot read', { skip: noDiskFaults }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-bad-start-'))
  const [original, data] = [join(folder, 'original'), join(folder, 'data')]
  const file = (of: string): string => join(of, 'store', 'metadata', 'metadata.mdb')
  let library = ''
  let list = ''
  after(() => rmSync(folder, { recursive: true, force: true }))

  before(async () => {
    ;({ library, list } = buildBadSectors(folder))
    const server = await startServer({ dataFolder: original })
    const client = new SignedClient(server, server.credentials)
    await client.lightsail('CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' })
    for (let at = 0; at < OBJECTS; at++) assert.equal((await put(client, at)).status, 200)
    client.close()
    // Its lease stays, and what tells that it ended out of order goes with the next one.
    await server.kill()
    await (await startServer({ dataFolder: original })).stop()
  })

  const pathOf = (at: number): string => `/${BUCKET}/${nameOf(at)}`
  const put = (client: SignedClient, at: number): Promise<HttpResponse> =>
    client.s3({ method: 'PUT', path: pathOf(at), body: bodyOf(at) })

  /** Starts servers on a copy of the store until one answers all that is asked, or says why it does not start. */
  async function live(pages: readonly number[], workers = 1): Promise<Outcome> {
    rmSync(data, { recursive: true, force: true })
    cpSync(original, data, { recursive: true })
    writeFileSync(list, pages.join('\n'))
    const environment = { LD_PRELOAD: library, BAD_SECTORS: list }
    let ends = 0
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      let server: RunningServer
      try {
        server = await startServer({ dataFolder: data, environment, workers })
      } catch (error) {
        const said = String(error)
        if (/the server ended with a signal/.test(said)) ends++
        // Of several workers the one that watches them says that one ended.
        else if (/a worker ended before it listened/.test(said)) ends++
        else {
          assert.match(said, /the server ended with 2\n/)
          return { ends, refusal: said, read: 0, written: 0, ready: '' }
        }
        continue
      }
      const answered = await askAll(server)
      ends += (server.log().match(/"how":"SIGBUS"/g) ?? []).length
      if (answered) {
        assert.equal(await server.stop(), 0)
        return { ends, refusal: null, ...answered }
      }
      if (workers === 1) ends++
      await server.kill()
    }
    return assert.fail(`${ATTEMPTS_MAX} servers did not answer`)
  }

  /** Null where a request was not answered. */
  async function askAll(server: RunningServer): Promise<Pick<Outcome, 'read' | 'written' | 'ready'> | null> {
    const client = new SignedClient(server, server.credentials, { keepAlive: false })
    let [read, written] = [0, 0]
    try {
      for (let at = 0; at < OBJECTS; at++) {
        const { status, body } = await client.s3({ method: 'GET', path: pathOf(at) })
        assert.ok(status === 200 || status === 503, `GET ${at}: ${status}`)
        if (status === 200) {
          assert.ok(body.equals(bodyOf(at)))
          read++
        }
      }
      for (const at of [0, 1, 2, OBJECTS, OBJECTS + 1, OBJECTS + 2]) {
        const { status } = await put(client, at)
        assert.ok(status === 200 || status === 503, `PUT ${at}: ${status}`)
        if (status === 200) written++
      }
      const ready = await fetch(`${server.endpoint}/-/ready`)
      return { read, written, ready: `${ready.status} ${await ready.text()}` }
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error
      return null
    } finally {
      client.close()
    }
  }

  const refused =
    /lugsail serve: metadata: the disk cannot read the part of the metadata in which the record .* lies, without which nothing is served; put the folder/

  /** Where the page lies that has a key, or would have it. */
  function leafOf(key: Uint8Array): number {
    let leaf = 0
    PageTree.ask(
      file(original),
      (tree) => tree.hiddenFrom('row', key),
      (opened, length, at) => {
        leaf = at
        const page = Buffer.alloc(length)
        readSync(opened, page, 0, length, at)
        return page
      },
    )
    return leaf
  }

  function trees() {
    const opened = openSync(file(original), 'r')
    try {
      return treesOf(opened) ?? assert.fail()
    } finally {
      closeSync(opened)
    }
  }

  for (const workers of [1, 2])
    it(`with the leases of processes goes on, and all bodies are read (${workers} workers)`, async () => {
      const outcome = await live([leafOf(writerLeasesRange().start)], workers)
      assert.equal(outcome.refusal, null)
      assert.ok(outcome.ends <= 2 * workers, `${outcome.ends} processes ended`)
      assert.equal(outcome.read, OBJECTS)
      assert.match(outcome.ready, /^200 ok\nthe disk cannot read a part of the metadata\n$/)
    })

  it('with the list of free pages goes on and writes nothing, until "store compact" has written the file anew', async () => {
    const { freeRoot } = trees()
    const pages = [(freeRoot ?? assert.fail()) * PAGE_BYTES]
    const outcome = await live(pages)
    const { ready, ...rest } = outcome
    assert.deepEqual(rest, { ends: 0, refusal: null, read: OBJECTS, written: 0 })
    assert.match(
      ready,
      /^503 the store takes no writes: the disk cannot read the list of free pages of the metadata; "lugsail store compact"/,
    )
    const [program, ...first] = serverCommand()
    const compacted = spawnSync(program, [...first, 'store', 'compact', '--data', data], {
      encoding: 'utf8',
      env: { ...serverEnvironment(), LD_PRELOAD: library, BAD_SECTORS: list },
    })
    assert.equal(compacted.status, 0, compacted.stderr)
    const server = await startServer({ dataFolder: data })
    assert.deepEqual(await askAll(server), { read: OBJECTS, written: 6, ready: '200 ok\n' })
    await server.stop()
  })

  it('with the last record of all goes on, reads, and writes nothing', async () => {
    const outcome = await live([leafOf(Buffer.alloc(1_978, 0xff))])
    assert.deepEqual([outcome.ends, outcome.refusal, outcome.written], [0, null, 0])
    // The rests of divided values are found by way of that page.
    assert.ok(outcome.read >= (OBJECTS * 3) / 5, `${outcome.read} read`)
    assert.match(outcome.ready, /^503 the store takes no writes: the disk cannot read the last page/)
  })

  it('with what the store says of itself ends with a line that says what to do, at each start but the first', async () => {
    const outcome = await live([leafOf(storeKey('identity'))])
    assert.ok(outcome.ends <= ENDS_MAX)
    assert.match(outcome.refusal ?? '', refused)
  })

  it('with the accounts goes on', async () => {
    const outcome = await live([leafOf(accountsRange().start)])
    assert.ok(outcome.ends <= ENDS_MAX)
    assert.equal(outcome.refusal, null)
  })

  it(
    'with any page ends at most a process or two without a word, and all else is answered',
    { skip: !isLong },
    async (t) => {
      const { usedBytes } = trees()
      for (let at = 2 * PAGE_BYTES; at < usedBytes; at += PAGE_BYTES) {
        const outcome = await live([at])
        t.diagnostic(`${at} ${JSON.stringify({ ...outcome, refusal: outcome.refusal?.slice(26, 140) })}`)
        assert.ok(outcome.ends <= 2, `${at}: ${outcome.ends} processes ended`)
        if (outcome.refusal !== null) assert.match(outcome.refusal, refused)
      }
    },
  )
})
