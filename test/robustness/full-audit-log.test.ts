import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { startServer } from '../harness/server.ts'
import { SignedClient } from '../harness/signed-client.ts'
import { until } from '../harness/until.ts'

const BUCKET = 'full-audit-log'
const folder = mkdtempSync(join(tmpdir(), 'lugsail-full-audit-'))
const small = join(folder, 'small')
mkdirSync(small)
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]).status === 0

it(
  'a server whose audit log has no more space goes on, says so, and writes the lines when there is space again',
  { skip: isMounted ? false : 'no file system can be mounted here' },
  async () => {
    const path = join(small, 'audit.log')
    const server = await startServer({ options: { 'audit-log': path } })
    try {
      const client = new SignedClient(server, server.credentials)
      const created = await client.lightsail('CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' })
      assert.equal(created.status, 200)
      const ballast = join(small, 'ballast')
      writeFileSync(ballast, Buffer.alloc(56 * 1024))
      const count = 60
      for (let at = 0; at < count; at++) {
        const tags = [{ key: 'count', value: String(at) }]
        const tagged = await client.lightsail('TagResource', { resourceName: BUCKET, tags })
        assert.equal(tagged.status, 200)
      }
      await until(() => server.log().includes('the audit log cannot be written; its lines wait'))
      rmSync(ballast)
      // The next try may be some seconds away; a stop does not wait for it.
      client.close()
      await server.stop()
      const lines = readdirSync(small)
        .flatMap((name) => readFileSync(join(small, name), 'utf8').split('\n'))
        .filter((line) => line.startsWith('{') && line.endsWith('}'))
        .map((line) => JSON.parse(line) as { operation: string; requestId?: string })
      const tagged = new Set(
        lines.filter(({ operation }) => operation === 'TagResource').map(({ requestId }) => requestId),
      )
      assert.equal(tagged.size, count)
    } finally {
      await server.stop()
      spawnSync('umount', [small])
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
