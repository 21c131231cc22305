import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  KEY_BYTES_MAX,
  VALUE_BYTES_ADDED_MAX,
  VALUE_BYTES_MAX,
  readCounters,
  type Change,
  type MetadataStore,
} from '../metadata-store.ts'
import { newKeySpace, readOne, readText, setText, type KeySpace } from './key-space.ts'

const bytes = (text: string) => Buffer.from(text)

/** Rules of `commit` that one writer alone can see. */
export function commitRules(store: () => MetadataStore): void {
  describe('committing', () => {
    it('sets, replaces and deletes; deleting an absent key is no error', async () => {
      const space = newKeySpace()
      await setText(store(), space.key('a'), 'one')
      await setText(store(), space.key('a'), 'two')
      assert.equal(await readText(store(), space.key('a')), 'two')
      assert.equal(await store().commit({ deletes: [space.key('a'), space.key('never')] }), 'ok')
      assert.equal(await readText(store(), space.key('a')), null)
    })

    it('accepts a change that does nothing', async () => {
      assert.equal(await store().commit({}), 'ok')
    })

    it('gives each state of a key its own version, also after a delete and for equal values', async () => {
      const space = newKeySpace()
      const versions = new Set<unknown>()
      for (let round = 0; round < 5; round++) {
        await setText(store(), space.key('a'), 'same')
        versions.add((await readOne(store(), space.key('a')))?.version)
        if (round % 2) await store().commit({ deletes: [space.key('a')] })
      }
      assert.equal(versions.size, 5)
    })

    it('keeps the version of a key that other commits do not write', async () => {
      const space = newKeySpace()
      await setText(store(), space.key('a'), 'one')
      const earlier = await readOne(store(), space.key('a'))
      await setText(store(), space.key('b'), 'two')
      await store().commit({ checks: [{ key: space.key('a'), version: earlier?.version ?? null }] })
      assert.deepEqual(await readOne(store(), space.key('a')), earlier)
    })

    it('refuses a change whose check names another version, an absent key, or a present one', async () => {
      const space = newKeySpace()
      await setText(store(), space.key('a'), 'one')
      const version = (await readOne(store(), space.key('a')))?.version ?? null
      await setText(store(), space.key('a'), 'two')
      for (const check of [
        { key: space.key('a'), version },
        { key: space.key('a'), version: null },
        { key: space.key('absent'), version },
      ])
        await assertRefused(store(), space, { checks: [check] }, 'conflict')
    })

    it('accepts checks that hold, on keys that it writes and on others', async () => {
      const space = newKeySpace()
      await setText(store(), space.key('a'), 'one')
      const version = (await readOne(store(), space.key('a')))?.version ?? null
      const outcome = await store().commit({
        checks: [
          { key: space.key('a'), version },
          { key: space.key('absent'), version: null },
        ],
        sets: [
          { key: space.key('a'), value: bytes('two') },
          { key: space.key('b'), value: bytes('new') },
        ],
      })
      assert.equal(outcome, 'ok')
      assert.equal(await readText(store(), space.key('a')), 'two')
    })

    it('refuses the version of a key that was deleted and set again', async () => {
      const space = newKeySpace()
      await setText(store(), space.key('a'), 'one')
      const version = (await readOne(store(), space.key('a')))?.version ?? null
      await store().commit({ deletes: [space.key('a')] })
      await setText(store(), space.key('a'), 'one')
      await assertRefused(store(), space, { checks: [{ key: space.key('a'), version }] }, 'conflict')
    })

    it('refuses as not-empty when an entry lies in a range, start inclusive and end exclusive', async () => {
      const space = newKeySpace()
      await setText(store(), space.key('m'), '')
      const range = (start: string, end: string) => ({
        emptyRanges: [{ start: space.key(start), end: space.key(end) }],
      })
      await assertRefused(store(), space, range('a', 'z'), 'not-empty')
      await assertRefused(store(), space, range('m', 'n'), 'not-empty')
      for (const [start, end] of [
        ['a', 'm'],
        ['n', 'z'],
        ['z', 'a'],
      ] as const)
        assert.equal(await store().commit(range(start, end)), 'ok')
    })

    it('looks at empty ranges before the change, not after it', async () => {
      const space = newKeySpace()
      const range = { start: space.key('a'), end: space.key('z') }
      const change = { emptyRanges: [range], sets: [{ key: space.key('m'), value: bytes('') }] }
      assert.equal(await store().commit(change), 'ok')
      assert.equal(
        await store().commit({ emptyRanges: [range], deletes: [space.key('m')] }),
        'not-empty',
        'the entry that the change deletes counts too',
      )
    })

    it('says conflict when both a check and a range fail', async () => {
      const space = newKeySpace()
      await setText(store(), space.key('m'), '')
      const change = {
        checks: [{ key: space.key('m'), version: null }],
        emptyRanges: [{ start: space.key('a'), end: space.key('z') }],
      }
      await assertRefused(store(), space, change, 'conflict')
    })

    it('does a large change whole', async () => {
      const space = newKeySpace()
      const names = Array.from({ length: 2000 }, (_, index) => String(index).padStart(5, '0'))
      await store().commit({ sets: names.map((name) => ({ key: space.key(name), value: bytes(name) })) })
      const scan = () => store().scan({ start: space.prefix, end: space.end, limit: 5000 })
      assert.deepEqual(
        (await scan()).map(({ value }) => value.toString()),
        names,
      )
      await store().commit({ deletes: names.map((name) => space.key(name)) })
      assert.deepEqual(await scan(), [])
    })
  })

  describe('adding to counters', () => {
    it('starts at zero, adds to what is there, and takes negative amounts', async () => {
      const space = newKeySpace()
      const key = space.key('n')
      await store().commit({ adds: [{ key, amounts: [5, -1] }] })
      await store().commit({ adds: [{ key, amounts: [-7, 2 ** 50] }] })
      assert.deepEqual(readCounters(await readOne(store(), key), 2), [-2, 2 ** 50 - 1])
    })

    it('lengthens a shorter row with zeros and leaves further columns of a longer one', async () => {
      const space = newKeySpace()
      const key = space.key('n')
      await store().commit({ adds: [{ key, amounts: [1] }] })
      await store().commit({ adds: [{ key, amounts: [1, 2, 3] }] })
      await store().commit({ adds: [{ key, amounts: [1] }] })
      const entry = await readOne(store(), key)
      assert.deepEqual(readCounters(entry, 4), [3, 2, 3, 0])
      assert.equal(entry?.value.length, 24)
    })

    it('gives the row a new version', async () => {
      const space = newKeySpace()
      const key = space.key('n')
      await store().commit({ adds: [{ key, amounts: [1] }] })
      const first = await readOne(store(), key)
      await store().commit({ adds: [{ key, amounts: [0] }] })
      assert.notEqual((await readOne(store(), key))?.version, first?.version)
    })

    it('adds nothing when the change is refused', async () => {
      const space = newKeySpace()
      await setText(store(), space.key('present'), '')
      const change = { checks: [{ key: space.key('present'), version: null }] }
      await store().commit({ ...change, adds: [{ key: space.key('n'), amounts: [1] }] })
      assert.equal(await readOne(store(), space.key('n')), null)
    })
  })

  describe('limits', () => {
    const refusals: [string, (space: KeySpace) => Change][] = [
      ['an empty key', () => ({ deletes: [Buffer.alloc(0)] })],
      ['an empty key in a check', () => ({ checks: [{ key: Buffer.alloc(0), version: null }] })],
      [
        `a key of ${KEY_BYTES_MAX + 1} bytes`,
        () => ({ sets: [{ key: Buffer.alloc(KEY_BYTES_MAX + 1, 'k'), value: bytes('') }] }),
      ],
      ['a key that begins with 0xff', () => ({ sets: [{ key: Buffer.of(0xff, 1), value: bytes('') }] })],
      [
        `a value of more than ${VALUE_BYTES_MAX + VALUE_BYTES_ADDED_MAX} bytes`,
        (space) => ({
          sets: [{ key: space.key('a'), value: Buffer.alloc(VALUE_BYTES_MAX + VALUE_BYTES_ADDED_MAX + 1) }],
        }),
      ],
      [
        'a key that is set and deleted',
        (space) => ({ sets: [{ key: space.key('a'), value: bytes('') }], deletes: [space.key('a')] }),
      ],
      ['an amount that is no safe integer', (space) => ({ adds: [{ key: space.key('a'), amounts: [0.5] }] })],
    ]
    for (const [what, change] of refusals) {
      it(`refuses ${what} with a RangeError and changes nothing`, async () => {
        const space = newKeySpace()
        const bystander = { key: space.key('bystander'), value: bytes('') }
        const refused = change(space)
        await assert.rejects(
          store().commit({ ...refused, sets: [bystander, ...(refused.sets ?? [])] }),
          RangeError,
        )
        assert.deepEqual(await store().scan({ start: space.prefix, end: space.end, limit: 1 }), [])
      })
    }
  })
}

/** The change with a write added has this outcome, and the write did not happen. */
async function assertRefused(
  store: MetadataStore,
  space: KeySpace,
  change: Change,
  expected: 'conflict' | 'not-empty',
): Promise<void> {
  const written = space.key('written by a refused change')
  const before = await store.scan({ start: space.prefix, end: space.end, limit: 1000 })
  const outcome = await store.commit({
    ...change,
    sets: [{ key: written, value: bytes('x') }],
    deletes: [space.key('m'), space.key('a')],
  })
  assert.equal(outcome, expected)
  assert.deepEqual(await store.scan({ start: space.prefix, end: space.end, limit: 1000 }), before)
}
