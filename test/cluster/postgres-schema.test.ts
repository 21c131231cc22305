import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import {
  migratePostgresStore,
  openPostgresMetadataStore,
  UnsuitableStore,
} from '../../src/storage/postgres/open.ts'
import { LOCK_CLASS } from '../../src/storage/postgres/commit-function.ts'
import { SCHEMA_VERSION } from '../../src/storage/postgres/schema.ts'
import { serverCommand, serverEnvironment } from '../harness/server-command.ts'
import { query, queryAndHold } from './postgres-query.ts'
import { missingPostgres, startPostgres, type PostgresServer } from './postgres-server.ts'

const VERSION_1 = readFileSync(new URL('schema-version-1.sql', import.meta.url), 'utf8')

describe('the schema of PostgreSQL', { skip: missingPostgres() ?? false }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-schema-'))
  let server: PostgresServer
  before(async () => {
    server = await startPostgres()
  })
  after(async () => {
    await server.dispose()
    rmSync(folder, { recursive: true })
  })

  const newSchema = () => {
    const schema = `s${randomBytes(4).toString('hex')}`
    return { schema, url: `${server.url}?schema=${schema}` }
  }
  /** A store as version 1 left it, with what a program of that time put into it. */
  const makeVersion1 = async (entries: number) => {
    const { schema, url } = newSchema()
    await query(server.url, VERSION_1.replaceAll('"older"', `"${schema}"`))
    await query(server.url, `insert into ${schema}.sessions (id, last_commit) values ('an old program', '')`)
    await query(
      server.url,
      `select ${schema}.commit('an old program', 'commit 1', '{}', '{}', '{}', '{}', '{}', '{}', '{}',
         array_agg(convert_to(n::text, 'UTF8')), array_agg(convert_to('value ' || n, 'UTF8')), '{}', '{}')
       from generate_series(1, ${entries}) as n`,
    )
    return { schema, url }
  }
  const lugsail = async (...args: string[]) => {
    const [program, ...before] = serverCommand()
    const child = spawn(program, [...before, ...args], {
      env: serverEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    const [output, problems] = await Promise.all([text(child.stdout), text(child.stderr)])
    return { status: await ended, output, problems }
  }

  it('is made, and left as it is the next time', async () => {
    const { url } = newSchema()
    assert.deepEqual(await migratePostgresStore(url), { from: 0, to: SCHEMA_VERSION })
    assert.deepEqual(await migratePostgresStore(url), { from: SCHEMA_VERSION, to: SCHEMA_VERSION })
  })

  it('goes from version 1 to the newest with all its data, once for four that migrate at the same time', async () => {
    const { schema, url } = await makeVersion1(5_000)
    await assert.rejects(
      openPostgresMetadataStore(url),
      new RegExp(`has version 1, ${SCHEMA_VERSION} is needed\\. Run .lugsail store migrate. first`),
    )
    const runs = await Promise.all(
      Array.from({ length: 4 }, () => lugsail('store', 'migrate', `--metadata=${url}`)),
    )
    assert.deepEqual(
      runs.map(({ status, output }) => [status, output]).sort(),
      [
        [0, `The schema has version ${SCHEMA_VERSION} already.\n`],
        [0, `The schema has version ${SCHEMA_VERSION} already.\n`],
        [0, `The schema has version ${SCHEMA_VERSION} already.\n`],
        [0, `The schema went from version 1 to ${SCHEMA_VERSION}.\n`],
      ],
      runs.map(({ problems }) => problems).join(''),
    )
    assert.deepEqual(await query(server.url, `select version from ${schema}.version`), [
      { version: SCHEMA_VERSION },
    ])
    const store = await openPostgresMetadataStore(url)
    const [entry] = await store.getMany([Buffer.from('4321')])
    assert.equal(entry?.value.toString(), 'value 4321')
    const key = Buffer.from('1')
    const sets = [{ key, value: Buffer.from('newer') }]
    assert.equal(await store.commit({ checks: [{ key, version: entry.version }], sets }), 'ok')
    assert.equal(
      (await store.scan({ start: Buffer.from('0'), end: Buffer.from('a'), limit: 9_999 })).length,
      5_000,
    )
    await store.close()
  })

  it('keeps a program of the older version from writing once it is migrated', async () => {
    const { schema, url } = await makeVersion1(1)
    await migratePostgresStore(url)
    const late = query(
      server.url,
      `select ${schema}.commit('an old program', 'commit 2', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{x}', '{y}', '{}', '{}')`,
    )
    await assert.rejects(late, /this session was ended/)
    assert.equal((await query(server.url, `select from ${schema}.kv`)).length, 1)
  })

  it('stops the start of a gateway that finds none, or an older one, with the command to run', async () => {
    const older = await makeVersion1(1)
    for (const [url, what] of [
      [newSchema().url, 'does not exist'],
      [older.url, `has version 1, ${SCHEMA_VERSION} is needed`],
    ] as const) {
      const { status, problems } = await lugsail(
        'serve',
        `--metadata=${url}`,
        '--blobs=memory:',
        '--listen=127.0.0.1:0',
      )
      assert.equal(status, 2, problems)
      assert.ok(problems.includes(`${what}. Run \`lugsail store migrate\` first`), problems)
    }
  })

  it('is refused when it is newer than the program, which then changes nothing', async () => {
    const { schema, url } = newSchema()
    await migratePostgresStore(url)
    await query(server.url, `update ${schema}.version set version = 99`)
    const newer = new RegExp(`version 99 .* versions up to ${SCHEMA_VERSION}: use the release`)
    await assert.rejects(openPostgresMetadataStore(url.replace('lugsail@', 'lugsail:s3cr3t@')), (error) => {
      assert.ok(error instanceof UnsuitableStore && newer.test(error.message), String(error))
      assert.ok(!error.message.includes('s3cr3t'))
      return true
    })
    const { status, problems } = await lugsail('store', 'migrate', `--metadata=${url}`)
    assert.equal(status, 2)
    assert.match(problems, newer)
    assert.deepEqual(await query(server.url, `select version from ${schema}.version`), [{ version: 99 }])
  })

  it('stops a store that is open when it becomes newer', async () => {
    const { schema, url } = newSchema()
    await migratePostgresStore(url)
    const store = await openPostgresMetadataStore(`${url}&connections=1`)
    const set = (value: string) =>
      store.commit({ sets: [{ key: Buffer.from('a'), value: Buffer.from(value) }] })
    assert.equal(await set('one'), 'ok')
    await query(server.url, `update ${schema}.version set version = 99`)
    await query(server.url, `delete from ${schema}.sessions`)
    await assert.rejects(set('two'), new RegExp(`is not at version ${SCHEMA_VERSION}`))
    await store.close()
  })

  it('forgets the sessions of programs that ended without a word a day ago', async () => {
    const { schema, url } = newSchema()
    await migratePostgresStore(url)
    await query(
      server.url,
      `insert into ${schema}.sessions (id, opened_at) values ('yesterday', now() - interval '25 hours'), ('today', now())`,
    )
    await (await openPostgresMetadataStore(url)).close()
    const left = await query(server.url, `select convert_from(id, 'UTF8') as id from ${schema}.sessions`)
    assert.deepEqual(left, [{ id: 'today' }])
  })

  it('lets a commit of up to 256 different keys go on beside others, and a larger one wait for them', async () => {
    const { url } = newSchema()
    await migratePostgresStore(url)
    const store = await openPostgresMetadataStore(url)
    const keys = Array.from({ length: 257 }, (_, index) => Buffer.from(`key ${index}`))
    const change = (count: number) => ({
      checks: keys.slice(0, count).map((key) => ({ key, version: null })),
      deletes: keys.slice(0, count),
    })
    // As another gateway's commit that is under way.
    const letGo = await queryAndHold(server.url, `select pg_advisory_lock_shared(${LOCK_CLASS}, 1)`)
    assert.equal(await store.commit(change(256)), 'ok')
    const large = store.commit(change(257))
    const waiting = `select from pg_locks where classid = ${LOCK_CLASS} and not granted`
    while ((await query(server.url, waiting)).length === 0);
    await letGo()
    assert.equal(await large, 'ok')
    await store.close()
  })
})
