import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SeededRandom } from '../../../test/seeded-random.ts'
import type { BlobStream } from '../../storage/blob-store.ts'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import { bodyOf, readBlob } from '../../storage/testing/blob-fixtures.ts'
import { findInRuns, foldedRuns, mergeRuns } from './merge-runs.ts'
import { runBlobIds } from './names.ts'
import { DamagedRun } from './run-cursor.ts'
import type { RunEntry, RunInfo } from './run-format.ts'
import { writeRun } from './run-writer.ts'

/** A store of runs that knows which of its streams are still open. */
class RunStore extends MemoryBlobStore {
  readonly streams: BlobStream[] = []
  readonly runs: RunInfo[] = []

  override async get(...given: Parameters<MemoryBlobStore['get']>): Promise<BlobStream> {
    const stream = await super.get(...given)
    this.streams.push(stream)
    return stream
  }

  async add(entries: ReadonlyMap<string, string | null>): Promise<void> {
    const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1))
    const version = `of run ${this.runs.length}`
    const run = await writeRun(
      this,
      (async function* () {
        for (const [key, value] of sorted)
          yield { key: Buffer.from(key), version, value: value === null ? null : Buffer.from(value) }
      })(),
    )
    assert.ok(run)
    this.runs.push(run)
  }

  get areAllClosed(): boolean {
    return this.streams.every(({ destroyed }) => destroyed)
  }
}

const shown = ({ key, value }: { readonly key: Buffer; readonly value: Buffer | null }): string =>
  `${key.toString()}=${value?.toString() ?? '-'}`

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

async function randomRuns() {
  const random = new SeededRandom()
  const store = new RunStore()
  /** The newest entry of each key, and whether any run has a value for it. */
  const newest = new Map<string, { value: string | null; version: string; hasAny: boolean }>()
  for (let run = 0; run < 6; run++) {
    const entries = new Map<string, string | null>()
    const count = 1 + random.below(30)
    for (let index = 0; index < count; index++)
      entries.set(`k${random.below(40)}`, random.below(3) === 0 ? null : 'v'.repeat(random.below(4)))
    await store.add(entries)
    for (const [key, value] of entries) {
      const hasAny = value !== null || newest.get(key)?.hasAny === true
      newest.set(key, { value, version: `of run ${run}`, hasAny })
    }
  }
  const model = [...newest].sort(([a], [b]) => (a < b ? -1 : 1))
  return { random, store, model }
}

describe('runs taken together', () => {
  it('give of each key what the newest run has, with or without removals and values', async () => {
    const { random, store, model } = await randomRuns()
    const seed = `seed ${random.seed}`
    const all_ = model.map(([key, { value }]) => `${key}=${value ?? '-'}`)
    const there = model.filter(([, { value }]) => value !== null)
    const merged = async (options: Parameters<typeof mergeRuns>[2]) =>
      await all(mergeRuns(store, store.runs, options))
    const withValues = await merged({ withValues: true })
    assert.deepEqual(
      withValues.map(shown),
      there.map(([key, { value }]) => `${key}=${value}`),
      seed,
    )
    assert.deepEqual((await merged({ withValues: true, withRemoved: true })).map(shown), all_, seed)
    assert.deepEqual((await all(foldedRuns(store, store.runs))).map(shown), all_, seed)
    assert.deepEqual(
      (await merged({ withValues: false })).map(shown),
      there.map(([key]) => `${key}=-`),
      seed,
    )
    assert.deepEqual(
      withValues.map(({ version }) => version),
      there.map(([, { version }]) => version),
      seed,
    )
    assert.ok(store.areAllClosed)
  })

  it('of several states have each key that any of them has', async () => {
    const { random, store, model } = await randomRuns()
    const keys = await all(mergeRuns(store, store.runs, { withValues: false, keepsAny: true }))
    assert.deepEqual(
      keys.map(({ key }) => key.toString()),
      model.filter(([, { hasAny }]) => hasAny).map(([key]) => key),
      `seed ${random.seed}`,
    )
  })

  it('tell of one key what the newest run says, an empty value, a removal, and nothing', async () => {
    const { random, store, model } = await randomRuns()
    for (const [key, { value, version }] of model) {
      const found = await findInRuns(store, store.runs, Buffer.from(key))
      assert.equal(found && shown(found), `${key}=${value ?? '-'}`, `${key}, seed ${random.seed}`)
      assert.equal(found?.version, version)
    }
    for (const key of ['', 'a', 'k', 'k999', 'z'])
      assert.equal(await findInRuns(store, store.runs, Buffer.from(key)), null, key)
    assert.equal(await findInRuns(store, [], Buffer.from('k1')), null)
    assert.ok(store.streams.length > 0)
    const found = new RunStore()
    await found.add(new Map([['a', 'x'.repeat(200_000)]]))
    const entry: RunEntry | null = await findInRuns(found, found.runs, Buffer.from('a'))
    assert.equal(entry?.value?.length, 200_000)
  })

  it('are let go of when whoever reads them stops', async () => {
    const { store } = await randomRuns()
    for await (const { key } of mergeRuns(store, store.runs, { withValues: true })) if (key.length > 0) break
    assert.ok(store.streams.length > 0 && store.areAllClosed)
  })

  it('give no value that is not the one that was written', async () => {
    const store = new RunStore()
    await store.add(new Map([['a', 'value']]))
    const { values } = runBlobIds(store.runs[0]?.id ?? '')
    assert.equal((await readBlob(store, values)).toString(), 'value')
    await store.put(values, bodyOf(Buffer.from('vaIue')))
    await assert.rejects(findInRuns(store, store.runs, Buffer.from('a')), DamagedRun)
  })
})
