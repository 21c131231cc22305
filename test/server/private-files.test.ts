import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, describe, it } from 'node:test'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { s3Client } from '../harness/clients.ts'
import { startServer, type RunningServer, type StartOptions } from '../harness/server.ts'
import { runServerCommand } from '../harness/server-command.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-private-'))
const servers: RunningServer[] = []
const umask = process.umask(0o022)

/** Starts a server that inherits the umask. */
async function startWithUmask(mask: number, options: StartOptions): Promise<RunningServer> {
  process.umask(mask)
  try {
    const server = await startServer(options)
    servers.push(server)
    return server
  } finally {
    process.umask(umask)
  }
}

/** A small body, which lies in its record, and a large one, which is a blob. */
async function fill(server: RunningServer): Promise<void> {
  const s3 = s3Client(server)
  await s3.send(new CreateBucketCommand({ Bucket: 'payroll' }))
  await s3.send(new PutObjectCommand({ Bucket: 'payroll', Key: 'row', Body: 'confidential' }))
  await s3.send(new PutObjectCommand({ Bucket: 'payroll', Key: 'rows', Body: Buffer.alloc(300_000) }))
}

/** What lies below the folder and others may use, with its mode. */
function openToOthers(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const { mode } = statSync(join(folder, name))
    return (mode & 0o077) === 0 ? [] : [`${name} ${(mode & 0o777).toString(8)}`]
  })
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})
after(() => rmSync(root, { recursive: true, force: true }))

describe('what the server makes', () => {
  for (const mask of [0o000, 0o022, 0o077]) {
    const name = mask.toString(8).padStart(3, '0')
    it(`is its owner’s alone with umask ${name}, in folders that others may read`, async () => {
      const folder = join(root, `umask-${name}`)
      for (const part of ['', 'data', 'metadata', 'blobs']) {
        mkdirSync(join(folder, part))
        chmodSync(join(folder, part), 0o755)
      }
      const server = await startWithUmask(mask, {
        dataFolder: join(folder, 'data'),
        engines: { metadata: `lmdb:${join(folder, 'metadata')}`, blobs: `files:${join(folder, 'blobs')}` },
      })
      await fill(server)
      assert.deepEqual(openToOthers(folder).sort(), ['blobs 755', 'data 755', 'metadata 755'])
      assert.doesNotMatch(server.log(), /others may/)
    })
  }

  it('is its owner’s alone when a command or several workers make it', async () => {
    const folder = join(root, 'workers')
    const server = await startWithUmask(0, { dataFolder: folder, workers: 2 })
    await fill(server)
    process.umask(0)
    runServerCommand('account', 'create', 'bob', '--data', folder)
    process.umask(umask)
    assert.deepEqual(openToOthers(folder), [])
  })
})

describe('what is there already', () => {
  it('is closed to others at the next start', async () => {
    const folder = join(root, 'before')
    const first = await startServer({ dataFolder: folder })
    await fill(first)
    await first.stop()
    const store = join(folder, 'store')
    for (const [name, mode] of [
      ['credentials', 0o644],
      ['store', 0o755],
      ['store/metadata/metadata.mdb', 0o664],
      ['store/metadata/metadata.mdb-lock', 0o644],
      ['store/blobs/blobs', 0o755],
      ['store/blobs/incoming', 0o755],
    ] as const)
      chmodSync(join(folder, name), mode)
    await startWithUmask(umask, { dataFolder: folder })
    assert.deepEqual(openToOthers(folder), [])
    assert.equal(statSync(store).mode & 0o777, 0o700)
  })

  it('draws a warning for each folder that others may write to, which keeps its mode', async () => {
    const folder = join(root, 'shared')
    mkdirSync(folder)
    chmodSync(folder, 0o770)
    const server = await startWithUmask(umask, { dataFolder: folder })
    await server.stop()
    const warnings = server
      .log()
      .split('\n')
      .filter((line) => line.includes('others may write to this folder'))
      .map((line) => JSON.parse(line) as { level: string; path: string; mode: string })
    assert.deepEqual(
      warnings.map(({ level, path, mode }) => ({ level, path, mode })),
      [{ level: 'warn', path: folder, mode: '0770' }],
    )
    assert.equal(statSync(folder).mode & 0o777, 0o770)
  })
})
