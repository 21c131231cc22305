import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DatabaseError } from 'pg'
import { CommitUnknown, StoreUnavailable, type Change } from '../metadata-store.ts'
import { parsePostgresUrl } from './address.ts'
import { byteArray } from './byte-arrays.ts'
import { Commits, type CommitSession } from './commits.ts'
import { PostgresMetadataStore } from './metadata-store.ts'
import { scopeOfRange, scopesOfKey } from './scopes.ts'
import type { PreparedQuery, Row } from './session.ts'

interface Asked extends PreparedQuery {
  readonly values: readonly (Buffer | number)[]
}

/** What a session answers in turn; an error: it fails with it. */
type Answers = (readonly Row[] | Error)[]

/** Sessions that answer in turn, whatever they are asked, and what they were asked. */
function sessionsOf(answers: Answers) {
  const asked: Asked[] = []
  const counts = { acquired: 0, released: 0, destroyed: 0 }
  const pool = {
    acquire: (): Promise<CommitSession> => {
      const id = Buffer.alloc(12, ++counts.acquired)
      return Promise.resolve({
        id,
        query: ({ name, text }, values) => {
          asked.push({ name, text, values })
          const answer = answers.shift() ?? new Error('asked too often')
          return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
        },
        destroy: () => counts.destroyed++,
      } as CommitSession)
    },
    release: () => counts.released++,
    snapshot: () => Promise.reject(new Error('nobody asks for one')),
    close: () => Promise.resolve(),
  }
  return { pool, asked, counts }
}

function databaseError(code: string, severity = 'ERROR'): DatabaseError {
  return Object.assign(new DatabaseError(`refused ${code}`, 0, 'error'), { code, severity })
}

const LOST = new Error('the connection was reset')
const [a, b] = [Buffer.from('a'), Buffer.from('b')]
const CHANGE: Change = { deletes: [a] }

describe('a commit to PostgreSQL', () => {
  it('is one call of the function, with the parts of the change by their places', async () => {
    const { pool, asked } = sessionsOf([[['ok']], [['ok']]])
    const commits = new Commits(pool, '"s"')
    const range = { start: Buffer.from('r'), end: Buffer.from('s') }
    const change = {
      checks: [
        { key: a, version: '\\x0102' },
        { key: b, version: null },
      ],
      emptyRanges: [range],
      deletes: [Buffer.from('d')],
      sets: [{ key: Buffer.from('k'), value: Buffer.from('value') }],
      adds: [{ key: Buffer.from('n'), amounts: [1, -2] }],
    }
    assert.equal(await commits.commit(change), 'ok')
    const arrays = Array.from({ length: 11 }, (_, at) => `$${at + 3}::bytea[]`)
    assert.equal(asked[0]?.text, `select "s".commit($1::bytea, $2::bytea, ${arrays.join(', ')})`)
    const [sessionId, commitId, ...values] = asked[0].values
    assert.deepEqual(sessionId, Buffer.alloc(12, 1))
    const row = Buffer.alloc(16)
    row.writeBigInt64BE(1n, 0)
    row.writeBigInt64BE(-2n, 8)
    const written = ['k', 'd', 'n'].map((text) => Buffer.from(text))
    assert.deepEqual(
      values,
      [
        [a, b],
        [Buffer.of(1, 2), null],
        [range.start],
        [range.end],
        [scopeOfRange(range)],
        written.flatMap(scopesOfKey),
        change.deletes,
        [Buffer.from('k')],
        [Buffer.from('value')],
        [Buffer.from('n')],
        [row],
      ].map(byteArray),
    )
    await commits.commit(CHANGE)
    const otherId = asked[1]?.values[1]
    assert.ok(Buffer.isBuffer(commitId) && Buffer.isBuffer(otherId))
    assert.ok(commitId.length === 16 && !commitId.equals(otherId))
    assert.deepEqual(asked[1]?.values[7], byteArray([]), 'no scopes where no range is')
  })

  it('ends as the function says, and in no other way', async () => {
    for (const outcome of ['ok', 'conflict', 'not-empty']) {
      const { pool, counts } = sessionsOf([[[outcome]]])
      assert.equal(await new Commits(pool, '"s"').commit(CHANGE), outcome)
      assert.deepEqual(counts, { acquired: 1, released: 1, destroyed: 0 })
    }
    const change = { checks: [{ key: a, version: 7 }] }
    await assert.rejects(
      new Commits(sessionsOf([]).pool, '"s"').commit(change),
      /version 7 is not of this store/,
    )
  })

  it('is tried again when it may be, and not when the server refuses it', async () => {
    for (const code of ['40001', '40P01']) {
      const again = sessionsOf([databaseError(code), [['ok']]])
      assert.equal(await new Commits(again.pool, '"s"').commit(CHANGE), 'ok')
      assert.deepEqual(
        again.asked.map(({ values }) => values[1]),
        [again.asked[0]?.values[1], again.asked[0]?.values[1]],
        'under its one id',
      )
      assert.equal(again.counts.released, 2)
    }
    const refused = sessionsOf([databaseError('53100')])
    await assert.rejects(new Commits(refused.pool, '"s"').commit(CHANGE), /refused 53100/)
    assert.deepEqual(refused.counts, { acquired: 1, released: 1, destroyed: 0 })
  })

  it('whose connection was lost has happened when its session noted it, and is made again when it did not', async () => {
    for (const happened of [true, false]) {
      const { pool, asked, counts } = sessionsOf([LOST])
      const commits = new Commits(pool, '"s"')
      const { acquire } = pool
      pool.acquire = async () => {
        const session = await acquire()
        if (counts.acquired === 1) return session
        if (counts.acquired === 3) return { ...session, query: () => Promise.resolve([['ok']]) }
        const noted = asked[0]?.values[1]
        assert.ok(Buffer.isBuffer(noted))
        return {
          ...session,
          query: ({ name, text }, values) => {
            assert.equal(name, 'end-session')
            assert.equal(text, 'delete from "s".sessions where id = $1::bytea returning last_commit')
            assert.deepEqual(values, [Buffer.alloc(12, 1)], 'the session that was lost')
            return Promise.resolve([[happened ? `\\x${noted.toString('hex')}` : '\\x']])
          },
        }
      }
      assert.equal(await commits.commit(CHANGE), 'ok')
      assert.equal(counts.acquired, happened ? 2 : 3)
      assert.equal(counts.released, counts.acquired)
      assert.equal(counts.destroyed, 1)
    }
  })

  it('whose session is gone has a fate that nobody knows', async () => {
    const { pool, counts } = sessionsOf([LOST, []])
    await assert.rejects(new Commits(pool, '"s"').commit(CHANGE), (error: unknown) => {
      assert.ok(error instanceof CommitUnknown)
      assert.equal(error.cause, LOST)
      return true
    })
    assert.deepEqual(counts, { acquired: 2, released: 2, destroyed: 1 })
  })

  it('is not tried when nobody waits for it', async () => {
    const { pool, asked } = sessionsOf([])
    await assert.rejects(
      new Commits(pool, '"s"').commit(CHANGE, () => false),
      StoreUnavailable,
    )
    assert.deepEqual(asked, [])
  })
})

describe('a read from PostgreSQL', () => {
  const storeOn = (answers: Answers) => {
    const { pool, asked, counts } = sessionsOf(answers)
    const address = parsePostgresUrl('postgres://user@127.0.0.1/store')
    return { store: new PostgresMetadataStore(address, pool), asked, counts }
  }
  const ROW = ['\\x61', '\\x76', '\\x01']
  const ENTRY = { key: a, value: Buffer.from('v'), version: '\\x01' }
  const whole = { start: Buffer.from('a'), end: Buffer.from('z'), limit: 5 }

  it('of a range is one query, in either order, of as much of the values as is wanted', async () => {
    for (const [range, order, bytes] of [
      [whole, 'asc', 2 ** 31 - 1],
      [{ ...whole, reverse: true }, 'desc', 2 ** 31 - 1],
      [{ ...whole, keysOnly: true, valueBytesMax: 9 }, 'asc', 0],
      [{ ...whole, valueBytesMax: 9 }, 'asc', 9],
    ] as const) {
      const { store, asked } = storeOn([[ROW]])
      assert.deepEqual(await store.scan(range), [ENTRY])
      const query = asked[0] ?? assert.fail()
      assert.ok(query.text.includes(`order by k ${order} limit`))
      assert.deepEqual(query.values, [whole.start, whole.end, 5, bytes])
    }
  })

  it('by folders asks within the prefix and the range, and tells prefixes from entries', async () => {
    const delimiter = Buffer.from('/')
    for (const [prefix, start, end, from, to] of [
      ['p', 'a', 'z', 'p', 'q'],
      ['p', 'pp', 'z', 'pp', 'q'],
      ['p', 'a', 'pq', 'p', 'pq'],
      ['', 'a', 'z', 'a', 'z'],
    ] as const) {
      const { store, asked } = storeOn([
        [
          ['\\x70', '', '', 't'],
          [...ROW, 'f'],
        ],
      ])
      const range = { start: Buffer.from(start), end: Buffer.from(end), limit: 7 }
      assert.deepEqual(await store.scanDelimited({ ...range, prefix: Buffer.from(prefix), delimiter }), [
        { type: 'prefix', prefix: Buffer.from('p') },
        { type: 'entry', entry: ENTRY },
      ])
      const query = asked[0] ?? assert.fail()
      assert.ok(query.text.includes('"lugsail".scan_delimited('))
      assert.deepEqual(query.values, [
        ...[prefix, from, to].map((text) => Buffer.from(text)),
        delimiter,
        7,
        2 ** 31 - 1,
      ])
    }
  })

  it('has a plan of its own in the server, under a name of its own', async () => {
    const { store, asked } = storeOn(Array.from({ length: 4 }, () => []))
    await store.getMany([a])
    await store.scan(whole)
    await store.scan({ ...whole, reverse: true })
    await store.scanDelimited({ ...whole, prefix: a, delimiter: b })
    const names = asked.map(({ name }) => name)
    assert.ok(names.every((name) => name !== ''))
    assert.equal(new Set(names).size, 4)
  })

  it('is made again on another connection when one is lost, and not when it is refused', async () => {
    const again = storeOn([LOST, [ROW]])
    assert.deepEqual(await again.store.scan(whole), [ENTRY])
    assert.deepEqual(again.counts, { acquired: 2, released: 2, destroyed: 1 })
    const refused = storeOn([databaseError('42P01')])
    await assert.rejects(refused.store.scan(whole), (error: unknown) => {
      assert.ok(error instanceof StoreUnavailable)
      assert.match(
        error.message,
        /^PostgreSQL at 127\.0\.0\.1:5432\/store: refused 42P01 \(42P01\)\. Run `lugsail/,
      )
      return true
    })
    assert.deepEqual(refused.counts, { acquired: 1, released: 1, destroyed: 0 })
  })

  it('of what is no entry fails, and of keys that are not there gives null', async () => {
    const { store } = storeOn([[['\\x61', '\\x76', null]], [ROW]])
    await assert.rejects(store.scan(whole), /an entry must have a key, a value and a version/)
    assert.deepEqual(await store.getMany([b, a]), [null, ENTRY])
    assert.deepEqual(await store.getMany([]), [])
  })

  it('is refused once the store is closed, as is all else', async () => {
    const { store, asked } = storeOn([])
    await store.close()
    for (const call of [
      () => store.getMany([a]),
      () => store.scan(whole),
      () => store.scanDelimited({ ...whole, prefix: a, delimiter: b }),
      () => store.snapshot(),
      () => store.commit(CHANGE),
    ])
      await assert.rejects(call, /the metadata store is closed/)
    assert.deepEqual(asked, [])
  })
})
