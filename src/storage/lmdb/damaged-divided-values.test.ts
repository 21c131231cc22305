import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ALL, bytesOf, openRaw, restKeysIn, rowsIn, type RawFile } from '../../../test/divided-value-rows.ts'
import { DamagedRecord } from '../metadata-store.ts'
import { CheckedMetadataStore } from '../wrap/checked-metadata-store.ts'
import { SUM_BYTES } from '../wrap/value-sum.ts'
import { LmdbMetadataStore } from './metadata-store.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-damaged-values-'))
after(() => rmSync(root, { recursive: true, force: true }))

describe('a damaged row of a divided value', () => {
  const keys = ['first', 'second', 'third'].map((name) => Buffer.from(name))
  const [first = Buffer.alloc(0), second = Buffer.alloc(0), third = Buffer.alloc(0)] = keys
  const valueOf = (key: Buffer): Buffer => bytesOf(4_200, key.length)

  /** Three values set by one change, so that only their places tell them apart; then `spoil` has the file, and the store is opened again. */
  async function spoilt(name: string, spoil: (raw: RawFile) => Promise<unknown>) {
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

  async function changeRow(
    raw: RawFile,
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

  const cases: [string, (raw: RawFile) => Promise<unknown>][] = [
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
      async (raw) =>
        await raw.put(restKeysIn(raw)[1] ?? first, raw.get(restKeysIn(raw)[0] ?? first) ?? first, 1),
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
