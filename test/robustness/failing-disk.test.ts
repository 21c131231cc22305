import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import {
  buildDiskFaults,
  noDiskFaults,
  type DiskFault,
  type DiskFaults,
} from '../harness/disk-faults/disk-faults.ts'
import { errorCodeOf } from '../harness/raw-connection.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { SignedClient, type HttpResponse } from '../harness/signed-client.ts'
import { comesTo, until } from '../harness/until.ts'
import { verifyDataFolder } from '../harness/verify-store.ts'
import { SeededRandom } from '../seeded-random.ts'
import { DiskFaultRounds } from './disk-fault-rounds.ts'

const ROUNDS = process.env['LUGSAIL_LONG_TESTS'] === undefined ? 6 : 500
const BUCKET = 'bucket-of-a-bad-disk'
const METADATA = 'metadata.mdb'
const SMALL = Buffer.alloc(1_000, 's')
const LARGE = Buffer.alloc(300_000, 'l')
/** So large that it is written past the system's memory. */
const DIRECT = Buffer.alloc(3_000_000, 'd')

const statusOf = ({ status, body }: HttpResponse) => `${status} ${errorCodeOf(body.toString())}`.trim()

interface BadDisk {
  readonly server: RunningServer
  readonly faults: DiskFaults
  readonly put: (key: string, body: Buffer) => Promise<string>
  readonly get: (key: string) => Promise<string>
  readonly message: (key: string) => Promise<string>
  readonly ready: () => Promise<string>
}

async function onBadDisk(workers: number, act: (disk: BadDisk) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-bad-disk-'))
  const data = join(folder, 'data')
  const faults = buildDiskFaults(folder)
  const server = await startServer({ workers, dataFolder: data, environment: faults.environment })
  try {
    const client = new SignedClient(server, server.credentials, { keepAlive: false })
    const send = (method: string, key: string, body?: Buffer) =>
      client.s3({ method, path: `/${BUCKET}/${key}`, ...(body && { body }) })
    const made = await client.lightsail('CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' })
    assert.equal(made.status, 200)
    await act({
      server,
      faults,
      put: async (key, body) => statusOf(await send('PUT', key, body)),
      get: async (key) => statusOf(await send('GET', key)),
      message: async (key) =>
        /<Message>(.*)<\/Message>/.exec((await send('PUT', key, SMALL)).body.toString())?.[1] ?? '',
      ready: async () => {
        const response = await fetch(`${server.endpoint}/-/ready`, { headers: { connection: 'close' } })
        return `${response.status} ${(await response.text()).trim()}`
      },
    })
    faults.set()
    assert.equal(await server.stop(), 0)
    assert.deepEqual(await verifyDataFolder(data, { sweeps: true }), [])
  } finally {
    await server.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('a disk that fails', { skip: noDiskFaults }, () => {
  // A page that cannot be written may end the process: see the worker that is replaced, below.
  for (const call of ['point', 'sync'] as const) {
    it(`fails a write whose commit it fails (${call}), and the next one is stored without a restart`, () =>
      onBadDisk(1, async ({ faults, put, get, ready }) => {
        assert.equal(await put('before', SMALL), '200')
        // The server commits by itself, too (when a key was last used): then that commit has failed, and this one has not.
        let [refused, outcome] = ['', '200']
        for (let tries = 0; tries < 20 && outcome === '200'; tries++) {
          refused = `refused-${tries}`
          faults.set({ call, path: METADATA, error: 'EIO', times: 1 })
          outcome = await put(refused, SMALL)
        }
        assert.equal(outcome, '503 ServiceUnavailable')
        assert.equal(await put('after', SMALL), '200')
        assert.equal(await get('before'), '200')
        assert.equal(await get(refused), '404 NoSuchKey')
        assert.equal(await get('after'), '200')
        assert.equal(await ready(), '200 ok')
      }))
  }

  for (const workers of [1, 2]) {
    it(`makes the store read only when it fails again, until it takes writes again (${workers} workers)`, () =>
      onBadDisk(workers, async ({ faults, put, get, message, ready }) => {
        assert.equal(await put('before', SMALL), '200')
        assert.equal(await put('before-large', LARGE), '200')
        faults.set({ call: 'sync', path: METADATA, error: 'EIO' })
        for (let tries = 0; tries < 6 * workers; tries++)
          assert.equal(await put('refused', SMALL), '503 ServiceUnavailable')
        const why = 'the disk reported an error (EIO)'
        assert.equal(await message('refused'), `The server takes no writes now: ${why}. Reading goes on.`)
        assert.equal(await ready(), `503 the store takes no writes: ${why}`)
        for (let tries = 0; tries < 6; tries++) {
          assert.equal(await get('before'), '200')
          assert.equal(await get('before-large'), '200')
        }
        assert.equal(await get('refused'), '404 NoSuchKey')
        faults.set()
        for (let worker = 0; worker < 2 * workers; worker++) {
          await comesTo('200 ok', ready)
          await comesTo('200', () => put('after', SMALL))
        }
        assert.equal(await get('after'), '200')
      }))
  }

  it('answers each of many writes that come at once while it fails', () =>
    onBadDisk(1, async ({ faults, put }) => {
      faults.set({ call: 'point', path: METADATA, error: 'EIO', after: 2, times: 3 })
      const responses = await Promise.all(
        Array.from({ length: 200 }, (_, index) => put(`many/${index % 50}`, SMALL)),
      )
      for (const response of responses) assert.match(response, /^(200|503 ServiceUnavailable)$/)
      assert.ok(
        responses.includes('200') && responses.includes('503 ServiceUnavailable'),
        [...new Set(responses)].join(),
      )
    }))

  const named: readonly (readonly [string, DiskFault, string])[] = [
    [
      'a read-only file system',
      { call: 'write', path: METADATA, error: 'EROFS' },
      'the file system is read only (EROFS)',
    ],
    [
      'a process without descriptors',
      { call: 'write', path: METADATA, error: 'EMFILE' },
      'the process has no file descriptors left (EMFILE)',
    ],
    [
      'a process without memory',
      { call: 'write', path: METADATA, error: 'ENOMEM' },
      'there is no memory left (ENOMEM)',
    ],
  ]
  for (const [what, fault, why] of named) {
    it(`names ${what}`, () =>
      onBadDisk(1, async ({ faults, put, ready }) => {
        faults.set(fault)
        for (let tries = 0; tries < 3; tries++)
          assert.equal(await put('refused', SMALL), '503 ServiceUnavailable')
        assert.equal(await ready(), `503 the store takes no writes: ${why}`)
      }))
  }

  it('replaces a worker that could not write a page of the metadata, and keeps what was acknowledged', () =>
    onBadDisk(2, async ({ server, faults, put, get, ready }) => {
      for (let at = 0; at < 4; at++) assert.equal(await put(`before/${at}`, SMALL), '200')
      faults.set({ call: 'write', path: METADATA, error: 'EIO', times: 1 })
      // Stored where a commit of the server's own met the fault, and answered if the process came to that before it ended itself.
      assert.match(await put('refused', SMALL).catch(cut), /^(200|503 ServiceUnavailable|cut)$/)
      faults.set()
      await until(() => server.log().includes('a worker ended'))
      // The other one serves while the new one starts; but it counts faults for itself, and ends likewise where it met one before there were none.
      await comesTo('200 ok', () => ready().catch(cut))
      for (let at = 0; at < 4; at++) await comesTo('200', () => get(`before/${at}`).catch(cut))
      await comesTo('200', () => put('after', SMALL).catch(cut))
      assert.match(server.log(), /this process cannot be trusted any more/)
    }))

  it('fails the object alone whose blob it cannot read', () =>
    onBadDisk(1, async ({ server, faults, put, get, ready }) => {
      assert.equal(await put('bad', LARGE), '200')
      const [bad = ''] = blobNames(server.dataFolder)
      assert.equal(await put('good', LARGE), '200')
      faults.set({ call: 'read', path: bad, error: 'EIO' })
      for (let tries = 0; tries < 5; tries++) {
        // Before the first byte an error, after it a connection that is cut: never a good end.
        const outcome = await get('bad').catch((error: unknown) => (error instanceof Error ? 'cut' : 'odd'))
        assert.match(outcome, /^(5\d\d |cut)/)
        assert.equal(await get('good'), '200')
      }
      assert.equal(await ready(), '200 ok')
      faults.set()
      assert.equal(await get('bad'), '200')
    }))

  it('drops a blob that it could not sync, and refuses its write', () =>
    onBadDisk(1, async ({ server, faults, put, get }) => {
      assert.equal(await put('before', LARGE), '200')
      for (const path of ['/incoming/', '/blobs/blobs']) {
        faults.set({ call: 'sync', path, error: 'EIO', times: 1 })
        assert.equal(await put('refused', LARGE), '503 ServiceUnavailable', path)
      }
      assert.equal(await get('refused'), '404 NoSuchKey')
      assert.equal(await put('after', LARGE), '200')
      assert.equal(blobNames(server.dataFolder).length, 2)
    }))

  for (const [what, fault] of [
    ['opens no file for it, and has made it then', { call: 'direct', path: '/incoming/', error: 'EINVAL' }],
    [
      'opens files for it and takes no write',
      { call: 'write', path: '/incoming/', error: 'EINVAL', times: 1 },
    ],
  ] as const) {
    it(`takes large uploads where a file system without direct writing ${what}`, () =>
      onBadDisk(1, async ({ server, faults, put, get }) => {
        faults.set(fault)
        for (const key of ['first', 'second']) {
          assert.equal(await put(key, DIRECT), '200')
          assert.equal(await get(key), '200')
        }
        assert.equal(blobNames(server.dataFolder).length, 2)
        const incoming = join(server.dataFolder, 'store', 'blobs', 'incoming')
        const left = readdirSync(incoming, { recursive: true, withFileTypes: true })
        assert.deepEqual(
          left.filter((entry) => entry.isFile() && /^\d+$/.test(entry.name)),
          [],
        )
      }))
  }

  it(`loses nothing and leaves no request unanswered over random faults (${ROUNDS} rounds, one worker and two)`, async (t) => {
    for (const workers of [1, 2]) {
      const random = new SeededRandom()
      t.diagnostic(`seed ${random.seed}`)
      await onBadDisk(workers, async ({ server, faults }) => {
        const rounds = new DiskFaultRounds(server, faults, random)
        await rounds.makeBucket()
        for (let round = 0; round < ROUNDS; round++) await rounds.run()
        const { requests, acknowledged, refused } = rounds.outcome
        t.diagnostic(`${requests} requests, ${acknowledged} changes acknowledged, ${refused} refused`)
        assert.ok(refused > 0)
        assert.doesNotMatch(server.log(), /a worker ended/)
      })
    }
  })
})

/** Instead of a response: the process ended before it. */
const cut = (): string => 'cut'

/** Names of whole blobs. */
function blobNames(data: string): string[] {
  const folder = join(data, 'store', 'blobs', 'blobs')
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}
