import assert from 'node:assert/strict'
import { chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { Database, missingDatabase } from './database.ts'
import { startWorld } from './world.ts'

const PROGRAMS = resolve('test/clients/barman/venv/bin')
const missing = !existsSync(PROGRAMS) && 'barman is not installed (see test/clients/install-sdks.sh)'

describe('barman-cloud', { skip: missing !== false ? missing : missingDatabase }, () => {
  const world = startWorld()

  /** Runs one of its programs on the server `main`, in a folder of the bucket. */
  const barman = (program: string, options: readonly string[], ...args: string[]): Promise<string> => {
    const place = [`s3://${world().bucket}/databases`, 'main']
    const all = [
      '--endpoint-url',
      world().endpoint,
      '--addressing-style',
      'path',
      ...options,
      ...place,
      ...args,
    ]
    return world().run(join(PROGRAMS, `barman-cloud-${program}`), all)
  }

  it('backs a database up in parts, archives what follows, restores both, and deletes a backup', async () => {
    const written = world().path('written')
    mkdirSync(written, { mode: 0o777 })
    const database = new Database(world(), 'database')
    if (database.owner) chownSync(written, database.owner.uid, database.owner.gid)
    await database.initialize({
      archive_mode: 'on',
      archive_command: `cp %p ${written}/%f`,
      wal_level: 'replica',
    })
    await database.start()
    await database.ask('create table notes as select n, md5(n::text) from generate_series(1, 300000) n')
    const connection = ['-h', database.folder, '-U', database.account, '--immediate-checkpoint']
    const backup = (name: string): Promise<string> =>
      barman('backup', [...connection, '--min-chunk-size', '5MB', '-J', '2', '-n', name])
    await backup('monday')
    await backup('tuesday')
    await database.ask("insert into notes values (0, 'after the backups')")
    const sum = await database.ask('select sum(hashtext(notes::text)::bigint) from notes')
    await database.ask('select pg_switch_wal()')
    await database.stop()
    for (const segment of readdirSync(written).sort())
      await barman('wal-archive', ['-z'], join(written, segment))

    assert.match(await barman('backup-list', []), /monday[^]*tuesday/)
    await barman('check-wal-archive', []).then(
      () => assert.fail('an archive with segments is not empty'),
      () => undefined,
    )
    const back = new Database(world(), 'back')
    await barman('restore', [], 'tuesday', back.dataFolder)
    const restored = world().path('restored')
    mkdirSync(restored)
    // What recovery asks for: segments, and not the labels of backups beside them.
    const segments = readdirSync(written).filter((name) => /^[0-9A-F]{24}$/.test(name))
    for (const segment of segments) await barman('wal-restore', [], segment, join(restored, segment))
    writeFileSync(join(back.dataFolder, 'recovery.signal'), '')
    back.set({ restore_command: `cp ${restored}/%f %p`, archive_mode: 'off' })
    if (back.owner)
      await world().run('chown', ['-R', `${back.owner.uid}:${back.owner.gid}`, back.folder, restored])
    await back.start()
    assert.equal(await back.ask('select sum(hashtext(notes::text)::bigint) from notes'), sum)
    await back.stop()

    await barman('backup-keep', ['--target', 'full'], 'tuesday')
    await barman('backup-delete', ['-b', 'monday'])
    const list = await barman('backup-list', [])
    assert.match(list, /tuesday/)
    assert.doesNotMatch(list, /monday/)
  })
})
