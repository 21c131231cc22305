import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { buildDiskFaults, noDiskFaults } from '../harness/disk-faults/disk-faults.ts'
import { startServer } from '../harness/server.ts'
import { serverCommand, serverEnvironment } from '../harness/server-command.ts'
import { SignedClient, type HttpResponse } from '../harness/signed-client.ts'
import { until } from '../harness/until.ts'
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

/** The files of the metadata that are read by calls, and not through mapped memory, whose pages `bad-sectors` covers: the pages that say which state counts, a compaction's journal and draft, and who writes. */
const METADATA_FILES = ['/metadata.mdb', '/metadata.mdb.changes', '/metadata.mdb.compacting', '/writing-']
const ROUNDS = process.env['LUGSAIL_LONG_TESTS'] === undefined ? 3 : 150
const WRITERS = 4

it(
  `reads by calls of the metadata's files that fail beside a compaction, a backup and a verification, in ${ROUNDS} rounds, are errors of what needed them: no request is unanswered, nothing is lost, and a command that fails says why`,
  { skip: noDiskFaults },
  async (t) => {
    const random = new SeededRandom()
    t.diagnostic(`seed ${random.seed}`)
    const folder = mkdtempSync(join(tmpdir(), 'lugsail-bad-metadata-reads-'))
    const faults = buildDiskFaults(folder)
    const data = join(folder, 'data')
    const server = await startServer({ dataFolder: data, environment: faults.environment })
    const client = new SignedClient(server, server.credentials)
    const run = (...words: string[]): Promise<{ code: number | null; output: string }> =>
      new Promise((resolve, reject) => {
        const [program, ...first] = serverCommand()
        const child = spawn(program, [...first, 'store', ...words, '--data', data], {
          env: { ...serverEnvironment(), ...faults.environment },
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        let output = ''
        for (const stream of [child.stdout, child.stderr])
          stream.setEncoding('utf8').on('data', (text: string) => (output += text))
        child.once('error', reject)
        child.once('close', (code, signal) =>
          resolve({ code, output: code === null ? `${signal}: ${output}` : output }),
        )
      })
    const commands = [['compact'], ['backup', join(folder, 'backup')], ['verify']] as const
    const pathOf = (name: string): string => `/${BUCKET}/${name}`
    const bodyOf = (name: string): Buffer => Buffer.alloc(name.endsWith('0') ? 90_000 : 900, name)
    const [acknowledged, refused] = [new Set<string>(), new Set<string>()]
    const counts = { failedCommands: 0, refusedReads: 0 }
    const check = async (name: string): Promise<void> => {
      const { status, body } = await client.s3({ method: 'GET', path: pathOf(name) })
      if (status === 503 || status === 500) counts.refusedReads++
      else if (status === 404) assert.ok(!acknowledged.has(name), `${name} is lost, seed ${random.seed}`)
      else assert.ok(status === 200 && body.equals(bodyOf(name)), `${name}: ${status}`)
    }
    const write = async (name: string): Promise<void> => {
      const { status } = await client.s3({ method: 'PUT', path: pathOf(name), body: bodyOf(name) })
      assert.ok([200, 500, 503].includes(status), `${name}: ${status}`)
      ;(status === 200 ? acknowledged : refused).add(name)
    }
    try {
      await client.lightsail('CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' })
      for (let round = 0; round < ROUNDS; round++) {
        faults.set({
          call: 'read',
          path: random.oneOf(METADATA_FILES),
          error: 'EIO',
          after: random.below(40),
          times: 1 + random.below(6),
        })
        const command = commands[round % commands.length] ?? assert.fail()
        const running = run(...command)
        const written = await Promise.allSettled(
          Array.from({ length: WRITERS }, async (_, writer) => {
            for (let at = 0; at < 5; at++) {
              await write(`${round}-${writer}-${at}`)
              await check(`${random.below(round + 1)}-${random.below(WRITERS)}-${random.below(5)}`)
            }
          }),
        )
        const { code, output } = await running
        for (const each of written) if (each.status === 'rejected') throw each.reason
        if (code !== 0) {
          counts.failedCommands++
          assert.notEqual(code, null, `${command[0]} was ended by ${output}`)
          assert.match(output, /^lugsail store: \S|problem/m, `${command[0]} says why it failed:\n${output}`)
          assert.doesNotMatch(output, /^ {4}at /m, `${command[0]} says it in words:\n${output}`)
        }
      }
      faults.set()
      // Nobody writes: who could not open its file anew tries it by itself.
      await until(async () => (await fetch(`${server.endpoint}/-/ready`)).ok)
      const refusedBefore = counts.refusedReads
      for (const name of [...acknowledged, ...refused]) await check(name)
      assert.equal(counts.refusedReads, refusedBefore, 'all is read when the disk is well')
      for (const command of [...commands, ['backup', join(folder, 'backup'), '--verify']]) {
        const { code, output } = await run(...command)
        assert.equal(code, 0, `${command.join(' ')}: ${output}`)
      }
      t.diagnostic(JSON.stringify({ acknowledged: acknowledged.size, refused: refused.size, ...counts }))
      assert.equal(await server.stop(), 0)
    } finally {
      client.close()
      await server.kill()
      rmSync(folder, { recursive: true, force: true })
    }
  },
)

it(
  'metadata that could not be opened anew, since the disk gave their first pages no more, are read again once it does, without a write',
  { skip: noDiskFaults },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lugsail-bad-reopening-'))
    const faults = buildDiskFaults(folder)
    const server = await startServer({ dataFolder: join(folder, 'data'), environment: faults.environment })
    const client = new SignedClient(server, server.credentials)
    const path = `/${BUCKET}/object`
    const statusOf = async (method: string): Promise<number> =>
      (await client.s3({ method, path, ...(method === 'PUT' && { body: Buffer.from('body') }) })).status
    try {
      await client.lightsail('CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' })
      assert.equal(await statusOf('PUT'), 200)
      faults.set({ call: 'read', path: '/metadata.mdb', error: 'EIO' })
      assert.equal(await statusOf('PUT'), 503)
      assert.equal(await statusOf('GET'), 503)
      faults.set()
      await until(async () => (await statusOf('GET')) === 200)
      assert.equal(await statusOf('PUT'), 200)
      assert.equal(await server.stop(), 0)
    } finally {
      client.close()
      await server.kill()
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
