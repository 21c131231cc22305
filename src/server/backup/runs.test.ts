import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { BlobNotFound, type BlobStore } from '../../storage/blob-store.ts'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import { bodyOf, listIds, readBlob } from '../../storage/testing/blob-fixtures.ts'
import { runBlobIds } from './names.ts'
import { DamagedRun, RunCursor } from './run-cursor.ts'
import { decodeRunKey, digestOf, encodeRunKey, type RunEntry, type RunInfo } from './run-format.ts'
import { writeRun } from './run-writer.ts'

async function* given<T>(entries: readonly T[]): AsyncGenerator<T> {
  yield* entries
}

const entry = (key: string, value: string | null, version: string | number = 'v'): RunEntry => ({
  key: Buffer.from(key),
  version,
  value: value === null ? null : Buffer.from(value),
})

const SMALL: readonly RunEntry[] = [
  entry('a', 'first', 1),
  entry('b', null, ''),
  entry('c', '', 'text'),
  entry('d', null, 7),
  entry('e', 'last', '12'),
]

async function written(entries: readonly RunEntry[]): Promise<{ store: MemoryBlobStore; run: RunInfo }> {
  const store = new MemoryBlobStore()
  const run = await writeRun(store, given(entries))
  assert.ok(run)
  return { store, run }
}

async function read(store: BlobStore, run: RunInfo, withValues = true) {
  const cursor = new RunCursor(store, run, { withValues })
  const found: (RunEntry & { readonly valueAt: number; readonly isRemoved: boolean })[] = []
  try {
    while (await cursor.next()) {
      const { current, value, valueAt } = cursor
      assert.ok(current)
      const { key, version, isRemoved } = current
      found.push({ key: Buffer.from(key), version, value: value && Buffer.from(value), valueAt, isRemoved })
    }
    assert.deepEqual([cursor.current, cursor.value], [null, null])
    return found
  } finally {
    cursor.close()
  }
}

const replaced = async (store: MemoryBlobStore, id: string, bytes: Buffer): Promise<void> =>
  void (await store.put(id, bodyOf(bytes)))

describe('an entry of a run', () => {
  it('is read back from anywhere, and not before it is there as a whole', () => {
    for (const each of SMALL) {
      const bytes = encodeRunKey(each)
      const behind = Buffer.concat([Buffer.from('###'), bytes, Buffer.from('#')])
      for (let end = 3; end < 3 + bytes.length; end++)
        assert.equal(decodeRunKey(behind.subarray(0, end), 3), null, `up to ${end}`)
      const decoded = decodeRunKey(behind, 3)
      assert.equal(decoded?.end, 3 + bytes.length)
      assert.deepEqual(decodeRunKey(behind.subarray(0, 3 + bytes.length), 3), decoded)
      assert.deepEqual(decoded.entry, {
        key: each.key,
        version: each.version,
        isRemoved: each.value === null,
        valueBytes: each.value?.length ?? 0,
        digest: each.value === null ? Buffer.alloc(16) : digestOf(each.value),
      })
    }
  })

  it('lies as older releases wrote it', () => {
    assert.equal(
      encodeRunKey(entry('key', 'value', 258)).toString('hex'),
      `0003020300000005${digestOf(Buffer.from('value')).toString('hex')}6b6579323538`,
    )
    assert.equal(
      encodeRunKey(entry('k', null, 'ab')).toString('hex'),
      `0001010200000000${'00'.repeat(16)}6b6162`,
    )
    assert.equal(digestOf(Buffer.from('value')).toString('hex'), 'cd42404d52ad55ccfa9aca4adc828aa5')
  })
})

describe('a run', () => {
  it('gives back what was written, with the places of its values, and without them', async () => {
    const { store, run } = await written(SMALL)
    const whole = await read(store, run)
    assert.deepEqual(
      whole.map(({ key, version, value }) => ({ key, version, value })),
      SMALL,
    )
    assert.deepEqual(
      whole.map(({ valueAt }) => valueAt),
      [0, 5, 5, 5, 5],
    )
    assert.deepEqual(
      (await read(store, run, false)).map(({ key, value, isRemoved }) => [key.toString(), value, isRemoved]),
      SMALL.map(({ key, value }) => [key.toString(), null, value === null]),
    )
    const ids = runBlobIds(run.id)
    const [keys, values] = [await readBlob(store, ids.keys), await readBlob(store, ids.values)]
    assert.deepEqual([run.entries, run.keyBytes, run.valueBytes], [SMALL.length, keys.length, values.length])
    assert.equal(values.toString(), 'firstlast')
  })

  it('is the same when it is larger than what is gathered of it at once', async () => {
    const random = new SeededRandom()
    const entries = Array.from({ length: 400 }, (_, index) => ({
      key: Buffer.from(`key ${String(index).padStart(4, '0')}`),
      version: index,
      value: random.below(5) === 0 ? null : random.bytes(random.below(4_000)),
    }))
    const { store, run } = await written(entries)
    const found = await read(store, run)
    assert.deepEqual(
      found.map(({ key, version, value }) => ({ key, version, value })),
      entries,
      `seed ${random.seed}`,
    )
  })

  it('goes to its target in a few large pieces, however small its records are', async (t) => {
    const writes = t.mock.method(PassThrough.prototype, 'write')
    const entries = Array.from({ length: 3_000 }, (_, at) => entry(`key ${10_000 + at}`, 'x'.repeat(100)))
    const { run } = await written(entries)
    assert.equal(run.entries, 3_000)
    const count = writes.mock.callCount()
    assert.ok(count > 0 && count < 10, `${count} pieces`)
  })

  it('of nothing is none', async () => {
    const store = new MemoryBlobStore()
    assert.equal(await writeRun(store, given([])), null)
    assert.deepEqual(await listIds(store, ''), [])
  })

  it('has its keys in order, each once, or is not written; whoever gives them is told that nothing more is taken', async () => {
    for (const keys of [
      ['b', 'a'],
      ['a', 'a'],
      ['a', 'c', 'b'],
    ]) {
      const store = new MemoryBlobStore()
      let isLetGo = false
      const entries = async function* () {
        try {
          for (const key of keys) yield entry(key, 'value')
          yield entry('z', 'value')
        } finally {
          isLetGo = true
        }
      }
      await assert.rejects(writeRun(store, entries()), /order of key/, keys.join())
      assert.deepEqual([await listIds(store, ''), isLetGo], [[], true])
    }
  })

  it('fails with what its target or its source throws, and leaves no half', async () => {
    const full = new (class extends MemoryBlobStore {
      override async put(id: string, body: AsyncIterable<Uint8Array>) {
        if (id.endsWith('-v.c')) {
          for await (const piece of body) if (piece.length > 0) break
          throw new Error('no room')
        }
        return await super.put(id, body)
      }
    })()
    const endless = async function* () {
      for (let at = 0; ; at++) yield entry(`key ${String(at).padStart(9, '0')}`, 'x'.repeat(50_000))
    }
    await assert.rejects(writeRun(full, endless()), /no room/)
    await assert.rejects(writeRun(full, given(SMALL)), /no room/)
    const failing = async function* () {
      yield entry('a', 'value')
      throw new Error('the source failed')
    }
    const store = new MemoryBlobStore()
    await assert.rejects(writeRun(store, failing()), /the source failed/)
    assert.deepEqual(await listIds(store, ''), [])
  })

  it('shows each changed byte, each lost and each added end of both its halves', async () => {
    const { store, run } = await written(SMALL)
    const { keys, values } = runBlobIds(run.id)
    for (const id of [keys, values]) {
      const whole = await readBlob(store, id)
      const broken = [
        ...Array.from(whole, (_, at) => {
          const bytes = Buffer.from(whole)
          bytes[at] = (bytes[at] ?? 0) ^ 1
          return bytes
        }),
        ...Array.from(whole, (_, end) => whole.subarray(0, end)),
        Buffer.concat([whole, Buffer.of(0)]),
        Buffer.concat([whole, whole]),
      ]
      for (const [index, bytes] of broken.entries()) {
        await replaced(store, id, bytes)
        await assert.rejects(
          read(store, run),
          (error: unknown) => error instanceof DamagedRun && error.runId === run.id,
          `${id} ${index}`,
        )
      }
      await replaced(store, id, whole)
    }
    assert.equal((await read(store, run)).length, SMALL.length)
  })

  it('is not the one that its state tells of when a figure differs', async () => {
    const { store, run } = await written(SMALL)
    for (const change of [
      { entries: run.entries + 1 },
      { keySha256: run.valueSha256 },
      { valueBytes: run.valueBytes + 1 },
      { valueSha256: run.keySha256 },
    ])
      await assert.rejects(read(store, { ...run, ...change }), DamagedRun, JSON.stringify(change))
    // Whoever reads no values cannot tell what they are.
    assert.equal((await read(store, { ...run, valueSha256: '' }, false)).length, SMALL.length)
  })

  it('whose halves are gone is not there, and one that was closed before it was read lets go of what it opens', async () => {
    const { store, run } = await written(SMALL)
    await store.delete([runBlobIds(run.id).values])
    await assert.rejects(read(store, run), BlobNotFound)
    assert.equal((await read(store, run, false)).length, SMALL.length)
    const cursor = new RunCursor(store, run, { withValues: false })
    cursor.close()
    await assert.rejects(cursor.next())
  })
})
