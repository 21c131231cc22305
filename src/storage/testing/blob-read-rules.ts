import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { BlobNotFound, type BlobStore } from '../blob-store.ts'
import { bodyOf, newIdPrefix, patternBytes, readBlob } from './blob-fixtures.ts'
import { SeededRandom } from '../../../test/seeded-random.ts'

/** Rules of `get`. */
export function blobReadRules(store: () => BlobStore): void {
  describe('getting blobs', () => {
    it('gives ranges with both ends included', async () => {
      const id = `${newIdPrefix()}a`
      const bytes = patternBytes(500_000)
      await store().put(id, bodyOf(bytes))
      for (const [start, end] of [
        [0, 0],
        [499_999, 499_999],
        [0, 499_999],
        [65_535, 65_536],
        [1, 300_000],
      ] as const)
        assert.ok((await readBlob(store(), id, { start, end })).equals(bytes.subarray(start, end + 1)))
    })

    it('gives random ranges as a slice would', async (t) => {
      const random = new SeededRandom()
      t.diagnostic(`seed ${random.seed}`)
      const id = `${newIdPrefix()}a`
      const bytes = patternBytes(300_000)
      await store().put(id, bodyOf(bytes))
      for (let round = 0; round < 30; round++) {
        const start = random.below(bytes.length)
        const end = start + random.below(bytes.length - start)
        assert.ok((await readBlob(store(), id, { start, end })).equals(bytes.subarray(start, end + 1)))
      }
    })

    it('refuses a range that does not lie inside the blob', async () => {
      const id = `${newIdPrefix()}a`
      await store().put(id, bodyOf(patternBytes(10)))
      for (const [start, end] of [
        [0, 10],
        [10, 10],
        [5, 4],
        [-1, 4],
      ] as const)
        await assert.rejects(store().get(id, { start, end }), RangeError)
    })

    it('rejects with BlobNotFound for a missing blob, whole and by range', async () => {
      const id = `${newIdPrefix()}missing`
      await assert.rejects(store().get(id), BlobNotFound)
      await assert.rejects(store().get(id, { start: 0, end: 1 }), BlobNotFound)
    })

    it('serves a reader that opened the blob before it was deleted', async () => {
      const id = `${newIdPrefix()}a`
      const bytes = patternBytes(2_000_000)
      await store().put(id, bodyOf(bytes))
      const stream = await store().get(id)
      await store().delete([id])
      const chunks: Buffer[] = []
      for await (const chunk of stream) chunks.push(chunk as Buffer)
      assert.ok(Buffer.concat(chunks).equals(bytes))
    })

    it('serves many readers of one blob at once', async () => {
      const id = `${newIdPrefix()}a`
      const bytes = patternBytes(1_000_000)
      await store().put(id, bodyOf(bytes))
      const all = await Promise.all(Array.from({ length: 20 }, () => readBlob(store(), id)))
      assert.ok(all.every((got) => got.equals(bytes)))
    })

    it('gives chunks that stay as they are while later ones are read', async () => {
      const id = `${newIdPrefix()}a`
      const bytes = patternBytes(3_000_000)
      await store().put(id, bodyOf(bytes))
      const chunks: Buffer[] = []
      for await (const chunk of await store().get(id)) {
        chunks.push(chunk as Buffer)
        await nextTurn()
      }
      assert.ok(Buffer.concat(chunks).equals(bytes))
    })

    it('lets a reader stop early, before and after the first byte', async () => {
      const id = `${newIdPrefix()}a`
      await store().put(id, bodyOf(patternBytes(1_000_000)))
      const unread = await store().get(id)
      unread.destroy()
      const stream = await store().get(id)
      for await (const chunk of stream) {
        assert.ok((chunk as Buffer).length > 0)
        break
      }
      assert.ok(stream.destroyed)
      assert.equal((await readBlob(store(), id)).length, 1_000_000)
    })
  })
}
