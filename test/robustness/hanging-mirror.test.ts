import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { buildDiskFaults, noDiskFaults } from '../harness/disk-faults/disk-faults.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { SignedClient } from '../harness/signed-client.ts'
import { verifyDataFolder } from '../harness/verify-store.ts'
import { until } from '../harness/until.ts'

const BUCKET = 'beside-a-mirror'
const LARGE = 300_000

for (const workers of [1, 2])
  it(
    `a mirror in a folder whose file system hangs stops no request, no start and no stop (${workers} workers)`,
    { skip: noDiskFaults },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'lugsail-hanging-mirror-'))
      const [dataFolder, mirror] = [join(folder, 'data'), join(folder, 'mirror')]
      const faults = buildDiskFaults(folder)
      const start = (): Promise<RunningServer> =>
        startServer({
          workers,
          dataFolder,
          environment: faults.environment,
          options: { mirror, 'mirror-interval-seconds': '1' },
        })
      let server = await start()
      try {
        const client = (): SignedClient => new SignedClient(server, server.credentials, { keepAlive: false })
        const made = await client().lightsail('CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' })
        assert.equal(made.status, 200)
        const writeAndRead = async (round: string): Promise<void> => {
          for (let at = 0; at < 20; at++) {
            const path = `/${BUCKET}/${round}/${at}`
            const body = Buffer.alloc(at % 2 === 0 ? 1_000 : LARGE, `${round} ${at} `)
            assert.equal((await client().s3({ method: 'PUT', path, body })).status, 200)
            const read = await client().s3({ method: 'GET', path })
            assert.ok(read.status === 200 && read.body.equals(body))
          }
        }
        await writeAndRead('near')
        await until(() => /the mirror was compared with the store/.test(server.log()))

        faults.set({ call: 'hang', path: mirror, error: 'EIO' })
        await writeAndRead('noted')
        await until(() => faults.hasHung())
        await writeAndRead('while-it-hangs')
        assert.equal((await fetch(`${server.endpoint}/-/ready`)).status, 200)
        await server.stop()
        assert.match(server.log(), /has not answered; this process ends without waiting for it/)

        server = await start()
        await writeAndRead('after-a-start')
        faults.set()
        await until(() => /the mirror was compared with the store/.test(server.log()))
        assert.equal(await server.stop(), 0)
        assert.deepEqual(await verifyDataFolder(dataFolder, { sweeps: true }), [])
      } finally {
        faults.set()
        await server.kill()
        rmSync(folder, { recursive: true, force: true })
      }
    },
  )
