import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import type { Change, Entry, MetadataStore } from '../../storage/metadata-store.ts'
import { BucketChange } from './bucket-change.ts'
import { JoinedChange } from './joined-change.ts'
import type { ReadStore } from './pending-rows.ts'

const KEYS = Array.from({ length: 8 }, (_, at) => Buffer.from(`row ${at}`))
const ALL = { start: Buffer.from('row'), end: Buffer.from('rox'), limit: 100 }
const valuesOf = async (store: ReadStore) =>
  (await store.getMany(KEYS)).map((entry) => entry?.value.toString() ?? null)
const contentOf = (entries: readonly Entry[]) =>
  entries.map(({ key, value }) => [key.toString(), value.toString()])

/** A store that has every other row. */
async function filledStore(): Promise<MemoryMetadataStore> {
  const store = new MemoryMetadataStore()
  const sets = KEYS.filter((_key, at) => at % 2 === 0).map((key) => ({ key, value: Buffer.from('old') }))
  await store.commit({ sets })
  return store
}

/** What a change does, to be made for one store or another: what it checks are versions that differ between them. */
interface Draft {
  readonly checks: readonly { readonly key: Buffer; readonly isStale: boolean }[]
  readonly emptyRanges: readonly { readonly start: Buffer; readonly end: Buffer }[]
  readonly sets: readonly { readonly key: Buffer; readonly value: Buffer }[]
  readonly deletes: readonly Buffer[]
}

function draft(random: SeededRandom): Draft {
  const some = (percent: number) => KEYS.filter(() => random.below(100) < percent)
  const written = some(30)
  const [start, end] = [random.oneOf(KEYS), random.oneOf(KEYS)]
  return {
    checks: some(30).map((key) => ({ key, isStale: random.below(100) < 5 })),
    emptyRanges: random.below(100) < 30 ? [{ start, end }] : [],
    sets: written
      .filter((_key, at) => at % 2 === 0)
      .map((key) => ({ key, value: Buffer.from(String(random.below(1_000))) })),
    deletes: written.filter((_key, at) => at % 2 === 1),
  }
}

async function changeFor(
  store: ReadStore,
  { checks, emptyRanges, sets, deletes }: Draft,
): Promise<BucketChange> {
  const change = new BucketChange('id')
  const found = await store.getMany(checks.map(({ key }) => key))
  for (const [at, { key, isStale }] of checks.entries())
    change.checks.push({ key, version: isStale ? 'of another time' : (found[at]?.version ?? null) })
  change.emptyRanges.push(...emptyRanges)
  change.sets.push(...sets)
  change.deletes.push(...deletes)
  return change
}

/** A store's own commit takes no fields but those of the contract. */
const commit = (store: MetadataStore, { checks, emptyRanges, sets, deletes }: Change) =>
  store.commit({
    ...(checks && { checks }),
    ...(emptyRanges && { emptyRanges }),
    ...(sets && { sets }),
    ...(deletes && { deletes }),
  })

describe('changes that are committed at once', () => {
  it('see each other, are refused and leave the store as if each were committed before the next', async (t) => {
    const random = new SeededRandom()
    t.diagnostic(`LUGSAIL_TEST_SEED=${random.seed}`)
    const seen = { ok: 0, conflict: 0, 'not-empty': 0, apart: 0, refusedWhole: 0 }
    for (let round = 0; round < 600; round++) {
      const [oneByOne, atOnce] = [await filledStore(), await filledStore()]
      const joined = new JoinedChange(atOnce)
      // What only the store can tell, of rows that no change of these writes, it tells when they are committed.
      let isLate = false
      for (let count = 0; count < 6 && !isLate; count++) {
        const drafted = draft(random)
        const outcome = joined.add(await changeFor(joined.metadata, drafted))
        seen[outcome]++
        if (outcome === 'apart') continue
        const alone = await commit(oneByOne, await changeFor(oneByOne, drafted))
        if (outcome === 'ok' && alone !== 'ok') {
          isLate = true
          continue
        }
        // A row of the store that is not as it was found goes before a range that is not empty, but that only the store can tell.
        if (alone === 'conflict') assert.notEqual(outcome, 'ok')
        else assert.equal(outcome, alone)
        for (const range of [ALL, { ...ALL, limit: 2 }, { ...ALL, reverse: true, limit: 3 }])
          assert.deepEqual(
            contentOf(await joined.metadata.scan(range)),
            contentOf(await oneByOne.scan(range)),
          )
        assert.deepEqual(await valuesOf(joined.metadata), await valuesOf(oneByOne))
      }
      if (joined.isEmpty) continue
      const whole = await commit(atOnce, joined.toChange())
      if (isLate) {
        seen.refusedWhole++
        assert.notEqual(whole, 'ok')
        continue
      }
      assert.equal(whole, 'ok')
      assert.deepEqual(contentOf(await atOnce.scan(ALL)), contentOf(await oneByOne.scan(ALL)))
    }
    for (const count of Object.values(seen)) assert.ok(count > 20, JSON.stringify(seen))
  })

  it('count what each of them counts, and let the store name no blob that came and went', () => {
    const joined = new JoinedChange(new MemoryMetadataStore())
    const change = (bytes: number, claimed: string[], released: string[], recordSum = 1) => {
      const part = new BucketChange('id')
      part.sets.push({ key: KEYS[0] ?? ALL.start, value: Buffer.from('x') })
      part.bytesDelta = bytes
      part.objectsDelta = 1
      part.recordSumDelta = recordSum
      part.lostRecords = 1
      part.claimedBlobs.push(...claimed)
      part.releasedBlobs.push(...released)
      assert.equal(joined.add(part), 'ok')
    }
    change(5, ['a'], ['old'])
    change(-2, ['b'], ['a'])
    change(10, ['c'], ['b'], -7)
    const whole = joined.toChange()
    assert.deepEqual(
      [whole.bytesDelta, whole.objectsDelta, whole.recordSumDelta, whole.lostRecords],
      [13, 3, -5, 3],
    )
    assert.deepEqual(
      [whole.claimedBlobs, whole.releasedBlobs, whole.passingBlobs],
      [['c'], ['old'], ['a', 'b']],
    )
  })

  it('use the room that is kept for deletions only when each of them does', () => {
    const parts = (changes: readonly BucketChange[]) => {
      const joined = new JoinedChange(new MemoryMetadataStore())
      for (const change of changes) assert.equal(joined.add(change), 'ok')
      return joined.toChange().usesReserve
    }
    const [key = ALL.start] = KEYS
    const removal = new BucketChange('id')
    removal.deletes.push(key)
    removal.bytesDelta = -1
    const bringing = new BucketChange('id')
    bringing.sets.push({ key, value: key })
    assert.equal(parts([removal]), true)
    assert.equal(parts([removal, bringing]), false)
    assert.equal(parts([bringing, removal]), false)
  })

  it('are of one bucket, and of what a bucket holds', () => {
    const joined = new JoinedChange(new MemoryMetadataStore())
    assert.equal(joined.add(new BucketChange('id')), 'ok')
    assert.equal(joined.add(new BucketChange('another')), 'apart')
    assert.equal(joined.add({ deletes: [ALL.start] }), 'apart')
  })
})
