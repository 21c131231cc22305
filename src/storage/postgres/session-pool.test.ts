import assert from 'node:assert/strict'
import { after, afterEach, describe, it, mock } from 'node:test'
import {
  NO_ROWS,
  oneValue,
  ScriptedPostgres,
  type AskedQuery,
  type ScriptedAnswer,
} from '../../../test/scripted-postgres.ts'
import { StoreUnavailable } from '../metadata-store.ts'
import { parsePostgresUrl, type PostgresAddress } from './address.ts'
import { SCHEMA_VERSION } from './schema.ts'
import { SessionPool } from './session-pool.ts'
import { Session } from './session.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn()
}

const REGISTERED = oneValue('?column?', '1')

/** Answers what a session asks of a schema of this release, and the rest as the test says. */
const asStore =
  (others: (query: AskedQuery) => ScriptedAnswer = () => NO_ROWS) =>
  (query: AskedQuery): ScriptedAnswer =>
    query.text.startsWith('insert into') ? REGISTERED : others(query)

const servers: ScriptedPostgres[] = []
after(async () => {
  for (const server of servers) await server.close()
})

async function started(answer = asStore()): Promise<ScriptedPostgres> {
  const server = await ScriptedPostgres.start(answer)
  servers.push(server)
  return server
}

const addressOf = (hosts: readonly { readonly port: number }[], parameters = ''): PostgresAddress =>
  parsePostgresUrl(
    `postgres://user:word@${hosts.map(({ port }) => `127.0.0.1:${port}`).join(',')}/store${parameters}`,
  )

const openAt = (server: ScriptedPostgres, parameters = ''): Promise<Session> =>
  Session.open(addressOf([server], parameters), { host: '127.0.0.1', port: server.port })

const QUERY = { name: 'get', text: 'select k from kv where k = $1' }

describe('a session with PostgreSQL', () => {
  it('is registered by its own id where the schema is the one of this release, and struck off when it is closed', async () => {
    const server = await started()
    const [session, other] = [await openAt(server), await openAt(server)]
    assert.notDeepEqual(session.id, other.id)
    const registered = server.asked[0] ?? assert.fail()
    assert.match(registered.text, /^insert into "lugsail"\.sessions /)
    assert.ok(registered.text.includes(`where version = ${SCHEMA_VERSION} `))
    assert.deepEqual(registered.values, [`\\x${session.id.toString('hex')}`])
    await session.close()
    assert.ok(session.isLost)
    assert.deepEqual(server.asked.at(-1), {
      text: 'delete from "lugsail".sessions where id = $1::bytea',
      values: [`\\x${session.id.toString('hex')}`],
    })
    await until(() => server.goodbyes === 1)
    assert.ok(!other.isLost)
    other.destroy()
  })

  it('is none where the schema is another one, and its connection ends', async () => {
    const server = await started(() => NO_ROWS)
    await assert.rejects(openAt(server, '?schema=mine'), (error: unknown) => {
      assert.ok(error instanceof StoreUnavailable)
      assert.match(error.message, new RegExp(`schema "mine" is not at version ${SCHEMA_VERSION}`))
      assert.match(error.message, /lugsail store migrate/)
      return true
    })
    await until(() => server.openConnections === 0)
  })

  it('tells the server who asks, how long it may take, and that the one table is read by its key', async () => {
    const server = await started()
    const session = await openAt(server, '?answer_timeout_ms=1234')
    const [startup] = server.startups
    assert.deepEqual(
      ['user', 'database', 'application_name', 'statement_timeout', 'options'].map((name) =>
        startup?.get(name),
      ),
      ['user', 'store', 'lugsail', '1234', '-c enable_seqscan=off -c jit=off'],
    )
    session.destroy()
  })

  it('gives texts as the server writes them, nulls too', async () => {
    const rows = [
      ['\\x6b', null, '12'],
      ['\\x', 't', ''],
    ]
    const server = await started(asStore(() => ({ columns: ['k', 'v', 'ver'], rows })))
    const session = await openAt(server)
    assert.deepEqual(await session.query(QUERY, [Buffer.from('key')]), rows)
    assert.deepEqual(server.asked.at(-1), { text: QUERY.text, values: ['\\x6b6579'] })
    assert.deepEqual(await session.query(QUERY, [7]), rows)
    assert.deepEqual(server.asked.at(-1)?.values, ['7'])
    session.destroy()
  })

  it('is given up with its query when the server does not answer in time', async () => {
    const server = await started(asStore(() => 'silence'))
    const session = await openAt(server, '?answer_timeout_ms=100')
    await assert.rejects(session.query(QUERY, [1]), (error: unknown) => {
      assert.ok(error instanceof StoreUnavailable)
      assert.equal(error.message, 'no response within 100 ms')
      return true
    })
    assert.ok(session.isLost)
    await until(() => server.openConnections === 0)
  })

  it('is lost when its connection breaks, be it used or not', async () => {
    const server = await started(asStore(() => 'break'))
    const [used, idle] = [await openAt(server), await openAt(server)]
    assert.ok(!used.isLost && !idle.isLost)
    await assert.rejects(used.query(QUERY, [1]))
    await until(() => used.isLost)
    assert.ok(!idle.isLost)
    server.breakAll()
    await until(() => idle.isLost)
  })
})

describe('the sessions of a process', () => {
  afterEach(() => {
    mock.timers.reset()
    mock.restoreAll()
  })
  const pools: SessionPool[] = []
  after(async () => {
    for (const pool of pools) await pool.close()
  })
  const poolAt = (hosts: readonly { readonly port: number }[], parameters = ''): SessionPool => {
    const pool = new SessionPool(addressOf(hosts, parameters))
    pools.push(pool)
    return pool
  }
  /** Says who was served or refused, in which order. */
  function watch(told: string[], name: string, acquired: Promise<Session>): Promise<Session | null> {
    return acquired.then(
      (session) => {
        told.push(`${name} is served`)
        return session
      },
      (error: unknown) => {
        told.push(`${name}: ${(error as Error).message}`)
        return null
      },
    )
  }

  it('are used again, and opened as they are wanted, so many at most', async () => {
    const server = await started()
    const pool = poolAt([server], '?connections=2')
    const first = await pool.acquire()
    pool.release(first)
    assert.equal(await pool.acquire(), first)
    assert.equal(server.startups.length, 1)
    const second = await pool.acquire()
    assert.notEqual(second, first)
    const told: string[] = []
    const waiting = [watch(told, 'one', pool.acquire()), watch(told, 'two', pool.acquire())]
    await turn()
    assert.deepEqual(told, [])
    pool.release(second)
    assert.equal(await waiting[0], second)
    assert.deepEqual(told, ['one is served'])
    pool.release(first)
    assert.equal(await waiting[1], first)
    assert.equal(server.startups.length, 2)
    for (const session of [first, second]) pool.release(session)
  })

  it('keep so many callers waiting at most, and each for five seconds', async () => {
    const server = await started()
    const pool = poolAt([server], '?connections=1&waiting=2')
    const only = await pool.acquire()
    mock.timers.enable({ apis: ['setTimeout'] })
    const told: string[] = []
    const waiting = [watch(told, 'one', pool.acquire())]
    mock.timers.tick(1_000)
    waiting.push(watch(told, 'two', pool.acquire()))
    const where = `PostgreSQL at 127.0.0.1:${server.port}/store`
    await watch(told, 'three', pool.acquire())
    assert.deepEqual(told.splice(0), [`three: ${where}: all 1 connections are busy and 2 calls wait`])
    mock.timers.tick(3_999)
    await turn()
    assert.deepEqual(told, [])
    mock.timers.tick(1)
    await waiting[0]
    assert.deepEqual(told.splice(0), [`one: ${where}: no connection came free within 5000 ms`])
    pool.release(only)
    assert.equal(await waiting[1], only)
    mock.timers.tick(10_000)
    await turn()
    assert.deepEqual(told, ['two is served'])
    pool.release(only)
  })

  it('are replaced when they were lost, also for those who wait', async () => {
    const server = await started()
    const pool = poolAt([server], '?connections=1')
    const first = await pool.acquire()
    pool.release(first)
    server.breakAll()
    await until(() => first.isLost)
    const second = await pool.acquire()
    assert.notEqual(second, first)
    const waiting = pool.acquire()
    second.destroy()
    pool.release(second)
    const third = await waiting
    assert.ok(third !== second && !third.isLost)
    assert.equal(server.startups.length, 3)
    pool.release(third)
  })

  it('are replaced when they are an hour old, and told the server so', async () => {
    const server = await started()
    const pool = poolAt([server], '?connections=1')
    const first = await pool.acquire()
    let ageMs = 3_600_000
    mock.method(performance, 'now', () => first.openedAt + ageMs)
    pool.release(first)
    assert.equal(await pool.acquire(), first)
    ageMs += 1
    pool.release(first)
    const second = await pool.acquire()
    assert.notEqual(second, first)
    await until(() => server.goodbyes === 1)
    assert.equal(server.textsWith('delete from').length, 1)
    pool.release(second)
  })

  it('are those of the first host that serves, and then of that one first', async () => {
    const [down, standby, primary] = [await started(), await started(() => 'break'), await started()]
    const { port } = down
    await down.close()
    servers.splice(servers.indexOf(down), 1)
    const pool = poolAt([{ port }, standby, primary], '?connections=2')
    const sessions = [await pool.acquire(), await pool.acquire()]
    assert.equal(primary.startups.length, 2)
    assert.equal(standby.startups.length, 1, 'the second asked the one that served')
    for (const session of sessions) pool.release(session)
  })

  it('are none where no host serves: whoever asks hears it, and what was wrong first', async () => {
    const refusing = await started(() => ({ severity: 'ERROR', code: '42P01', message: 'no table' }))
    const pool = poolAt([refusing, await started(() => 'break')], '?connections=1')
    const told: string[] = []
    const asking = [watch(told, 'one', pool.acquire()), watch(told, 'two', pool.acquire())]
    await Promise.all(asking)
    assert.equal(told.length, 2)
    for (const text of told) assert.match(text, /no table \(42P01\)\. Run `lugsail store migrate` first$/)
    await assert.rejects(pool.acquire(), StoreUnavailable)
  })

  it('are closed once they are back; whoever waits hears it', async () => {
    const server = await started()
    const pool = poolAt([server], '?connections=2')
    const [used, idle] = [await pool.acquire(), await pool.acquire()]
    const told: string[] = []
    const waiting = watch(told, 'one', pool.acquire())
    let isClosed = false
    const closing = pool.close().then(() => (isClosed = true))
    await waiting
    assert.deepEqual(told, ['one: the metadata store is closed'])
    pool.release(idle)
    await until(() => server.goodbyes === 1)
    assert.ok(!isClosed)
    pool.release(used)
    await closing
    await until(() => server.goodbyes === 2)
    await assert.rejects(pool.acquire(), /the metadata store is closed/)
    assert.equal(server.startups.length, 2)
  })

  it('are closed only with the last one, be it used or just being opened', async () => {
    const refusals: (() => void)[] = []
    const server = await started()
    const used = poolAt([server], '?connections=1')
    const session = await used.acquire()
    const told: string[] = []
    const closing = used.close().then(() => told.push('closed'))
    await turn()
    assert.equal(told.length, 0)
    used.release(session)
    await closing
    mock.method(Session, 'open', async () => {
      await new Promise<void>((resolve) => refusals.push(resolve))
      throw new Error('no host')
    })
    const opening = poolAt([server], '?connections=2')
    const sessions = [watch(told, 'one', opening.acquire()), watch(told, 'two', opening.acquire())]
    const ended = opening.close().then(() => told.push('closed too'))
    for (const refuse of refusals.splice(0, 1)) refuse()
    await sessions[0]
    await turn()
    assert.deepEqual(
      told.map((text) => text.replace(/: .*/, ' is refused')),
      ['closed', 'one is refused'],
    )
    for (const refuse of refusals) refuse()
    await Promise.all([...sessions, ended])
    assert.equal(told.length, 4)
  })

  it('are closed at once where none is used', async () => {
    const server = await started()
    const pool = poolAt([server])
    pool.release(await pool.acquire())
    await pool.close()
    await until(() => server.goodbyes === 1)
    await poolAt([server]).close()
  })
})
