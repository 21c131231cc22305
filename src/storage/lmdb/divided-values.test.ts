import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { open, type RootDatabase } from 'lmdb'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { keyAfter } from '../../base/key.ts'
import { DamagedRecord, type Entry, type Version } from '../metadata-store.ts'
import { CheckedMetadataStore } from '../wrap/checked-metadata-store.ts'
import { SUM_BYTES } from '../wrap/value-sum.ts'
import { BEGINNING_BYTES_MIN, beginningBytes, isRestKey } from './divided-values.ts'
import { LmdbMetadataStore } from './metadata-store.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-divided-'))
after(() => rmSync(root, { recursive: true, force: true }))

const ALL = { start: Buffer.of(0), end: Buffer.of(0xff), limit: 100_000 }
const PAGE_BYTES = 4_096

/** The engine's file as it is, without what knows of entries. For a store that is closed. */
function openRaw(folder: string): RootDatabase<Buffer, Buffer> {
  return open<Buffer, Buffer>({
    path: join(folder, 'metadata.mdb'),
    noSubdir: true,
    encoding: 'binary',
    keyEncoding: 'binary',
    useVersions: true,
    overlappingSync: false,
  })
}

interface Rows {
  readonly overflowPages: number
  readonly rests: Buffer[]
  readonly format: number
}

async function rowsIn(folder: string): Promise<Rows> {
  const raw = openRaw(folder)
  const { root: tree } = raw.getStats() as unknown as { readonly root: { readonly overflowPages: number } }
  const keys = [...raw.getKeys({ start: Buffer.of(0xff) })]
  const format = raw.get(Buffer.alloc(1_978, 0xff))?.readUInt32BE(0) ?? 0
  await raw.close()
  return { overflowPages: tree.overflowPages, rests: keys.filter(isRestKey), format }
}

const bytesOf = (length: number, seed: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, at) => (at * 7 + (at >> 8) * 13 + seed * 31) & 0xff))

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

describe('a value that begins one page more', () => {
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

describe('a damaged row of a divided value', () => {
  const keys = ['first', 'second', 'third'].map((name) => Buffer.from(name))
  const [first = Buffer.alloc(0), second = Buffer.alloc(0), third = Buffer.alloc(0)] = keys
  const valueOf = (key: Buffer): Buffer => bytesOf(4_200, key.length)

  /** Three values set by one change, so that only their places tell them apart; then `spoil` has the file, and the store is opened again. */
  async function spoilt(name: string, spoil: (raw: RootDatabase<Buffer, Buffer>) => Promise<unknown>) {
    const folder = join(root, `damaged ${name}`)
    const open = () => {
      const engine = LmdbMetadataStore.open(folder)
      const store = new CheckedMetadataStore(engine, { place: folder, isCounter: () => false })
      // As each store that was made with checksums says of itself.
      store.requireSums()
      return store
    }
    const before = open()
    await before.commit({ sets: keys.map((key) => ({ key, value: valueOf(key) })) })
    await before.close()
    const raw = openRaw(folder)
    await spoil(raw)
    await raw.close()
    return { store: open(), folder }
  }

  const restKeysIn = (raw: RootDatabase<Buffer, Buffer>): Buffer[] =>
    [...raw.getKeys({ start: Buffer.of(0xff) })].filter(isRestKey)

  async function changeRow(
    raw: RootDatabase<Buffer, Buffer>,
    key: Buffer,
    change: (row: Buffer) => { readonly value?: Buffer; readonly version?: number },
  ): Promise<void> {
    const { value = Buffer.alloc(0), version = 0 } = raw.getEntry(key) ?? {}
    const changed = { value: Buffer.from(value), version, ...change(Buffer.from(value)) }
    await raw.put(key, changed.value, changed.version)
  }

  const flip = (row: Buffer, at: number) => {
    row.writeUInt8(row.readUInt8(at) ^ 4, at)
    return { value: row }
  }

  const cases: [string, (raw: RootDatabase<Buffer, Buffer>) => Promise<unknown>][] = [
    ['a bit of the beginning', (raw) => changeRow(raw, second, (row) => flip(row, SUM_BYTES + 100))],
    ['a bit of its sum', (raw) => changeRow(raw, second, (row) => flip(row, 0))],
    [
      'its place, so that it names the rest of another',
      (raw) => changeRow(raw, second, (row) => flip(row, 5)),
    ],
    [
      'its version, so that it names no rest',
      (raw) => changeRow(raw, second, () => ({ version: -1_000_000 })),
    ],
    [
      'the sign of its version',
      (raw) => changeRow(raw, second, () => ({ version: Math.abs(raw.getEntry(second)?.version ?? 0) })),
    ],
    ['a bit of the rest', (raw) => changeRow(raw, restKeysIn(raw)[1] ?? first, (row) => flip(row, 3_000))],
    ['the rest is missing', (raw) => raw.remove(restKeysIn(raw)[1] ?? first)],
    [
      'the rest is cut',
      (raw) => changeRow(raw, restKeysIn(raw)[1] ?? first, (row) => ({ value: row.subarray(1) })),
    ],
    [
      'the rest is that of another',
      async (raw) => raw.put(restKeysIn(raw)[1] ?? first, raw.get(restKeysIn(raw)[0] ?? first) ?? first, 1),
    ],
  ]
  for (const [what, spoil] of cases) {
    it(`is an error, and no other value's, where it is ${what}`, async () => {
      const { store, folder } = await spoilt(what, spoil)
      const isDamaged = (error: unknown): boolean =>
        error instanceof DamagedRecord && error.key.equals(second)
      await assert.rejects(store.getMany([second]), isDamaged)
      await assert.rejects(store.scan(ALL), isDamaged)
      const others = await store.getMany([first, third])
      assert.deepEqual(
        others.map((entry) => entry?.value),
        [first, third].map(valueOf),
      )
      // It can be removed, and takes no other's bytes along.
      assert.equal(await store.commit({ deletes: [second] }), 'ok')
      assert.equal(await store.commit({ sets: [{ key: second, value: valueOf(second) }] }), 'ok')
      assert.deepEqual(
        (await store.getMany(keys)).map((entry) => entry?.value),
        keys.map(valueOf),
      )
      await store.compact()
      assert.deepEqual(
        (await store.getMany(keys)).map((entry) => entry?.value),
        keys.map(valueOf),
      )
      await store.close()
      assert.equal((await rowsIn(folder)).rests.length, 3, 'a compaction leaves out what no value has')
    })
  }

  it('keeps its rest through compactions for as long as it is there, and so do all that nobody has', async () => {
    const { store, folder } = await spoilt('kept', (raw) =>
      changeRow(raw, second, (row) => flip(row, SUM_BYTES + 100)),
    )
    await store.compact()
    assert.equal((await store.scan({ ...ALL, keysOnly: true })).length, 3)
    await store.commit({ deletes: [second] })
    await store.close()
    assert.equal((await rowsIn(folder)).rests.length, 3)
    const again = LmdbMetadataStore.open(folder)
    // Rests that have been in use since the last state are not taken for such.
    let turn = 0
    const compaction = await again.compact({
      rest: async () => {
        const key = Buffer.from(`beside ${turn++ % 3}`)
        await again.commit({ sets: [{ key, value: bytesOf(4_200 + turn, turn) }] })
      },
    })
    const entries = await again.scan(ALL)
    assert.equal(compaction.entries, entries.length + 1)
    await again.close()
    assert.equal((await rowsIn(folder)).rests.length, entries.length)
  })

  it('lets a listing that needs the beginning alone pass over a damaged rest, and never over a damaged beginning', async () => {
    const beginnings = { ...ALL, valueBytesMax: 2_048, valueBytesEnough: 128 }
    const damagedRest = await spoilt('rest in a listing', (raw) =>
      changeRow(raw, restKeysIn(raw)[1] ?? first, (row) => flip(row, 3_000)),
    )
    const entries = await damagedRest.store.scan(beginnings)
    for (const { key, value } of entries) {
      assert.ok(value.length >= 128)
      assert.deepEqual(value, valueOf(key).subarray(0, value.length))
    }
    await damagedRest.store.close()
    const damagedBeginning = await spoilt('beginning in a listing', (raw) =>
      changeRow(raw, second, (row) => flip(row, SUM_BYTES + 40)),
    )
    await assert.rejects(damagedBeginning.store.scan(beginnings), DamagedRecord)
    await damagedBeginning.store.close()
  })
})
