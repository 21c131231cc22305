import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ALL, bytesOf, openRaw, rowsIn } from '../../../test/divided-value-rows.ts'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { keyAfter } from '../../base/key.ts'
import type { Entry, Version } from '../metadata-store.ts'
import { BEGINNING_BYTES_MIN, beginningBytes } from './divided-values.ts'
import { LmdbMetadataStore } from './metadata-store.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-divided-'))
after(() => rmSync(root, { recursive: true, force: true }))

const PAGE_BYTES = 4_096

/** Lengths at which a value is divided otherwise than one byte shorter, or not divided any more. */
function lengthsThatCount(keyBytes: number): number[] {
  const lengths: number[] = []
  for (let length = 1; length < 20 * PAGE_BYTES; length++) {
    const [here, before] = [length, length - 1].map((bytes) => beginningBytes(keyBytes, bytes, PAGE_BYTES))
    if ((here === null) !== (before === null) || (here === BEGINNING_BYTES_MIN && before !== here))
      lengths.push(length - 1, length, length + 1)
  }
  return lengths
}

it('a divided value is given as far as its beginning goes where that is enough, to the byte', async () => {
  const store = LmdbMetadataStore.open(join(root, 'enough'))
  const value = bytesOf(10_000, 1)
  await store.commit({ sets: [{ key: Buffer.from('A'), value }] })
  const read = async (valueBytesEnough: number): Promise<readonly [number | undefined, boolean]> => {
    const [entry] = await store.scan({ ...ALL, valueBytesEnough })
    assert.deepEqual(entry?.value, value.subarray(0, entry?.value.length))
    return [entry.value.length, entry.isCutShort === true]
  }
  const [beginning = 0, isCutShort] = await read(1)
  assert.ok(isCutShort && beginning > 1 && beginning < value.length)
  assert.deepEqual(await read(beginning), [beginning, true])
  assert.deepEqual(await read(beginning + 1), [value.length, false])
  await store.close()
})

describe('a value that begins one page more', () => {
  it('is stored whole where the page that is saved is a ninth of it or less', () => {
    const withPages = (pages: number) => beginningBytes(60, pages * PAGE_BYTES, PAGE_BYTES)
    assert.notEqual(withPages(8), null)
    assert.equal(withPages(9), null)
    assert.equal(withPages(16), null)
  })

  it('takes as many whole pages as it fills, and the rest of it lies beside its key', async () => {
    for (const keyBytes of [3, 127, 1_000, 1_800]) {
      const folder = join(root, `pages ${keyBytes}`)
      const store = LmdbMetadataStore.open(folder)
      const lengths = [...lengthsThatCount(keyBytes), 1, 100, 1_900, 2_100, 70_000]
      const keyOf = (at: number): Buffer =>
        Buffer.from(`${'k'.repeat(keyBytes - 3)}${String(at).padStart(3, '0')}`)
      const sets = lengths.map((length, at) => ({ key: keyOf(at), value: bytesOf(length, at) }))
      await store.commit({ sets })
      let [pages, divided] = [0, 0]
      for (const length of lengths) {
        const isDivided = beginningBytes(keyBytes, length, PAGE_BYTES) !== null
        if (isDivided) divided++
        // The engine's own arithmetic: a page of its own begins with 24 bytes and a value with its version; a row that takes half a page has none of its own.
        if (isDivided) pages += Math.floor((32 + length) / PAGE_BYTES)
        else if (16 + keyBytes + length > 2_034) pages += Math.ceil((32 + length) / PAGE_BYTES)
      }
      const entries = await store.getMany(lengths.map((_, at) => keyOf(at)))
      for (const [at, length] of lengths.entries())
        assert.deepEqual(entries[at]?.value, bytesOf(length, at), `${length} bytes`)
      await store.close()
      const { overflowPages, rests } = await rowsIn(folder)
      assert.ok(divided > 10)
      assert.equal(rests.length, divided)
      assert.equal(overflowPages, pages, `keys of ${keyBytes} bytes`)
    }
  })

  it('is one entry in all that a store does, at lengths at which the division changes, also after compactions and new starts', async (t) => {
    const random = new SeededRandom()
    t.diagnostic(`seed ${random.seed}`)
    const folder = join(root, 'model')
    const names = Array.from({ length: 24 }, (_, number) => Buffer.from(`a/${number % 5}/${number}`))
    const lengths = [...lengthsThatCount(5), 0, 10, 3_000, 4_300, 12_400, 66_000, 100_000]
    const model = new Map<string, { readonly value: Buffer; version: Version | null }>()
    let store = LmdbMetadataStore.open(folder)
    for (let round = 0; round < 60; round++) {
      const chosen = [...new Set(Array.from({ length: 1 + random.below(6) }, () => random.oneOf(names)))]
      const [sets, deletes] = [chosen.filter(() => random.below(4) > 0), chosen]
      const change = {
        checks: chosen.map((key) => ({ key, version: model.get(key.toString())?.version ?? null })),
        sets: sets.map((key) => ({ key, value: bytesOf(random.oneOf(lengths), random.below(256)) })),
        deletes: deletes.filter((key) => !sets.includes(key)),
      }
      assert.equal(await store.commit(change), 'ok')
      for (const key of change.deletes) model.delete(key.toString())
      for (const { key, value } of change.sets) model.set(key.toString(), { value, version: null })
      const snapshot = await store.snapshot()
      const entries = await store.scan(ALL)
      for (const { key, version } of entries) {
        const known = model.get(key.toString())
        if (known) known.version = version
      }
      const expected = [...model.keys()]
        .sort()
        .map((name): Entry => ({ key: Buffer.from(name), ...entryIn(model, name) }))
      assert.deepEqual(entries, expected)
      assert.deepEqual(await snapshot.scan({ ...ALL, reverse: true }), [...expected].reverse())
      await snapshot.close()
      await assertCutReads(store, expected, random)
      assert.deepEqual(
        await store.getMany(names),
        names.map((name) => expected.find(({ key }) => key.equals(name)) ?? null),
      )
      const stale = { checks: [{ key: Buffer.from('a/0/0'), version: 1 }], sets: change.sets }
      if (change.sets.length > 0) assert.equal(await store.commit(stale), 'conflict')
      if (round % 10 === 9) {
        const compaction = await store.compact()
        // And the record of the format.
        assert.equal(compaction.entries, expected.length + 1)
      }
      if (round % 15 === 14) {
        await store.close()
        const { rests } = await rowsIn(folder)
        const divided = expected.filter(
          ({ key, value }) => beginningBytes(key.length, value.length, PAGE_BYTES) !== null,
        )
        assert.equal(rests.length, divided.length, 'nothing is left of values that are gone')
        store = LmdbMetadataStore.open(folder)
      }
    }
    await store.commit({ deletes: names })
    await store.close()
    assert.deepEqual((await rowsIn(folder)).rests, [])
  })

  it('is copied as it is by a compaction that goes on beside the writers', async () => {
    const folder = join(root, 'beside')
    const store = LmdbMetadataStore.open(folder)
    const keyOf = (number: number): Buffer => Buffer.from(`key/${number}`)
    for (let number = 0; number < 200; number++)
      await store.commit({ sets: [{ key: keyOf(number), value: bytesOf(4_200 + number, number) }] })
    let turn = 0
    await store.compact({
      rest: async () => {
        const [grows, goes] = [turn % 200, (turn + 100) % 200]
        await store.commit({
          sets: [{ key: keyOf(grows), value: bytesOf(8_300 + turn, turn) }],
          deletes: [keyOf(goes)],
        })
        turn++
      },
    })
    assert.ok(turn > 2)
    const entries = await store.scan(ALL)
    assert.equal(entries.length, 200 - turn)
    for (const { key, value } of entries) {
      const number = Number(key.toString().slice(4))
      assert.deepEqual(
        value,
        number < turn ? bytesOf(8_300 + number, number) : bytesOf(4_200 + number, number),
      )
    }
    await store.close()
    assert.equal((await rowsIn(folder)).rests.length, 200 - turn)
  })

  it('makes the file one of a later format, and not before', async () => {
    const folder = join(root, 'format')
    const store = LmdbMetadataStore.open(folder)
    await store.commit({ sets: [{ key: Buffer.from('short'), value: Buffer.alloc(3_000) }] })
    await store.close()
    assert.equal((await rowsIn(folder)).format, 1)
    const again = LmdbMetadataStore.open(folder)
    await again.commit({ sets: [{ key: Buffer.from('long'), value: Buffer.alloc(4_200) }] })
    await again.compact()
    await again.close()
    assert.equal((await rowsIn(folder)).format, 2)
  })

  it('is read where a program of before has stored it whole', async () => {
    const folder = join(root, 'before')
    await LmdbMetadataStore.open(folder).close()
    const raw = openRaw(folder)
    const key = Buffer.from('key')
    await raw.put(key, bytesOf(4_200, 1), 5_120)
    await raw.close()
    const store = LmdbMetadataStore.open(folder)
    assert.deepEqual(await store.getMany([key]), [{ key, value: bytesOf(4_200, 1), version: 5_120 }])
    await store.commit({
      checks: [{ key, version: 5_120 }],
      sets: [{ key, value: bytesOf(4_200, 2) }],
    })
    const [entry] = await store.getMany([key])
    assert.deepEqual(entry?.value, bytesOf(4_200, 2))
    await store.close()
    assert.equal((await rowsIn(folder)).rests.length, 1)
  })
})

function entryIn(model: ReadonlyMap<string, { value: Buffer; version: Version | null }>, name: string) {
  const { value = Buffer.alloc(0), version = null } = model.get(name) ?? {}
  return { value, version: version ?? 0 }
}

async function assertCutReads(
  store: LmdbMetadataStore,
  entries: readonly Entry[],
  random: SeededRandom,
): Promise<void> {
  const valueBytesMax = random.below(9_000)
  const valueBytesEnough = random.below(BEGINNING_BYTES_MIN + 1)
  const cut = await store.scan({ ...ALL, valueBytesMax })
  assert.deepEqual(
    cut,
    entries.map((entry) => ({ ...entry, value: entry.value.subarray(0, valueBytesMax) })),
  )
  for (const [at, entry] of (await store.scan({ ...ALL, valueBytesMax, valueBytesEnough })).entries()) {
    const whole = entries[at]
    assert.ok(whole)
    assert.equal(entry.version, whole.version)
    const wanted = Math.min(whole.value.length, valueBytesMax)
    if (entry.isCutShort) assert.ok(entry.value.length >= valueBytesEnough && entry.value.length < wanted)
    else assert.equal(entry.value.length, wanted)
    assert.deepEqual(entry.value, whole.value.subarray(0, entry.value.length))
  }
  const keys = await store.scan({ ...ALL, keysOnly: true })
  assert.deepEqual(
    keys,
    entries.map((entry) => ({ ...entry, value: Buffer.alloc(0) })),
  )
  const prefix = Buffer.from('a/')
  const end = Buffer.from('b')
  const items = await store.scanDelimited({
    prefix,
    start: prefix,
    end,
    delimiter: Buffer.from('/'),
    limit: 100,
  })
  for (const item of items)
    if (item.type === 'prefix')
      assert.deepEqual(
        item.first,
        entries.find(({ key }) => key.subarray(0, item.prefix.length).equals(item.prefix)),
      )
  const [first] = entries
  if (first) {
    const { key } = first
    assert.deepEqual(await store.scan({ start: key, end: keyAfter(key), limit: 1 }), [first])
  }
}
