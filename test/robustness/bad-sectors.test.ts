import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { LmdbMetadataStore } from '../../src/storage/lmdb/metadata-store.ts'
import { buildBadSectors, pagesWith } from '../harness/bad-sectors/bad-sectors.ts'
import { noDiskFaults } from '../harness/disk-faults/disk-faults.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { serverCommand, serverEnvironment } from '../harness/server-command.ts'
import { SignedClient } from '../harness/signed-client.ts'
import { sourceProgram } from '../harness/source-program.ts'
import { PATIENCE_MS, until } from '../harness/until.ts'
import { workersOf } from '../harness/worker-processes.ts'

const OBJECTS = 60
const BUCKET = 'bad-sectors'
/** More than a client has to ask until what ends processes is known. */
const ATTEMPTS_MAX = 20
/** No page but its own has a name of this beginning. */
const nameOf = (at: number): string => `object-${String(at).padStart(3, '0')}`
/** Every tenth lies in pages of its own. */
const bodyOf = (at: number): string => `<${nameOf(at)}>`.repeat(at % 10 === 5 ? 300 : 70)

/** Builds the library, and fills a store; then one page with an object's record cannot be read. */
async function setUp(victim = OBJECTS >> 1) {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-bad-sectors-'))
  const { library, list } = buildBadSectors(folder)
  const dataFolder = join(folder, 'data')
  const first = await startServer({ dataFolder })
  const client = new SignedClient(first, first.credentials)
  await client.lightsail('CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' })
  for (let at = 0; at < OBJECTS; at++) assert.equal((await put(client, at)).status, 200)
  client.close()
  await first.stop()
  // Of a divided value the end, which has a page of its own.
  const pages = pagesWith(join(dataFolder, 'store', 'metadata', 'metadata.mdb'), bodyOf(victim).slice(-800))
  writeFileSync(list, pages.join('\n'))
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
  for (const [what, more, endsMin, endsMax] of [
    ['one process', {}, 1, 1],
    // The background work of a server, which reads everything, may meet the page by steps of its own.
    [
      'a few processes where calls are given what mapped memory is not',
      { BAD_SECTORS_BY_CALLS: 'given' },
      3,
      8,
    ],
  ] as const)
    it(`ends ${what}, whoever asks for what lies there and however often, and others are served`, async () => {
      const { dataFolder, environment: bad, victim, dispose } = await setUp()
      const environment = { ...bad, ...more }
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
        assert.ok(ends >= endsMin)
        for (let again = 0; again < 5; again++)
          assert.equal(await asking((client) => get(client, victim)), 503)
        for (const other of [0, 1, OBJECTS - 2, OBJECTS - 1])
          assert.equal(await asking((client) => get(client, other)), 200)
        assert.equal(await asking((client) => put(client, 1).then(({ status }) => status)), 200)
        // A write of the same page would read it.
        assert.equal(await asking((client) => put(client, victim).then(({ status }) => status)), 503)
        assert.ok(ends <= endsMax, `${ends} processes ended`)
      } finally {
        await (server as RunningServer | null)?.stop()
        dispose()
      }
    })

  it('ends the process that does the background work of several workers, and not the one that watches over them', async () => {
    const server = await startServer({ workers: 2 })
    try {
      await until(() => workersOf(server).background !== null)
      const { background } = workersOf(server)
      assert.ok(background !== null, 'the background work has a process')
      process.kill(background, 'SIGBUS')
      await until(() => ![background, null].includes(workersOf(server).background))
      assert.equal((await fetch(`${server.endpoint}/-/ready`)).status, 200)
      assert.match(server.log(), /"role":"background","how":"SIGBUS"/)
      assert.equal(await server.stop(), 0)
    } finally {
      await server.kill()
    }
  })

  for (const [what, more, endsWanted] of [
    ['one process', {}, 1],
    // The first knows of nothing, and the next two tell.
    [
      'three processes, where calls are given what mapped memory is not,',
      { BAD_SECTORS_BY_CALLS: 'given' },
      3,
    ],
  ] as const)
    it(`ends ${what} that write values in two rows, when the second rows of all would lie there`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'lugsail-bad-sectors-'))
      const { library, list } = buildBadSectors(folder)
      try {
        const [data, last] = [join(folder, 'data'), 'the last of all keys']
        const keyOf = (at: number): string => `key ${String(at).padStart(3, '0')}`
        const store = LmdbMetadataStore.open(data)
        // Second rows lie behind all keys, the newest first.
        for (let at = 0; at < 300; at++)
          await store.commit({
            sets: [{ key: Buffer.from(keyOf(at)), value: Buffer.alloc(4_200, 'before') }],
          })
        await store.commit({ sets: [{ key: Buffer.from('z'), value: Buffer.from(last) }] })
        await store.close()
        writeFileSync(list, pagesWith(join(data, 'metadata.mdb'), last).join('\n'))
        const writer = sourceProgram('test/robustness/divided-value-writer.ts')
        const write = (at: number) =>
          spawnSync(process.execPath, [...writer, data, keyOf(at)], {
            encoding: 'utf8',
            env: { ...process.env, LD_PRELOAD: library, BAD_SECTORS: list, ...more },
          })
        let ends = 0
        let at = 0
        for (; at < ATTEMPTS_MAX; at++) {
          const { signal, stdout, stderr } = write(at)
          if (signal === null) {
            assert.equal(stdout, 'ok', stderr)
            break
          }
          assert.equal(signal, 'SIGBUS')
          ends++
        }
        assert.equal(ends, endsWanted)
        assert.deepEqual([write(at).stdout, write(at + 1).stdout], ['ok', 'ok'])
        const again = LmdbMetadataStore.open(data)
        const written = await again.getMany([at, at + 1].map((each) => Buffer.from(keyOf(each))))
        await again.close()
        assert.deepEqual(
          written.map((entry) => entry?.value),
          [at, at + 1].map((each) => Buffer.alloc(4_200, keyOf(each))),
        )
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    })

  for (const [what, victim] of [
    ['a page with several records', OBJECTS >> 1],
    ['a page of the value of one', 25],
  ] as const) {
    it(`is told by verify and backup, which have all else (${what})`, async () => {
      const { dataFolder, environment, dispose } = await setUp(victim)
      const to = mkdtempSync(join(tmpdir(), 'lugsail-bad-sectors-backup-'))
      const run = (withFaults: boolean, ...words: string[]) => {
        const [program, ...before] = serverCommand()
        return spawnSync(program, [...before, 'store', ...words], {
          encoding: 'utf8',
          timeout: PATIENCE_MS,
          env: { ...serverEnvironment(), ...(withFaults && environment) },
        })
      }
      const onData = ['--data', dataFolder, '--output', 'json']
      try {
        const earlier = run(false, 'backup', to, ...onData)
        assert.equal(earlier.status, 0, earlier.stderr)

        const verified = run(true, 'verify', ...onData)
        assert.equal(verified.status, 1, verified.stderr)
        const { report } = JSON.parse(verified.stdout) as {
          report: { versions: number; problems: readonly string[] }
        }
        assert.ok(report.versions >= OBJECTS - 12 && report.versions < OBJECTS, `${report.versions} versions`)
        assert.match(report.problems.join('\n'), /the disk cannot read the page that it lies in/)

        const backup = run(true, 'backup', to, ...onData)
        assert.equal(backup.status, 1, backup.stderr)
        const [before, after] = [stateIn(earlier.stdout), stateIn(backup.stdout)]
        assert.ok(after.damageCount >= 1, 'the backup tells of damage')
        // What cannot be read any more stays as the state before had it; verify has noted what it found.
        assert.ok(after.records >= before.records, `${before.records} records became ${after.records}`)
        const checked = run(false, 'backup', to, '--verify', '--output', 'json')
        assert.equal(checked.status, 0, checked.stdout)
      } finally {
        dispose()
        rmSync(to, { recursive: true, force: true })
      }
    })
  }
})

const stateIn = (output: string) =>
  (JSON.parse(output) as { backup: { state: { damageCount: number; records: number } } }).backup.state
