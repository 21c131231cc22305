import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { startServer, type RunningServer } from '../harness/server.ts'
import { runServerCommand, serverCommand, serverEnvironment } from '../harness/server-command.ts'
import { SignedClient } from '../harness/signed-client.ts'
import { lookAtStore } from '../harness/verify-store.ts'

const BUCKET = 'compacted'
const OBJECTS = 600
const WRITERS = 6
const bodyOf = (key: string, round: number): Buffer => Buffer.from(`${key} ${round} `.repeat(100))

for (const workers of [1, 2]) {
  describe(`lugsail store compact beside a server of ${workers} worker${workers === 1 ? '' : 's'}`, () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'lugsail-compaction-'))
    const backup = mkdtempSync(join(tmpdir(), 'lugsail-compaction-backup-'))
    const file = join(dataFolder, 'store', 'metadata', 'metadata.mdb')
    const onData = ['--data', dataFolder, '--output', 'json']
    let server: RunningServer | undefined
    after(async () => {
      await server?.stop()
      for (const folder of [dataFolder, backup]) rmSync(folder, { recursive: true, force: true })
    })

    it('gives room back under a load, and loses no write that was acknowledged', async () => {
      server = await startServer({ dataFolder, workers })
      const client = new SignedClient(server, server.credentials)
      const send = async (method: string, key: string, body?: Buffer, headers = {}) =>
        await client.s3({ method, path: `/${BUCKET}/${key}`, headers, ...(body && { body }) })
      await client.lightsail('CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' })
      const names = Array.from({ length: OBJECTS }, (_, number) => `old/${(number * 7_919) % 10_007}`)
      await inTurns(names, async (key) =>
        assert.equal((await send('PUT', key, Buffer.alloc(8_000, key))).status, 200),
      )
      const kept = await send('PUT', 'kept', Buffer.from('before'))
      const etag = String(kept.headers.etag)
      const first = runServerCommand('store', 'backup', backup, ...onData)
      assert.equal(first.status, 0, first.stderr)
      await inTurns(names, async (key) => assert.equal((await send('DELETE', key)).status, 204))

      const acknowledged = new Map<string, number>()
      let isOver = false
      const load = Array.from({ length: WRITERS }, async (_, writer) => {
        for (let round = 1; !isOver || round < 5; round++) {
          const key = `new/${writer}/${round % 7}`
          assert.equal((await send('PUT', key, bodyOf(key, round))).status, 200)
          acknowledged.set(key, round)
          const response = await send('GET', key)
          assert.deepEqual(response.body, bodyOf(key, round), 'a read after a write finds it')
        }
      })
      const before = statSync(file).size
      const compactions = []
      for (let time = 0; time < 2; time++) compactions.push(await compact(onData))
      isOver = true
      await Promise.all(load)
      for (const { status, stdout, stderr } of compactions) {
        assert.equal(status, 0, stderr)
        const { compaction } = JSON.parse(stdout) as { compaction: { bytesAfter: number } }
        assert.ok(compaction.bytesAfter * 2 < before, stdout)
      }

      // A condition on what was there before holds, and does so once.
      const conditional = async (body: string) =>
        (await send('PUT', 'kept', Buffer.from(body), { 'if-match': etag })).status
      assert.deepEqual([await conditional('after'), await conditional('again')], [200, 412])
      for (const [key, round] of acknowledged)
        assert.deepEqual((await send('GET', key)).body, bodyOf(key, round), key)
      const second = runServerCommand('store', 'backup', backup, ...onData)
      assert.equal(second.status, 0, second.stderr)
      client.close()
      await server.stop()
      server = undefined
      const { report } = await lookAtStore(dataFolder, { sweeps: true })
      assert.deepEqual(report.problems, [])
    })

    it('is in a backup that has what was before it and after it', async () => {
      const verified = runServerCommand('store', 'backup', backup, '--verify', '--output', 'json')
      assert.equal(verified.status, 0, verified.stderr)
      const restored = join(backup, 'restored')
      const restore = runServerCommand('store', 'restore', backup, '--data', restored)
      assert.equal(restore.status, 0, restore.stderr)
    })
  })
}

it('lugsail store compact cannot reach a store in memory, and says so', () => {
  const { status, stderr } = runServerCommand('store', 'compact', '--metadata', 'memory:')
  assert.notEqual(status, 0)
  assert.match(stderr, /memory/)
})

async function inTurns(names: readonly string[], work: (name: string) => Promise<unknown>): Promise<void> {
  const left = [...names]
  const worker = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) await work(name)
  }
  await Promise.all(Array.from({ length: 16 }, worker))
}

/** Not as `runServerCommand` does it, which stops this process, and with it the load. */
function compact(onData: readonly string[]) {
  const [program, ...before] = serverCommand()
  const child = spawn(program, [...before, 'store', 'compact', ...onData], { env: serverEnvironment() })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()))
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()))
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once('close', (status) => resolve({ status, stdout, stderr })),
  )
}
