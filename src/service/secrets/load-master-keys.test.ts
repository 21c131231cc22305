import assert from 'node:assert/strict'
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { loadMasterKeys } from './load-master-keys.ts'
import { mintMasterKey } from './master-keys.ts'

describe('loadMasterKeys', () => {
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lugsail-keys-'))
  })
  after(() => rm(folder, { recursive: true }))

  it('makes a missing file with mode 0600, once', async () => {
    const source = { type: 'file', path: join(folder, 'new', 'key'), createsWhenMissing: true } as const
    const first = await loadMasterKeys(source)
    const second = await loadMasterKeys(source)
    assert.equal((await stat(source.path)).mode & 0o777, 0o600)
    assert.deepEqual(second.newest, first.newest)
  })

  it('gives racing processes the same key', async () => {
    const source = { type: 'file', path: join(folder, 'raced'), createsWhenMissing: true } as const
    const all = await Promise.all(Array.from({ length: 8 }, () => loadMasterKeys(source)))
    for (const keys of all) assert.deepEqual(keys.newest, all[0]?.newest)
    assert.deepEqual(await readdir(join(folder)), ['new', 'raced'])
  })

  it('refuses a file that others may read', async () => {
    const path = join(folder, 'open')
    await writeFile(path, mintMasterKey())
    await chmod(path, 0o644)
    await assert.rejects(loadMasterKeys({ type: 'file', path, createsWhenMissing: true }), /mode 0644.*0600/)
  })

  it('refuses a missing file that it may not make', async () => {
    const path = join(folder, 'missing')
    await assert.rejects(loadMasterKeys({ type: 'file', path, createsWhenMissing: false }), /does not exist/)
  })

  it('names the line that is wrong, and not what it says', async () => {
    const path = join(folder, 'wrong')
    await writeFile(path, `${mintMasterKey()}\n\n# older\nhunter2\n`, { mode: 0o600 })
    await assert.rejects(
      loadMasterKeys({ type: 'file', path, createsWhenMissing: false }),
      (error: Error) => /line 4 of master key file/.test(error.message) && !error.message.includes('hunter2'),
    )
  })

  it('takes keys from an environment value, separated by spaces', async () => {
    const value = `${mintMasterKey()} ${'0a'.repeat(32)}`
    const keys = await loadMasterKeys({ type: 'environment', name: 'LUGSAIL_MASTER_KEY', value })
    assert.equal(keys.byId.size, 2)
    assert.deepEqual(keys.newest.key, Buffer.alloc(32, 10))
  })

  it('takes keys from a command', async () => {
    const path = join(folder, 'printed')
    await writeFile(path, mintMasterKey())
    const keys = await loadMasterKeys({ type: 'command', command: `cat '${path}'` })
    assert.equal(keys.newest.key.toString('base64'), await readFile(path, 'utf8'))
  })

  it('reports a failing command without its output', async () => {
    await assert.rejects(
      loadMasterKeys({ type: 'command', command: 'echo hunter2; echo hunter2 >&2; exit 3' }),
      (error: Error) => /ended with 3/.test(error.message) && !error.message.includes('hunter2'),
    )
  })
})
