import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keyAfter } from '../../base/key.ts'
import { KEY_BYTES_MAX, VALUE_BYTES_MAX, type MetadataStore } from '../metadata-store.ts'
import { newKeySpace, readOne, setText, type KeySpace } from './key-space.ts'
import { SeededRandom } from '../../../test/seeded-random.ts'

/** Rules of `getMany` and `scan`. */
export function readRules(store: () => MetadataStore): void {
  describe('reading keys', () => {
    it('gives the entries in the order asked, null for an absent key, and a repeated key twice', async () => {
      const space = newKeySpace()
      await setText(store(), space.key('a'), 'one')
      await setText(store(), space.key('b'), 'two')
      const entries = await store().getMany(['b', 'missing', 'a', 'b'].map((name) => space.key(name)))
      assert.deepEqual(
        entries.map((entry) => entry && entry.value.toString()),
        ['two', null, 'one', 'two'],
      )
      assert.deepEqual(entries[0]?.key, space.key('b'))
      assert.deepEqual(await store().getMany([]), [])
    })

    it('keeps keys and values of any bytes, and empty values', async () => {
      const space = newKeySpace()
      const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
      const names = [Buffer.from([0]), Buffer.from([0, 0]), Buffer.from([0xff, 0xff]), everyByte]
      await store().commit({
        sets: [
          ...names.map((name) => ({ key: space.key(name), value: name })),
          { key: space.prefix, value: new Uint8Array(0) },
        ],
      })
      const entries = await store().getMany([space.prefix, ...names.map(space.key)])
      assert.deepEqual(
        entries.map((entry) => entry?.value),
        [Buffer.alloc(0), ...names],
      )
    })

    it('keeps keys of one byte, 0x00 and 0xfe among them, apart from each other', async () => {
      const keys = [0x00, 0x01, 0x05, 0x1f, 0x20, 0x7f, 0x80, 0xfe].map((byte) => Buffer.from([byte]))
      await store().commit({ sets: keys.map((key) => ({ key, value: key })) })
      const all = await store().scan({ start: Buffer.from([0]), end: Buffer.from([0xff, 0]), limit: 1000 })
      const single = all.filter(({ key }) => key.length === 1)
      await store().commit({ deletes: keys })
      assert.deepEqual(
        single.map(({ key }) => key),
        keys,
      )
    })

    it(`keeps keys of ${KEY_BYTES_MAX} bytes that differ in the last byte, and scans over them`, async () => {
      const space = newKeySpace()
      const filler = Buffer.alloc(KEY_BYTES_MAX - space.prefix.length - 1, 0xff)
      const longKey = (last: number) => space.key(Buffer.concat([filler, Buffer.from([last])]))
      for (const last of [1, 2, 0xff])
        await store().commit({ sets: [{ key: longKey(last), value: Buffer.from([last]) }] })
      const entries = await store().scan({ start: space.prefix, end: space.end, limit: 10 })
      assert.deepEqual(
        entries.map(({ key, value }) => [key.length, value[0]]),
        [1, 2, 0xff].map((last) => [KEY_BYTES_MAX, last]),
      )
      const [, second] = await store().getMany([longKey(1), longKey(2)])
      assert.deepEqual(second?.value, Buffer.from([2]))
    })

    it(`keeps values of ${VALUE_BYTES_MAX} bytes`, async () => {
      const space = newKeySpace()
      const value = Buffer.alloc(VALUE_BYTES_MAX, 'lugsail')
      await store().commit({ sets: [{ key: space.key('big'), value }] })
      const entry = await readOne(store(), space.key('big'))
      const [scanned] = await store().scan({ start: space.prefix, end: space.end, limit: 1 })
      await store().commit({ deletes: [space.key('big')] })
      assert.ok(entry?.value.equals(value))
      assert.ok(scanned?.value.equals(value))
    })

    it('finds nothing under a key that is longer than any can be', async () => {
      const space = newKeySpace()
      for (const sizeBytes of [KEY_BYTES_MAX + 1, 3_000, 100_000])
        assert.deepEqual(await store().getMany([space.key(Buffer.alloc(sizeBytes, 'k'))]), [null])
    })

    it('gives values that belong to the caller: changing one changes no other read', async () => {
      const space = newKeySpace()
      const given = Buffer.from('untouched')
      await store().commit({ sets: [{ key: space.key('a'), value: given }] })
      given.fill('x')
      const first = await readOne(store(), space.key('a'))
      const [second] = await store().scan({ start: space.prefix, end: space.end, limit: 1 })
      first?.value.fill('y')
      second?.value.fill('z')
      assert.equal((await readOne(store(), space.key('a')))?.value.toString(), 'untouched')
    })

    it('gives values that stay as they are while other keys are read and written', async () => {
      const space = newKeySpace()
      await setText(store(), space.key('a'), 'first')
      const entry = await readOne(store(), space.key('a'))
      await setText(store(), space.key('a'), 'later')
      await setText(store(), space.key('b'), 'other')
      await readOne(store(), space.key('b'))
      assert.equal(entry?.value.toString(), 'first')
    })
  })

  describe('scanning', () => {
    it('gives entries in byte order, whatever order they were written in', async () => {
      const space = newKeySpace()
      const names = ['b', 'a', 'aa', 'B', 'é', 'z', '\u0000', '!', '\u{1f600}', '\uffee']
      for (const name of names) await setText(store(), space.key(name), name)
      const sorted = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      assert.deepEqual(await namesIn(store(), space), sorted)
    })

    it('includes the start, excludes the end, and stops at the limit', async () => {
      const space = newKeySpace()
      for (const name of 'abcde') await setText(store(), space.key(name), name)
      const scan = (start: string, end: string, limit: number) =>
        store().scan({ start: space.key(start), end: space.key(end), limit })
      assert.deepEqual(
        (await scan('b', 'd', 10)).map(({ key }) => space.name(key)),
        ['b', 'c'],
      )
      assert.deepEqual(
        (await scan('a', 'z', 2)).map(({ key }) => space.name(key)),
        ['a', 'b'],
      )
      assert.deepEqual(await scan('c', 'c', 10), [])
      assert.deepEqual(await scan('d', 'b', 10), [])
      assert.deepEqual(await scan('f', 'z', 10), [])
    })

    it('takes bounds that are longer than any key, as listings by a long prefix or marker have them', async () => {
      const space = newKeySpace()
      const filler = Buffer.alloc(KEY_BYTES_MAX - space.prefix.length - 1, 'k')
      for (const name of ['a', filler, 'kkkkl']) await setText(store(), space.key(name), '')
      for (const sizeBytes of [KEY_BYTES_MAX, 2_500, 100_000]) {
        const bound = space.key(Buffer.alloc(sizeBytes, 'k'))
        const names = async (range: { start: Buffer; end: Buffer }, reverse = false) =>
          (await store().scan({ ...range, limit: 10, reverse })).map(({ key }) => space.name(key).slice(0, 5))
        const [below, above] = [
          { start: space.prefix, end: bound },
          { start: bound, end: space.end },
        ]
        assert.deepEqual(await names(below), ['a', 'kkkkk'])
        assert.deepEqual(await names(below, true), ['kkkkk', 'a'])
        assert.deepEqual([await names(above), await names(above, true)], [['kkkkl'], ['kkkkl']])
        const delimited = {
          prefix: bound,
          start: bound,
          end: space.end,
          delimiter: Buffer.from('/'),
          limit: 10,
        }
        assert.deepEqual(await store().scanDelimited(delimited), [])
      }
    })

    it('goes on directly after a key with keyAfter', async () => {
      const space = newKeySpace()
      for (const name of ['a', 'a\u0000', 'a\u0001', 'b']) await setText(store(), space.key(name), '')
      const rest = await store().scan({ start: keyAfter(space.key('a')), end: space.end, limit: 10 })
      assert.deepEqual(
        rest.map(({ key }) => space.name(key)),
        ['a\u0000', 'a\u0001', 'b'],
      )
    })

    it('in reverse keeps the meaning of start and end and begins at the greatest key', async () => {
      const space = newKeySpace()
      for (const name of 'abcde') await setText(store(), space.key(name), name)
      const scan = (start: string, end: string, limit: number) =>
        store().scan({ start: space.key(start), end: space.key(end), limit, reverse: true })
      assert.deepEqual(
        (await scan('b', 'd', 10)).map(({ key, value }) => [space.name(key), value.toString()]),
        [
          ['c', 'c'],
          ['b', 'b'],
        ],
      )
      assert.deepEqual(
        (await scan('a', 'cc', 2)).map(({ key }) => space.name(key)),
        ['c', 'b'],
      )
      assert.deepEqual(
        (await scan('', 'zz', 1)).map(({ key }) => space.name(key)),
        ['e'],
      )
      assert.deepEqual(await scan('c', 'c', 10), [])
      assert.deepEqual(await scan('d', 'b', 10), [])
    })

    it('with keysOnly leaves values empty and keeps versions', async () => {
      const space = newKeySpace()
      await setText(store(), space.key('a'), 'long value')
      await setText(store(), space.key('b'), 'other')
      const written = await store().getMany([space.key('a'), space.key('b')])
      const expected = written.map((entry) => entry && { ...entry, value: Buffer.alloc(0) })
      const range = { start: space.prefix, end: space.end, limit: 10, keysOnly: true }
      assert.deepEqual(await store().scan(range), expected)
      assert.deepEqual(await store().scan({ ...range, reverse: true }), expected.reverse())
    })

    it('with valueBytesMax cuts longer values and leaves shorter ones whole', async () => {
      const space = newKeySpace()
      await setText(store(), space.key('a'), 'abcdef')
      await setText(store(), space.key('b'), 'ab')
      await setText(store(), space.key('c'), 'x'.repeat(100_000))
      const range = { start: space.prefix, end: space.end, limit: 10, valueBytesMax: 3 }
      const scanned = await store().scan(range)
      assert.deepEqual(
        scanned.map(({ value }) => value.toString()),
        ['abc', 'ab', 'xxx'],
      )
    })

    it('gives versions that checks accept', async () => {
      const space = newKeySpace()
      await setText(store(), space.key('a'), 'one')
      const [entry] = await store().scan({ start: space.prefix, end: space.end, limit: 1 })
      assert.ok(entry)
      const outcome = await store().commit({
        checks: [{ key: entry.key, version: entry.version }],
        deletes: [entry.key],
      })
      assert.equal(outcome, 'ok')
    })

    it('sees either all or nothing of a commit that runs at the same time', async () => {
      const space = newKeySpace()
      const names = Array.from({ length: 50 }, (_, index) => String(index).padStart(3, '0'))
      const progress = { isWriting: true }
      const writing = (async () => {
        for (let round = 1; round <= 20; round++) {
          const value = Buffer.from(String(round))
          await store().commit({ sets: names.map((name) => ({ key: space.key(name), value })) })
        }
        progress.isWriting = false
      })()
      let reads = 0
      while (progress.isWriting || reads === 0) {
        const scanned = await store().scan({ start: space.prefix, end: space.end, limit: 1000 })
        const got = await store().getMany(names.map((name) => space.key(name)))
        assert.ok(new Set(scanned.map(({ value }) => value.toString())).size <= 1)
        assert.ok(scanned.length === 0 || scanned.length === names.length)
        assert.ok(new Set(got.map((entry) => entry && entry.value.toString())).size === 1)
        reads++
        await new Promise((resolve) => setImmediate(resolve))
      }
      await writing
    })

    it('agrees with a sorted array on random keys and ranges', async (t) => {
      const random = new SeededRandom()
      t.diagnostic(`seed ${random.seed}`)
      const space = newKeySpace()
      const randomName = () =>
        Buffer.from(
          Array.from({ length: random.below(4) }, () => random.oneOf([0, 1, 0x61, 0x62, 0xfe, 0xff])),
        )
      const names = new Map(
        Array.from({ length: 120 }, randomName).map((name) => [name.toString('hex'), name]),
      )
      await store().commit({
        sets: [...names.values()].map((name) => ({ key: space.key(name), value: name })),
      })
      const sorted = [...names.values()].sort((a, b) => Buffer.compare(a, b))
      for (let round = 0; round < 200; round++) {
        const [start, end, limit] = [randomName(), randomName(), 1 + random.below(130)]
        const reverse = random.below(2) === 1
        const inside = sorted.filter(
          (name) => Buffer.compare(name, start) >= 0 && Buffer.compare(name, end) < 0,
        )
        const expected = (reverse ? inside.reverse() : inside).slice(0, limit)
        const got = await store().scan({ start: space.key(start), end: space.key(end), limit, reverse })
        assert.deepEqual(
          got.map(({ value }) => value),
          expected,
        )
      }
    })
  })
}

async function namesIn(store: MetadataStore, space: KeySpace): Promise<string[]> {
  const entries = await store.scan({ start: space.prefix, end: space.end, limit: 1000 })
  return entries.map(({ key }) => space.name(key))
}
