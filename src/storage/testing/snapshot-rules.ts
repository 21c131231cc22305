import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MetadataStore } from '../metadata-store.ts'
import { newKeySpace, setText } from './key-space.ts'

/** Rules of `snapshot`. */
export function snapshotRules(store: () => MetadataStore): void {
  describe('a snapshot', () => {
    it('shows what was there when it was taken, whatever is set, changed or deleted since', async () => {
      const space = newKeySpace()
      for (const name of ['a', 'b', 'c']) await setText(store(), space.key(name), `old ${name}`)
      const range = { start: space.prefix, end: space.end, limit: 10 }
      const before = await store().scan(range)
      const snapshot = await store().snapshot()
      try {
        await store().commit({
          sets: [
            { key: space.key('a'), value: Buffer.from('new') },
            { key: space.key('d'), value: Buffer.from('new') },
          ],
          deletes: [space.key('b')],
        })
        assert.deepEqual(await snapshot.scan(range), before)
        assert.equal((await store().scan(range)).length, 3)
        assert.deepEqual(await snapshot.scan(range), before)
      } finally {
        await snapshot.close()
      }
    })

    it('has what was committed just before, and stands beside others of other moments', async () => {
      const space = newKeySpace()
      const range = { start: space.prefix, end: space.end, limit: 10 }
      const snapshots = []
      for (const text of ['1', '2', '3']) {
        await setText(store(), space.key('key'), text)
        snapshots.push(await store().snapshot())
      }
      for (const [index, snapshot] of snapshots.entries()) {
        const [entry] = await snapshot.scan(range)
        assert.equal(entry?.value.toString(), String(index + 1))
        await snapshot.close()
      }
    })

    it('is scanned in pages, in both directions, with keys only and with values cut', async () => {
      const space = newKeySpace()
      for (const name of ['a', 'b', 'c']) await setText(store(), space.key(name), `value ${name}`)
      const snapshot = await store().snapshot()
      const range = { start: space.prefix, end: space.end, limit: 2 }
      const values = async (more: object) =>
        (await snapshot.scan({ ...range, ...more })).map(({ value }) => value.toString())
      try {
        assert.deepEqual(await values({}), ['value a', 'value b'])
        assert.deepEqual(await values({ start: space.key('c') }), ['value c'])
        assert.deepEqual(await values({ reverse: true }), ['value c', 'value b'])
        assert.deepEqual(await values({ keysOnly: true }), ['', ''])
        assert.deepEqual(await values({ valueBytesMax: 3 }), ['val', 'val'])
      } finally {
        await snapshot.close()
      }
    })
  })
}
