import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { errorCodeOf } from '../harness/raw-connection.ts'
import { startServer } from '../harness/server.ts'
import { SignedClient, type HttpResponse } from '../harness/signed-client.ts'
import { comesTo } from '../harness/until.ts'
import { verifyDataFolder } from '../harness/verify-store.ts'

const BUCKET = 'full-bucket'
const canLimit = spawnSync('prlimit', ['--version']).status === 0
/** A write that fails, or one that is not begun since the reserve of the disk cannot be made whole: which of them comes first is chance. */
const REFUSALS = ['503 ServiceUnavailable', '507 InsufficientStorage']
const isRefused = (outcome: string): void => assert.ok(REFUSALS.includes(outcome), outcome)
const statusOf = ({ status, body }: HttpResponse) => `${status} ${errorCodeOf(body.toString())}`.trim()

// A limit on the size of files stands for a full disk: it fails the same writes, and needs no mount.
it(
  'a server that cannot write says so, keeps what it has, and goes on when it can write again',
  { skip: canLimit ? false : 'the command prlimit is not there' },
  async () => {
    const data = mkdtempSync(join(tmpdir(), 'lugsail-full-'))
    const server = await startServer({ dataFolder: data })
    try {
      const client = new SignedClient(server, server.credentials)
      const limitFiles = (bytes: string) =>
        execFileSync('prlimit', ['--pid', String(server.pid), `--fsize=${bytes}:`])
      const put = async (key: string, body: Buffer) =>
        statusOf(await client.s3({ method: 'PUT', path: `/${BUCKET}/${key}`, body }))
      const input = { bucketName: BUCKET, bundleId: 'small_1_0' }
      assert.equal(statusOf(await client.lightsail('CreateBucket', input)), '200')
      const [small, large] = [Buffer.alloc(30_000, 's'), Buffer.alloc(3_000_000, 'l')]
      assert.equal(await put('large-before', large), '200')

      limitFiles('2000000')
      isRefused(await put('large-refused', large))
      const stored: string[] = []
      // One that is refused leaves room for smaller ones at times; then nothing more goes in.
      for (let refusedInARow = 0; refusedInARow < 5 && stored.length < 1_000;) {
        const outcome = await put(`small-${stored.length}`, small)
        if (outcome === '200') stored.push(`small-${stored.length}`)
        else isRefused(outcome)
        refusedInARow = outcome === '200' ? 0 : refusedInARow + 1
      }
      isRefused(await put('refused', small))
      for (const key of ['large-before', ...stored]) {
        const response = await client.s3({ method: 'HEAD', path: `/${BUCKET}/${key}` })
        assert.equal(response.status, 200, key)
      }
      for (const key of ['large-refused', 'refused']) {
        const response = await client.s3({ method: 'HEAD', path: `/${BUCKET}/${key}` })
        assert.equal(response.status, 404, key)
      }

      limitFiles('unlimited')
      await comesTo('200', () => put('large-after', large))
      assert.equal(await put('small-after', small), '200')
      assert.equal(await server.stop(), 0)
      assert.deepEqual(await verifyDataFolder(data, { sweeps: true }), [])
    } finally {
      await server.kill()
      rmSync(data, { recursive: true, force: true })
    }
  },
)
