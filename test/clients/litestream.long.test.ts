import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { before, describe, it } from 'node:test'
import { needs, startWorld } from './world.ts'

/** Writes so many rows of 10 000 bytes to the database that is named, in a commit for each ten. */
const WRITER = `
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute('pragma journal_mode = wal')
database.execute('create table if not exists notes (number integer primary key, body blob)')
for _ in range(int(sys.argv[2]) // 10):
    database.executemany('insert into notes (body) values (?)', [(os.urandom(10000),) for _ in range(10)])
    database.commit()
`

/** Tells the number of rows of a sound database, and the digest of all of them. */
const READER = `
import hashlib, sqlite3, sys
database = sqlite3.connect(sys.argv[1])
assert database.execute('pragma integrity_check').fetchone() == ('ok',)
digest = hashlib.sha256()
rows = 0
for number, body in database.execute('select number, body from notes order by number'):
    digest.update(b'%d' % number + body)
    rows += 1
print(rows, digest.hexdigest())
`

describe('Litestream', needs('litestream', 'python3'), () => {
  const world = startWorld()
  const litestream = (...args: string[]): Promise<string> => world().run('litestream', args)
  const write = (rows: number): Promise<string> =>
    world().run('python3', ['-c', WRITER, 'app.db', String(rows)])
  const read = (file: string): Promise<string> => world().run('python3', ['-c', READER, file])
  const restore = async (name: string, ...options: string[]): Promise<string> => {
    await litestream('restore', '-config', 'litestream.yml', ...options, '-o', name, world().path('app.db'))
    return await read(name)
  }

  before(() => {
    const replica = {
      type: 's3',
      bucket: world().bucket,
      path: 'databases/of the app+é',
      endpoint: world().endpoint,
      region: world().region,
      'force-path-style': true,
    }
    // YAML takes JSON.
    writeFileSync(
      world().path('litestream.yml'),
      JSON.stringify({ dbs: [{ path: world().path('app.db'), replica }] }),
    )
  })

  it('replicates a database of 30 MB and what is added to it, and restores it as it is', async () => {
    await write(3000)
    await litestream('replicate', '-config', 'litestream.yml', '-once')
    assert.equal(await restore('first.db'), await read('app.db'))
    await write(500)
    await litestream('replicate', '-config', 'litestream.yml', '-once')
    assert.equal(await restore('second.db'), await read('app.db'))
    assert.match(await read('second.db'), /^3500 /)
  })

  it('replicates while a program writes', async () => {
    const writer = world().path('writer.py')
    writeFileSync(writer, WRITER)
    await litestream(
      'replicate',
      '-config',
      'litestream.yml',
      '-exec',
      `python3 ${writer} ${world().path('app.db')} 1000`,
    )
    assert.equal(await restore('third.db'), await read('app.db'))
    assert.match(await read('third.db'), /^4500 /)
  })
})
