import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StoreUnavailable, type Entry } from '../metadata-store.ts'
import { byteArray } from './byte-arrays.ts'
import { KeyReads } from './reads.ts'
import type { Row } from './session.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const keysNamed = (name: string, count: number): Buffer[] =>
  Array.from({ length: count }, (_, at) => Buffer.from(`${name}${at}`))
const valuesOf = (entries: readonly (Entry | null)[]): (string | null)[] =>
  entries.map((entry) => entry && entry.value.toString())

/** Reads whose queries are answered when the test says so; every key has itself as value. */
function worldOf({ runningMax = 1, waitingMax = 100 } = {}) {
  const queries: {
    readonly keys: unknown
    readonly text: string
    readonly isAwaited: () => boolean
    readonly answer: (known: readonly Buffer[]) => void
    readonly fail: (error: Error) => void
  }[] = []
  const reads = new KeyReads({
    schema: '"s"',
    runningMax,
    waitingMax,
    run: ({ text }, [keys], isAwaited) =>
      new Promise<readonly Row[]>((resolve, reject) =>
        queries.push({
          keys,
          text,
          isAwaited,
          answer: (known) =>
            resolve(known.map((key) => [`\\x${key.toString('hex')}`, `\\x${key.toString('hex')}`, '\\x01'])),
          fail: reject,
        }),
      ),
  })
  return { queries, reads }
}
const always = () => true

describe('reads of keys from PostgreSQL', () => {
  it('give what each key has, in the order asked, twice where it was asked twice', async () => {
    const { queries, reads } = worldOf()
    const [a, b, c] = keysNamed('k', 3) as [Buffer, Buffer, Buffer]
    const reading = reads.getMany([b, a, b, c], always)
    assert.equal(queries[0]?.text, 'select k, v, ver from "s".kv where k = any ($1::bytea[])')
    assert.deepEqual(queries[0].keys, byteArray([b, a, b, c]))
    queries[0].answer([a, b])
    assert.deepEqual(valuesOf(await reading), ['k1', 'k0', 'k1', null])
  })

  it('wait while so many run, and then share a query', async () => {
    const { queries, reads } = worldOf({ runningMax: 2 })
    const names = ['a', 'b', 'c', 'd', 'e']
    const reading = names.map((name) => reads.getMany(keysNamed(name, 1), always))
    await turn()
    assert.equal(queries.length, 2)
    queries[0]?.answer(keysNamed('a', 1))
    assert.deepEqual(valuesOf((await reading[0]) ?? []), ['a0'])
    await turn()
    assert.equal(queries.length, 3)
    assert.deepEqual(queries[2]?.keys, byteArray(['c', 'd', 'e'].flatMap((name) => keysNamed(name, 1))))
    queries[2].answer(keysNamed('d', 1))
    assert.deepEqual(valuesOf((await Promise.all(reading.slice(2))).flat()), [null, 'd0', null])
    queries[1]?.answer([])
    assert.deepEqual(await reading[1], [null])
  })

  it('share it up to 64 keys, or one read alone of more', async () => {
    const { queries, reads } = worldOf()
    const reading = [1, 40, 24, 1, 100, 1].map((count, at) =>
      reads.getMany(keysNamed(`r${at}-`, count), always),
    )
    const counts: number[] = []
    for (let at = 0; at < 4; at++) {
      await turn()
      const { keys } = queries[at] ?? assert.fail()
      assert.ok(Buffer.isBuffer(keys))
      counts.push(keys.readInt32BE(12))
      queries[at]?.answer([])
    }
    assert.deepEqual(counts, [1, 64, 1, 100])
    await turn()
    queries[4]?.answer([])
    assert.equal((await Promise.all(reading)).flat().length, 167)
  })

  it('are refused where too many wait, and given up ones make room', async () => {
    const { queries, reads } = worldOf({ waitingMax: 2 })
    let isAwaited = true
    const running = reads.getMany(keysNamed('a', 1), always)
    const waiting = [
      reads.getMany(keysNamed('b', 1), always),
      reads.getMany(keysNamed('c', 1), () => isAwaited),
    ]
    await assert.rejects(reads.getMany(keysNamed('d', 1), always), (error: unknown) => {
      assert.ok(error instanceof StoreUnavailable)
      assert.equal(error.message, '2 reads wait for PostgreSQL already')
      return true
    })
    isAwaited = false
    waiting.push(reads.getMany(keysNamed('e', 1), always))
    await turn()
    queries[0]?.answer([])
    await running
    await turn()
    assert.deepEqual(queries[1]?.keys, byteArray(['b', 'e'].flatMap((name) => keysNamed(name, 1))))
    queries[1].answer(keysNamed('e', 1))
    assert.deepEqual(valuesOf((await Promise.all([waiting[0], waiting[2]])).flat() as (Entry | null)[]), [
      null,
      'e0',
    ])
  })

  it('are awaited as long as one of those that share the query is, and fail together', async () => {
    const { queries, reads } = worldOf()
    const awaited = { b: true, c: true }
    const running = reads.getMany(keysNamed('a', 1), always)
    const failure = new Error('lost')
    const failing = [
      assert.rejects(
        reads.getMany(keysNamed('b', 1), () => awaited.b),
        failure,
      ),
      assert.rejects(
        reads.getMany(keysNamed('c', 1), () => awaited.c),
        failure,
      ),
    ]
    queries[0]?.answer([])
    await running
    await turn()
    const shared = queries[1] ?? assert.fail()
    assert.ok(shared.isAwaited())
    awaited.b = false
    assert.ok(shared.isAwaited())
    awaited.c = false
    assert.ok(!shared.isAwaited())
    shared.fail(failure)
    await Promise.all(failing)
    const next = reads.getMany(keysNamed('d', 1), always)
    queries[2]?.answer(keysNamed('d', 1))
    assert.deepEqual(valuesOf(await next), ['d0'])
  })
})
