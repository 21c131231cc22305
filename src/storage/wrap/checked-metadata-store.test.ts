import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MemoryMetadataStore } from '../memory/metadata-store.ts'
import { addToCounterRow } from '../counter-row.ts'
import { DamagedRecord, readCounters, type MetadataStore } from '../metadata-store.ts'
import { describeMetadataStore } from '../testing/metadata-store-suite.ts'
import { CheckedMetadataStore } from './checked-metadata-store.ts'
import { HEAD_BYTES } from './value-sum.ts'

const checked = (store: MetadataStore) =>
  new CheckedMetadataStore(store, { place: 'the test', isCounter: (key) => key[0] === 0x6e })

describeMetadataStore('checked', { open: async () => checked(new MemoryMetadataStore()) })

const KEY = Buffer.from('key/a')
const ALL = { start: Buffer.from('a'), end: Buffer.from('z') }
const EVERY_READ: readonly [string, (store: MetadataStore) => Promise<unknown>][] = [
  ['getMany', (store) => store.getMany([KEY])],
  ['scan', (store) => store.scan({ ...ALL, limit: 9 })],
  ['scan of beginnings', (store) => store.scan({ ...ALL, limit: 9, valueBytesMax: 10 })],
  [
    'scanDelimited',
    (store) =>
      store.scanDelimited({
        prefix: Buffer.from('key/'),
        start: Buffer.from('key/'),
        end: ALL.end,
        delimiter: Buffer.from('-'),
        limit: 9,
      }),
  ],
  [
    'scanDelimited that gives its prefix alone',
    (store) =>
      store.scanDelimited({
        prefix: Buffer.from('k'),
        start: Buffer.from('k'),
        end: ALL.end,
        delimiter: Buffer.from('/'),
        limit: 9,
      }),
  ],
]

/** A checked store over one that holds `value` under KEY, changed by `damage` behind its back. */
async function damagedStore(value: Buffer, damage: (stored: Buffer) => { key?: Buffer; value?: Buffer }) {
  const engine = new MemoryMetadataStore()
  await checked(engine).commit({ sets: [{ key: KEY, value }] })
  const [entry] = await engine.getMany([KEY])
  assert.ok(entry)
  await engine.commit({ deletes: [KEY] })
  const changed = damage(Buffer.from(entry.value))
  await engine.commit({ sets: [{ key: changed.key ?? KEY, value: changed.value ?? entry.value }] })
  return { engine, store: checked(engine) }
}

describe('CheckedMetadataStore', () => {
  for (const [name, read] of EVERY_READ)
    it(`${name} throws DamagedRecord wherever a bit of a stored value was flipped`, async () => {
      const engine = new MemoryMetadataStore()
      await checked(engine).commit({ sets: [{ key: KEY, value: Buffer.from('some value of a record') }] })
      const [entry] = await engine.getMany([KEY])
      assert.ok(entry)
      for (let bit = 0; bit < entry.value.length * 8; bit++) {
        const value = Buffer.from(entry.value)
        value.writeUInt8(value.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        await engine.commit({ sets: [{ key: KEY, value }] })
        await assert.rejects(read(checked(engine)), DamagedRecord, `bit ${bit}`)
      }
    })

  it('finds damage behind the beginning of a value when the whole is read', async () => {
    const { store } = await damagedStore(Buffer.alloc(3 * HEAD_BYTES, 'x'), (stored) => {
      stored.writeUInt8(stored.readUInt8(stored.length - 1) ^ 1, stored.length - 1)
      return { value: stored }
    })
    await assert.rejects(store.getMany([KEY]), DamagedRecord)
    const [entry] = await store.scan({ ...ALL, limit: 1, valueBytesMax: HEAD_BYTES })
    assert.equal(entry?.value.length, HEAD_BYTES, 'a beginning is checked by its own sum')
  })

  it('finds a value that lies under another key, and one that lost its end', async () => {
    const moved = await damagedStore(Buffer.from('value'), () => ({ key: Buffer.from('key/b') }))
    await assert.rejects(moved.store.getMany([Buffer.from('key/b')]), DamagedRecord)
    const cut = await damagedStore(Buffer.alloc(5_000, 'x'), (stored) => ({
      value: stored.subarray(0, 4_000),
    }))
    await assert.rejects(cut.store.getMany([KEY]), DamagedRecord)
  })

  it('names key and place, and the version by which a commit replaces what is damaged', async () => {
    const { store } = await damagedStore(Buffer.from('value'), (stored) => ({ value: stored.fill(7, 12) }))
    const error = await store.getMany([KEY]).then(
      () => assert.fail('the damaged record was read'),
      (thrown: unknown) => thrown,
    )
    assert.ok(error instanceof DamagedRecord)
    assert.match(error.message, /^record key\/a in the test is damaged/)
    const outcome = await store.commit({
      checks: [{ key: KEY, version: error.version }],
      sets: [{ key: KEY, value: Buffer.from('new') }],
    })
    assert.equal(outcome, 'ok')
    assert.equal((await store.getMany([KEY]))[0]?.value.toString(), 'new')
  })

  it('reads values without a sum until it is told that there are none', async () => {
    const engine = new MemoryMetadataStore()
    const old = Buffer.from('a value of an older release')
    await engine.commit({ sets: [{ key: KEY, value: old }] })
    const store = checked(engine)
    assert.deepEqual((await store.getMany([KEY]))[0]?.value, old)
    store.requireSums()
    await assert.rejects(store.getMany([KEY]), DamagedRecord)
  })

  it('lets counters be added to, which have no sum', async () => {
    const store = checked(new MemoryMetadataStore())
    store.requireSums()
    const key = Buffer.from('n')
    await store.commit({ adds: [{ key, amounts: [3] }] })
    await store.commit({ adds: [{ key, amounts: [4] }] })
    assert.equal((await store.getMany([key]))[0]?.value.readBigInt64BE(0), 7n)
  })
})

it('leaves counters that are set as they are, so that the engine can add to them', async () => {
  const engine = new MemoryMetadataStore()
  const store = checked(engine)
  const key = Buffer.from('n')
  await store.commit({ sets: [{ key, value: addToCounterRow(null, [5]) }] })
  await store.commit({ adds: [{ key, amounts: [2] }] })
  const [entry = null] = await store.getMany([key])
  assert.deepEqual(readCounters(entry, 1), [7])
})
