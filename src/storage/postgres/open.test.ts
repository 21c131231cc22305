import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import {
  NO_ROWS,
  oneValue,
  ScriptedPostgres,
  type AskedQuery,
  type ScriptedAnswer,
} from '../../../test/scripted-postgres.ts'
import { StoreUnavailable } from '../metadata-store.ts'
import { parsePostgresUrl } from './address.ts'
import { migratePostgresStore, openPostgresMetadataStore, UnsuitableStore } from './open.ts'
import { SCHEMA_VERSION } from './schema.ts'
import { openSnapshot } from './snapshot.ts'

/** Settings of a server that takes writes and keeps them. */
const SOUND: Readonly<Record<string, string>> = {
  transaction_read_only: 'off',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  data_checksums: 'on',
}

interface Scripted {
  readonly settings?: Readonly<Record<string, string>>
  /** Of the schema; null: there is none. */
  readonly version?: number | null
  readonly others?: (query: AskedQuery) => ScriptedAnswer
}

const answering =
  ({ settings = {}, version = SCHEMA_VERSION, others = () => NO_ROWS }: Scripted) =>
  (query: AskedQuery): ScriptedAnswer => {
    if (query.text.includes('current_setting'))
      return oneValue('value', { ...SOUND, ...settings }[query.values[0] ?? ''] ?? null)
    if (query.text.includes('to_regclass')) return oneValue('exists', version === null ? 'f' : 't', 'bool')
    if (query.text.startsWith('select version from'))
      return oneValue('version', version === null ? null : String(version), 'int4')
    return others(query)
  }

const servers: ScriptedPostgres[] = []
after(async () => {
  for (const server of servers) await server.close()
})

async function started(answer: (query: AskedQuery) => ScriptedAnswer): Promise<ScriptedPostgres> {
  const server = await ScriptedPostgres.start(answer)
  servers.push(server)
  return server
}

/** At which nobody listens. */
async function freePort(): Promise<number> {
  const server = await ScriptedPostgres.start(() => 'break')
  const { port } = server
  await server.close()
  return port
}

const urlOf = (hosts: readonly { readonly port: number }[], parameters = ''): string =>
  `postgres://user:word@${hosts.map(({ port }) => `127.0.0.1:${port}`).join(',')}/store${parameters}`

async function untilLeft(server: ScriptedPostgres): Promise<void> {
  while (server.openConnections > 0) await new Promise(setImmediate)
}

describe('a metadata store in PostgreSQL', () => {
  it('is opened where the server keeps what it acknowledges, and what crashed programs left is struck off', async () => {
    for (const synchronous_commit of ['on', 'remote_apply', 'remote_write', 'local']) {
      const server = await started(answering({ settings: { synchronous_commit } }))
      const warnings: string[] = []
      const store = await openPostgresMetadataStore(urlOf([server]), (warning) => warnings.push(warning))
      assert.deepEqual(warnings, [])
      assert.deepEqual(server.textsWith('delete from'), [
        `delete from "lugsail".sessions where opened_at < now() - interval '1 day'`,
      ])
      await untilLeft(server)
      assert.equal(server.goodbyes, 1, 'who looked says goodbye')
      await store.close()
    }
  })

  for (const [name, value] of [
    ['fsync', 'off'],
    ['full_page_writes', 'off'],
    ['synchronous_commit', 'off'],
  ] as const)
    it(`is not opened on a server with ${name} = ${value}, unless that is allowed`, async () => {
      const server = await started(answering({ settings: { [name]: value } }))
      await assert.rejects(openPostgresMetadataStore(urlOf([server])), (error: unknown) => {
        assert.ok(error instanceof UnsuitableStore)
        assert.ok(error.message.startsWith(`PostgreSQL at 127.0.0.1:${server.port}/store: `))
        assert.ok(error.message.includes(`${name} = ${value}`))
        assert.match(error.message, /expected on[ .]/)
        return true
      })
      const allowed = urlOf([server], '?allow_unsafe_durability=true')
      await (await openPostgresMetadataStore(allowed)).close()
    })

  it('is opened with a warning where the server does not check its pages', async () => {
    const server = await started(answering({ settings: { data_checksums: 'off' } }))
    const warnings: string[] = []
    const store = await openPostgresMetadataStore(urlOf([server]), (warning) => warnings.push(warning))
    assert.equal(warnings.length, 1)
    assert.match(warnings[0] ?? '', /^PostgreSQL at .* data_checksums = off: /)
    await store.close()
    await (await openPostgresMetadataStore(urlOf([server]))).close()
  })

  for (const [version, words] of [
    [null, /schema "lugsail" does not exist\. Run `lugsail store migrate` first$/],
    [SCHEMA_VERSION - 1, /has version \d+, \d+ is needed\. Run `lugsail store migrate` first$/],
    [SCHEMA_VERSION + 1, /has version \d+ and this program knows versions up to \d+/],
  ] as const)
    it(`is not opened on a schema of version ${version}, and says what to do`, async () => {
      const server = await started(answering({ version }))
      await assert.rejects(openPostgresMetadataStore(urlOf([server])), (error: unknown) => {
        assert.ok(error instanceof UnsuitableStore)
        assert.match(error.message, words)
        assert.ok(error.message.startsWith('PostgreSQL at '))
        return true
      })
      assert.deepEqual(server.textsWith('delete from'), [])
      await untilLeft(server)
    })

  it('is opened on the first host that takes writes', async () => {
    const standby = await started(answering({ settings: { transaction_read_only: 'on' } }))
    const primary = await started(answering({}))
    const nobody = { port: await freePort() }
    await (await openPostgresMetadataStore(urlOf([nobody, standby, primary]))).close()
    assert.equal(standby.textsWith('to_regclass').length, 0)
    assert.equal(primary.textsWith('delete from').length, 1)
    await untilLeft(standby)
    await assert.rejects(openPostgresMetadataStore(urlOf([standby])), (error: unknown) => {
      assert.ok(error instanceof StoreUnavailable)
      assert.ok(error.message.endsWith(`: 127.0.0.1:${standby.port} is a standby, it takes no writes`))
      return true
    })
  })

  it('cannot be reached where nobody answers, and says where it was looked for', async () => {
    const port = await freePort()
    await assert.rejects(openPostgresMetadataStore(urlOf([{ port }])), (error: unknown) => {
      assert.ok(error instanceof StoreUnavailable)
      assert.ok(error.message.startsWith(`PostgreSQL at 127.0.0.1:${port}/store: `))
      assert.match(error.message, /ECONNREFUSED/)
      assert.ok(!error.message.includes('word'))
      return true
    })
  })

  it('is migrated to the schema of this release, and not from that of a later one', async () => {
    const server = await started(answering({ version: 1 }))
    assert.deepEqual(await migratePostgresStore(urlOf([server])), { from: 1, to: SCHEMA_VERSION })
    assert.equal(server.textsWith('create or replace function').length, 1)
    const later = await started(answering({ version: SCHEMA_VERSION + 1 }))
    await assert.rejects(migratePostgresStore(urlOf([later])), (error: unknown) => {
      assert.ok(error instanceof UnsuitableStore)
      assert.match(error.message, /^PostgreSQL at .*use the release that migrated it, or a later one$/)
      return true
    })
    const refusing = await started(
      answering({
        version: 1,
        others: ({ text }) =>
          text.includes('advisory') ? { severity: 'ERROR', code: '55P03', message: 'locked' } : NO_ROWS,
      }),
    )
    await assert.rejects(migratePostgresStore(urlOf([refusing])), (error: unknown) => {
      assert.ok(error instanceof StoreUnavailable)
      assert.match(error.message, /locked \(55P03\)$/)
      return true
    })
    assert.deepEqual(refusing.textsWith('rollback'), ['rollback'])
  })
})

describe('a state of a store in PostgreSQL', () => {
  const ROW = ['\\x6b6579', '\\x76', '\\x0102']
  /** Answers as a primary, or as a standby, whose table has one row. */
  const withRow =
    (standby: 't' | 'f') =>
    ({ text }: AskedQuery): ScriptedAnswer => {
      if (text.includes('pg_is_in_recovery')) return oneValue('standby', standby, 'bool')
      return text.includes('from "lugsail".kv') ? { columns: ['k', 'v', 'ver'], rows: [ROW] } : NO_ROWS
    }

  it('is one transaction that reads alone, however long its reader pauses, and ends with it', async () => {
    const server = await started(withRow('f'))
    const snapshot = await openSnapshot(parsePostgresUrl(urlOf([server])))
    assert.deepEqual(
      server.asked.slice(0, 2).map(({ text }) => text),
      [
        'begin isolation level repeatable read read only',
        'set local idle_in_transaction_session_timeout = 0',
      ],
    )
    assert.ok(server.asked[2]?.text.includes('from "lugsail".version'), 'which fixes the state')
    const range = { start: Buffer.from('a'), end: Buffer.from('z'), limit: 5 }
    const entries = [{ key: Buffer.from('key'), value: Buffer.from('v'), version: '\\x0102' }]
    for (const [asked, order, bytes] of [
      [range, 'asc', String(2 ** 31 - 1)],
      [{ ...range, reverse: true }, 'desc', String(2 ** 31 - 1)],
      [{ ...range, keysOnly: true }, 'asc', '0'],
      [{ ...range, valueBytesMax: 9 }, 'asc', '9'],
    ] as const) {
      assert.deepEqual(await snapshot.scan(asked), entries)
      const { text, values } = server.asked.at(-1) ?? assert.fail()
      assert.ok(text.includes(`order by k ${order} limit $3::int`))
      assert.deepEqual(values, ['\\x61', '\\x7a', '5', bytes])
    }
    await snapshot.close()
    await untilLeft(server)
    assert.equal(server.goodbyes, 1)
  })

  it('is read on the first host that is no standby, which may be behind', async () => {
    const broken = await started(() => 'break')
    const standby = await started(withRow('t'))
    const primary = await started(withRow('f'))
    const snapshot = await openSnapshot(parsePostgresUrl(urlOf([broken, standby, primary])))
    await untilLeft(standby)
    assert.equal(primary.openConnections, 1)
    await snapshot.close()
    await assert.rejects(openSnapshot(parsePostgresUrl(urlOf([standby]))), (error: unknown) => {
      assert.ok(error instanceof StoreUnavailable)
      assert.ok(error.message.endsWith(`: 127.0.0.1:${standby.port} is a standby`))
      return true
    })
  })

  it('that the connection lost is no longer there', async () => {
    const server = await started(withRow('f'))
    const snapshot = await openSnapshot(parsePostgresUrl(urlOf([server])))
    server.breakAll()
    const range = { start: Buffer.from('a'), end: Buffer.from('z'), limit: 5 }
    await assert.rejects(snapshot.scan(range), (error: unknown) => {
      assert.ok(error instanceof StoreUnavailable)
      assert.ok(error.message.startsWith(`PostgreSQL at 127.0.0.1:${server.port}/store: `))
      return true
    })
    await snapshot.close()
  })
})
