import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCounters, type MetadataStore } from '../metadata-store.ts'
import { newKeySpace, readOne, readText, setText } from './key-space.ts'

const WRITERS = 32

/** Rules of `commit` with many writers at once, through one handle. */
export function concurrencyRules(store: () => MetadataStore): void {
  describe('many writers at once', () => {
    it('lets one of 32 create a key', async () => {
      for (let round = 0; round < 10; round++) {
        const { winners, value } = await raceToCreate([store()])
        assert.equal(winners.length, 1)
        assert.equal(value, String(winners[0]))
      }
    })

    it('loses no update of a key that 32 read, change and write', async () => {
      const space = newKeySpace()
      await setText(store(), space.key('n'), '0')
      await Promise.all(Array.from({ length: WRITERS }, () => incrementTimes(store(), space.key('n'), 3)))
      assert.equal(await readText(store(), space.key('n')), String(WRITERS * 3))
    })

    it('loses no amount that 32 add', async () => {
      const space = newKeySpace()
      const adding = Array.from({ length: WRITERS }, async (_, writer) => {
        for (let round = 0; round < 5; round++)
          await store().commit({ adds: [{ key: space.key('n'), amounts: [1, writer] }] })
      })
      await Promise.all(adding)
      const total = (WRITERS * (WRITERS - 1)) / 2
      assert.deepEqual(readCounters(await readOne(store(), space.key('n')), 2), [WRITERS * 5, total * 5])
    })

    it('has no write skew: of two that each check what the other writes, one wins', async () => {
      for (let round = 0; round < 20; round++) assert.equal(await skewWinners(store(), store()), 1)
    })

    it('keeps an empty range empty against sets: a folder goes, or gets an entry, never both', async () => {
      for (let round = 0; round < 20; round++) await raceRemovalAgainstEntry(store(), store())
    })

    it('lets one of 32 put something into a range that each wants empty', async () => {
      for (let round = 0; round < 10; round++) assert.equal(await rangeFillers([store()]), 1)
    })

    it('does commits to different keys all at once', async () => {
      const space = newKeySpace()
      const names = Array.from({ length: 200 }, (_, index) => String(index).padStart(3, '0'))
      await Promise.all(names.map((name) => setText(store(), space.key(name), name)))
      const entries = await store().scan({ start: space.prefix, end: space.end, limit: 1000 })
      assert.deepEqual(
        entries.map(({ value }) => value.toString()),
        names,
      )
    })
  })
}

/** 32 writers, over the given handles in turn, create the same key. */
export async function raceToCreate(
  stores: readonly MetadataStore[],
): Promise<{ winners: number[]; value: string | null }> {
  const key = newKeySpace().key('created')
  const outcomes = await Promise.all(
    Array.from({ length: WRITERS }, (_, writer) =>
      pick(stores, writer).commit({
        checks: [{ key, version: null }],
        sets: [{ key, value: Buffer.from(String(writer)) }],
      }),
    ),
  )
  const winners = outcomes.flatMap((outcome, writer) => (outcome === 'ok' ? [writer] : []))
  return { winners, value: await readText(pick(stores, 0), key) }
}

/** Adds 1 to a decimal text, with a check, as often as told; tries again on a conflict. */
export async function incrementTimes(store: MetadataStore, key: Buffer, times: number): Promise<void> {
  for (let done = 0; done < times;) {
    const entry = await readOne(store, key)
    const value = Buffer.from(String(Number(entry?.value.toString()) + 1))
    const outcome = await store.commit({
      checks: [{ key, version: entry?.version ?? null }],
      sets: [{ key, value }],
    })
    if (outcome === 'ok') done++
  }
}

/** How many of two writers win when each may write only if the other has not. */
export async function skewWinners(one: MetadataStore, two: MetadataStore): Promise<number> {
  const space = newKeySpace()
  const [a, b] = [space.key('a'), space.key('b')]
  const value = Buffer.from('taken')
  const outcomes = await Promise.all([
    one.commit({ checks: [{ key: a, version: null }], sets: [{ key: b, value }] }),
    two.commit({ checks: [{ key: b, version: null }], sets: [{ key: a, value }] }),
  ])
  return outcomes.filter((outcome) => outcome === 'ok').length
}

/** How many of 32 writers, over the given handles in turn, win when each sets a key of its own into a range that it wants empty. */
export async function rangeFillers(stores: readonly MetadataStore[]): Promise<number> {
  const space = newKeySpace()
  const emptyRanges = [{ start: space.prefix, end: space.end }]
  const outcomes = await Promise.all(
    Array.from({ length: WRITERS }, (_, writer) =>
      pick(stores, writer).commit({
        emptyRanges,
        sets: [{ key: space.key(String(writer)), value: Buffer.from('mine') }],
      }),
    ),
  )
  return outcomes.filter((outcome) => outcome === 'ok').length
}

/** One removes a folder if it is empty, the other puts an entry into it if the folder is there. */
export async function raceRemovalAgainstEntry(one: MetadataStore, two: MetadataStore): Promise<void> {
  const space = newKeySpace()
  const folder = space.key('folder')
  const entry = space.key('in/entry')
  await setText(one, folder, 'here')
  const version = (await readOne(two, folder))?.version ?? null
  const [removal, addition] = await Promise.all([
    one.commit({
      emptyRanges: [{ start: space.key('in/'), end: space.key('in0') }],
      deletes: [folder],
    }),
    two.commit({ checks: [{ key: folder, version }], sets: [{ key: entry, value: Buffer.from('x') }] }),
  ])
  const [folderLeft, entryLeft] = await one.getMany([folder, entry])
  assert.deepEqual(
    [removal, addition, folderLeft !== null, entryLeft !== null],
    removal === 'ok' ? ['ok', 'conflict', false, false] : ['not-empty', 'ok', true, true],
  )
}

function pick(stores: readonly MetadataStore[], index: number): MetadataStore {
  const store = stores[index % stores.length]
  if (!store) throw new Error('at least one store is needed')
  return store
}
