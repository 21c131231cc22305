import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { Database, missingDatabase } from './database.ts'
import { needs, startWorld } from './world.ts'

const { skip } = needs('pgbackrest', 'openssl')

describe('pgBackRest', { skip: skip !== false ? skip : missingDatabase }, () => {
  // It speaks nothing but TLS.
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-pgbackrest-'))
  const tls = { certificate: join(folder, 'server.pem'), key: join(folder, 'server.key') }
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const files = ['-keyout', tls.key, '-out', tls.certificate]
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, ...files], { stdio: 'ignore' })
  after(() => rmSync(folder, { recursive: true, force: true }))
  const world = startWorld(undefined, tls)

  /** Its settings for a database; it finds them in the environment. */
  const settings = (database: Database): Record<string, string> => ({
    PGBACKREST_STANZA: 'main',
    PGBACKREST_CONFIG: '/dev/null',
    PGBACKREST_PG1_PATH: database.dataFolder,
    PGBACKREST_PG1_SOCKET_PATH: database.folder,
    PGBACKREST_PG1_USER: database.account,
    PGBACKREST_PG1_DATABASE: 'postgres',
    PGBACKREST_LOCK_PATH: database.folder,
    PGBACKREST_SPOOL_PATH: database.folder,
    PGBACKREST_LOG_LEVEL_FILE: 'off',
    PGBACKREST_LOG_LEVEL_CONSOLE: 'info',
    PGBACKREST_START_FAST: 'y',
    PGBACKREST_PROCESS_MAX: '2',
    PGBACKREST_REPO1_TYPE: 's3',
    PGBACKREST_REPO1_PATH: '/databases',
    PGBACKREST_REPO1_RETENTION_FULL: '1',
    PGBACKREST_REPO1_S3_BUCKET: world().bucket,
    PGBACKREST_REPO1_S3_REGION: world().region,
    PGBACKREST_REPO1_S3_URI_STYLE: 'path',
    PGBACKREST_REPO1_S3_ENDPOINT: '127.0.0.1',
    PGBACKREST_REPO1_STORAGE_PORT: new URL(world().endpoint).port,
    PGBACKREST_REPO1_STORAGE_VERIFY_TLS: 'n',
    PGBACKREST_REPO1_S3_KEY: world().key.accessKeyId,
    PGBACKREST_REPO1_S3_KEY_SECRET: world().key.secretAccessKey,
  })

  const run = (database: Database, args: readonly string[]): Promise<string> => {
    const { folder, owner } = database
    return world().run('pgbackrest', args, {
      folder,
      environment: settings(database),
      ...(owner && { owner }),
    })
  }

  it('backs a database up whole and in changes, archives, verifies, restores, expires, and removes all', async () => {
    const database = new Database(world(), 'database')
    await database.initialize({
      archive_mode: 'on',
      archive_command: 'pgbackrest archive-push %p',
      wal_level: 'replica',
    })
    await database.start(settings(database))
    await database.ask('create table notes as select n, md5(n::text) from generate_series(1, 300000) n')
    await run(database, ['stanza-create'])
    await run(database, ['check'])
    await run(database, ['backup', '--type=full'])
    await database.ask("update notes set md5 = 'changed' where n < 1000")
    await run(database, ['backup', '--type=incr'])
    await database.ask("insert into notes values (0, 'after the backups')")
    const sum = await database.ask('select sum(hashtext(notes::text)::bigint) from notes')
    await database.ask('select pg_switch_wal()')
    await database.stop()
    assert.match(await run(database, ['info']), /status: ok[^]*full backup[^]*incr backup/)
    assert.doesNotMatch(await run(database, ['verify']), /ERROR|WARN/)

    const back = new Database(world(), 'back')
    await run(back, ['restore', '--archive-mode=off'])
    await back.start(settings(back))
    assert.equal(await back.ask('select sum(hashtext(notes::text)::bigint) from notes'), sum)
    await back.stop()

    await database.start(settings(database))
    await run(database, ['backup', '--type=full'])
    assert.doesNotMatch(await run(database, ['info']), /incr backup/)
    await database.stop()
    await run(database, ['stop'])
    await run(database, ['stanza-delete'])
    assert.equal((await run(database, ['repo-ls', '--recurse', 'backup'])).trim(), '')
  })
})
