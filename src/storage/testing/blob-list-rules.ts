import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { BlobStore } from '../blob-store.ts'
import { bodyOf, listIds, newIdPrefix, patternBytes, readBlob } from './blob-fixtures.ts'

/** Rules of `list`, and of several handles on one store. */
export function blobListRules(
  store: () => BlobStore,
  openAnother: (() => Promise<BlobStore>) | undefined,
): void {
  describe('listing blobs', () => {
    it('gives ids in ascending order with their sizes, in pages of any size', async () => {
      const prefix = newIdPrefix()
      const names = ['b', 'a', 'a-1', 'a.1', 'a0', 'c9', 'c10', '0', 'aa', 'z']
      for (const [index, name] of names.entries())
        await store().put(`${prefix}${name}`, bodyOf(patternBytes(index)))
      const sorted = names.map((name) => prefix + name).sort()
      for (const limit of [1, 3, 10, 11, 1000])
        assert.deepEqual(await listIds(store(), prefix, limit), sorted)
      const [entry] = await store().list({ prefix: `${prefix}c9`, limit: 10 })
      assert.deepEqual(entry, { id: `${prefix}c9`, sizeBytes: 5 })
    })

    it('starts behind `after`, whether a blob has that id or not', async () => {
      const prefix = newIdPrefix()
      for (const name of ['a', 'b', 'c']) await store().put(prefix + name, bodyOf(patternBytes(1)))
      const behind = async (after: string) =>
        (await store().list({ prefix, after, limit: 10 })).map(({ id }) => id.slice(prefix.length))
      assert.deepEqual(await behind(`${prefix}a`), ['b', 'c'])
      assert.deepEqual(await behind(`${prefix}aa`), ['b', 'c'])
      assert.deepEqual(await behind(`${prefix}c`), [])
      assert.deepEqual(await behind('0'), ['a', 'b', 'c'])
    })

    it('gives nothing of other prefixes, and everything without a prefix', async () => {
      const [one, two] = [newIdPrefix(), newIdPrefix()]
      await store().put(`${one}a`, bodyOf(patternBytes(1)))
      await store().put(`${two}a`, bodyOf(patternBytes(1)))
      assert.deepEqual(await listIds(store(), one), [`${one}a`])
      const all = await listIds(store(), '')
      assert.ok(all.includes(`${one}a`) && all.includes(`${two}a`))
      assert.deepEqual(all, [...all].sort())
      assert.deepEqual(await store().list({ limit: 1 }), [{ id: all[0], sizeBytes: await sizeOf(all[0]) }])
    })

    async function sizeOf(id: string | undefined): Promise<number> {
      return (await readBlob(store(), id ?? '')).length
    }
  })

  if (!openAnother) return
  describe('several handles on one blob store', () => {
    let opened: BlobStore | null = null
    const other = () => {
      if (!opened) throw new Error('the second handle is not open')
      return opened
    }
    before(async () => {
      opened = await openAnother()
    })
    after(async () => {
      await opened?.close()
    })

    it('shows to one handle what another put and deleted', async () => {
      const prefix = newIdPrefix()
      await store().put(`${prefix}a`, bodyOf(patternBytes(1000)))
      assert.ok((await readBlob(other(), `${prefix}a`)).equals(patternBytes(1000)))
      assert.deepEqual(await listIds(other(), prefix), [`${prefix}a`])
      await other().delete([`${prefix}a`])
      assert.deepEqual(await listIds(store(), prefix), [])
    })

    it('leaves a put under way alone when another handle is opened and closed', async () => {
      const prefix = newIdPrefix()
      async function* slow() {
        yield patternBytes(200_000)
        const third = await openAnother?.()
        await third?.close()
        yield patternBytes(200_000)
      }
      await store().put(`${prefix}a`, slow())
      assert.equal((await readBlob(other(), `${prefix}a`)).length, 400_000)
    })
  })
}
