/** What lies in a data folder stays as it is when a server of another store is started on it. */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, describe, it } from 'node:test'
import { startServer, type RunningServer, type StartOptions } from '../harness/server.ts'
import { runServerCommand as lugsail } from '../harness/server-command.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-others-'))
const servers: RunningServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})
after(() => rmSync(root, { recursive: true, force: true }))

let count = 0
const newFolder = (): string => join(root, `data-${count++}`)
const start = async (options: StartOptions): Promise<RunningServer> => {
  const server = await startServer(options)
  servers.push(server)
  return server
}
const serve = (data: string, ...more: readonly string[]) =>
  lugsail('serve', '--data', data, '--listen', '127.0.0.1:0', ...more)
/** Every file, with its bytes and when it was last written. */
const contentOf = (folder: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name)
        return [path, `${statSync(path).mtimeMs} ${readFileSync(path, 'latin1')}`]
      }),
  )

describe('a data folder with a store', () => {
  it('is not touched by a server in memory', async () => {
    const dataFolder = newFolder()
    await (await startServer({ dataFolder })).stop()
    const before = contentOf(dataFolder)
    for (const more of [[], ['--blobs', 'memory:']]) {
      const { status, stderr } = serve(dataFolder, '--metadata', 'memory:', ...more)
      assert.equal(status, 2, stderr)
      assert.match(stderr, /data: .*store is of a store that is kept, and a server in memory keeps nothing/)
    }
    assert.deepEqual(contentOf(dataFolder), before)
  })

  it('is not touched by a server whose new store lies elsewhere', async () => {
    const dataFolder = newFolder()
    await (await startServer({ dataFolder })).stop()
    const before = contentOf(dataFolder)
    const elsewhere = ['--metadata', `lmdb:${newFolder()}`]
    assert.match(
      serve(dataFolder, ...elsewhere).stderr,
      /blobs: .*store\/blobs is of the store whose metadata/,
    )
    const blobs = ['--blobs', `files:${newFolder()}`]
    const { status, stderr } = serve(dataFolder, ...elsewhere, ...blobs)
    assert.equal(status, 2, stderr)
    assert.match(stderr, /credentials has the keys of another store.*--data/)
    assert.deepEqual(contentOf(dataFolder), before)
  })

  it('is not taken by a second server, which is told who has it', async () => {
    const server = await start({})
    const before = contentOf(server.dataFolder).get(join(server.dataFolder, 'credentials'))
    for (const more of [[], ['--workers', '2']]) {
      const { status, stderr } = serve(server.dataFolder, ...more)
      assert.equal(status, 1, stderr)
      assert.ok(
        stderr.includes(
          `another server runs on ${server.dataFolder} already (process ${server.pid}, ${server.endpoint})`,
        ),
        stderr,
      )
    }
    assert.equal(contentOf(server.dataFolder).get(join(server.dataFolder, 'credentials')), before)
  })
})

describe('metadata outside the data folder', () => {
  it('are served by one server, whatever data folder another one has', async () => {
    const [folder, metadata] = [newFolder(), newFolder()]
    const engines = { metadata: `lmdb:${metadata}`, blobs: `files:${newFolder()}` }
    const server = await start({ dataFolder: folder, engines })
    const other = newFolder()
    const key = ['--master-key', `file:${join(folder, 'master.key')}`]
    const { status, stderr } = serve(other, '--metadata', engines.metadata, '--blobs', engines.blobs, ...key)
    assert.equal(status, 1, stderr)
    assert.match(stderr, new RegExp(`another server runs on ${metadata} already .*${server.endpoint}`))
  })

  it('may come with a data folder that has the keys of another store, whose address stays', async () => {
    const [one, two] = [newFolder(), newFolder()]
    const engines = { metadata: `lmdb:${newFolder()}`, blobs: `files:${newFolder()}` }
    await (await startServer({ dataFolder: one, engines })).stop()
    await (await startServer({ dataFolder: two })).stop()
    const before = readFileSync(join(two, 'credentials'), 'utf8')
    const key = { 'master-key': `file:${join(one, 'master.key')}` }
    const server = await start({ dataFolder: two, engines, options: key })
    while (!server.log().includes('"msg":"serving"')) await new Promise(setImmediate)
    assert.match(server.log(), /"profiles":"default","msg":"the credentials file has keys of another store/)
    assert.equal(readFileSync(join(two, 'credentials'), 'utf8'), before)
  })
})

describe('a server in memory', () => {
  it('writes over the credentials of one before it, and leaves no master key', async () => {
    const dataFolder = newFolder()
    const first = await startServer({ dataFolder, engines: 'memory' })
    await first.stop()
    const second = await start({ dataFolder, engines: 'memory' })
    assert.notEqual(second.credentials.accessKeyId, first.credentials.accessKeyId)
    assert.ok(!readdirSync(dataFolder).includes('master.key'))
    const { status, stderr } = serve(dataFolder, '--metadata', 'memory:')
    assert.equal(status, 1, stderr)
    assert.match(stderr, /another server runs on/)
  })

  it('keeps bytes in memory too, and says so when they shall lie elsewhere', async () => {
    const dataFolder = newFolder()
    await start({ dataFolder, options: { metadata: 'memory:' } })
    assert.ok(!readdirSync(dataFolder).includes('store'))
    const { status, stderr } = serve(newFolder(), '--metadata', 'memory:', '--blobs', `files:${newFolder()}`)
    assert.equal(status, 2)
    assert.match(stderr, /metadata is memory:, which forgets/)
  })
})
