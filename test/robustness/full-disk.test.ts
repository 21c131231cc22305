import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { errorCodeOf } from '../harness/raw-connection.ts'
import { startServer } from '../harness/server.ts'
import { SignedClient, type HttpResponse } from '../harness/signed-client.ts'
import { mountSmallDisk, noDiskOf } from '../harness/small-disk.ts'
import { comesTo } from '../harness/until.ts'
import { verifyDataFolder } from '../harness/verify-store.ts'

const BUCKET = 'full-disk'
const SMALL_BYTES = 40_000
const LARGE_BYTES = 400_000
/** As few as hold a store, so that it is soon full. */
const DISK_MEGABYTES = 48
const statusOf = ({ status, body }: HttpResponse) => `${status} ${errorCodeOf(body.toString())}`.trim()
const FULL = '507 InsufficientStorage'
const QUICK = ['tmpfs', 'tmpfs with few inodes', 'ext4', 'ext4 with few inodes'] as const
/** Larger ones. What the quota does not let in it refuses with EDQUOT. */
const SLOW = ['xfs', 'btrfs', 'btrfs with a quota'] as const

describe('a full disk', () => {
  for (const kind of process.env['LUGSAIL_LONG_TESTS'] === undefined ? QUICK : [...QUICK, ...SLOW])
    for (const workers of kind === 'ext4' ? [1, 2] : [1]) {
      it(
        `takes deletes and nothing else, and new objects as soon as there is room (${kind}, ${workers} workers)`,
        { skip: noDiskOf(kind) },
        async () => {
          const folder = mkdtempSync(join(tmpdir(), 'lugsail-full-disk-'))
          const disk = mountSmallDisk(folder, kind, DISK_MEGABYTES)
          const data = join(disk.path, 'data')
          const server = await startServer({
            workers,
            dataFolder: data,
            options: { 'disk-reserve-bytes': '4194304' },
          })
          try {
            const client = new SignedClient(server, server.credentials, { keepAlive: false })
            const s3 = async (method: string, path: string, body?: Buffer) =>
              await client.s3({ method, path: `/${BUCKET}/${path}`, ...(body && { body }) })
            const put = async (key: string, bytes: number) =>
              statusOf(await s3('PUT', key, Buffer.alloc(bytes, key)))
            const lightsail = async (operation: string, input: object) => {
              const response = await client.lightsail(operation, { bucketName: BUCKET, ...input })
              return {
                status: statusOf(response),
                body: JSON.parse(response.body.toString()) as { accessKey?: { accessKeyId: string } },
              }
            }
            assert.equal((await lightsail('CreateBucket', { bundleId: 'small_1_0' })).status, '200')
            const made = await lightsail('CreateBucketAccessKey', {})
            const accessKeyId = made.body.accessKey?.accessKeyId ?? ''
            const begun = (await s3('POST', 'upload?uploads')).body.toString()
            const uploadId = /<UploadId>(.*)<\/UploadId>/.exec(begun)?.[1] ?? ''
            // The reserve is made a second after the start.
            await delay(2_500)

            const stored: string[] = []
            let refused = ''
            const fill = async (bytes: number) => {
              for (refused = ''; refused === '';) {
                const key = `${bytes}-${stored.length}`
                const outcome = await put(key, bytes)
                if (outcome === '200') stored.push(key)
                else refused = outcome
                assert.ok(stored.length < 5_000, 'the disk is never full')
              }
              assert.equal(refused, FULL)
            }
            await fill(LARGE_BYTES)
            if (!kind.endsWith('few inodes')) {
              await fill(SMALL_BYTES)
              await fill(100)
              let refusal = ''
              // Each worker finds out for itself.
              for (let tries = 0; tries < 50 && refusal === ''; tries++)
                refusal = (await s3('PUT', 'last', Buffer.alloc(SMALL_BYTES))).body.toString()
              assert.match(
                refusal,
                /<Message>The disk of the server is full: at least \d+ bytes more are needed. Deleting goes on.</,
              )
              if (workers === 1) {
                const ready = await fetch(`${server.endpoint}/-/ready`, { headers: { connection: 'close' } })
                assert.match(`${ready.status} ${await ready.text()}`, /^503 the disk is full: /)
              }
            }
            for (const key of stored) assert.equal((await s3('HEAD', key)).status, 200, key)

            assert.equal(statusOf(await s3('DELETE', `upload?uploadId=${uploadId}`)), '204')
            assert.equal((await lightsail('DeleteBucketAccessKey', { accessKeyId })).status, '200')
            const removed = stored.filter((_, at) => at % 3 === 0)
            for (const key of removed) assert.equal(statusOf(await s3('DELETE', key)), '204', key)
            // Several workers ask each other whether anybody reads a blob, which they do every five seconds.
            await comesTo('200', () => put('after', LARGE_BYTES))
            for (const key of stored)
              assert.equal((await s3('HEAD', key)).status, removed.includes(key) ? 404 : 200, key)
            assert.equal(await server.stop(), 0)
            assert.deepEqual(await verifyDataFolder(data, { sweeps: true }), [])
            assert.doesNotMatch(server.log(), /a worker ended|cannot be trusted/)
          } finally {
            await server.kill()
            disk.remove()
            rmSync(folder, { recursive: true, force: true })
          }
        },
      )
    }
})
