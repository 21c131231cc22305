import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import { bodyOf } from '../../storage/testing/blob-fixtures.ts'
import {
  ALL_KEYS,
  allBlobs,
  compareText,
  entryPages,
  isUnchanged,
  mergeAscending,
  pagesOf,
} from './store-content.ts'

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

describe('the content of a store', () => {
  it('is walked side by side with another one: what both have, and what one has alone', async () => {
    const compare = (left: number, right: string): number => left - Number(right)
    const merged = async (left: number[], right: string[]) =>
      await all(mergeAscending(each(left), each(right), compare))
    assert.deepEqual(await merged([1, 2, 4], ['2', '3', '4']), [
      { left: 1 },
      { left: 2, right: '2' },
      { right: '3' },
      { left: 4, right: '4' },
    ])
    assert.deepEqual(await merged([], ['1']), [{ right: '1' }])
    assert.deepEqual(await merged([1, 2], []), [{ left: 1 }, { left: 2 }])
    assert.deepEqual(await merged([], []), [])
    assert.deepEqual(['b', 'a', 'B', 'ab'].sort(compareText), ['B', 'a', 'ab', 'b'])
    assert.equal(compareText('a', 'a'), 0)
  })

  it('comes in pages whose values are of about a size, each entry once and in order', async () => {
    const metadata = new MemoryMetadataStore()
    const names = Array.from({ length: 3_000 }, (_, at) => `A${String(at).padStart(5, '0')}`)
    for (let at = 0; at < names.length; at += 500)
      await metadata.commit({
        sets: names.slice(at, at + 500).map((name) => ({ key: Buffer.from(name), value: Buffer.alloc(100) })),
      })
    for (const options of [{}, { keysOnly: true }, { pageBytes: 1_000 }]) {
      const pages = await all(entryPages(metadata, ALL_KEYS, options))
      assert.deepEqual(
        pages.flat().map(({ key }) => key.toString()),
        names,
      )
      assert.ok(pages.every(({ length }) => length <= 1_000))
      assert.equal(
        pages.flat().reduce((sum, { value }) => sum + value.length, 0),
        options.keysOnly ? 0 : 300_000,
      )
    }
    const small = await all(entryPages(metadata, ALL_KEYS, { pageBytes: 1_000 }))
    assert.ok(
      small.slice(1).every(({ length }) => length <= 10),
      'after the first page their size is known',
    )
    const cut = await all(entryPages(metadata, ALL_KEYS, { valueBytesMax: 7 }))
    assert.ok(cut.flat().every(({ value }) => value.length === 7))
    assert.deepEqual(await all(entryPages(new MemoryMetadataStore(), ALL_KEYS)), [])
  })

  it('is committed in pages of so many entries and bytes at most', async () => {
    const entries = (count: number, bytes: number) =>
      each(Array.from({ length: count }, () => ({ value: bytes < 0 ? null : Buffer.alloc(bytes) })))
    const sizes = async (count: number, bytes: number) =>
      (await all(pagesOf(entries(count, bytes)))).map(({ length }) => length)
    assert.deepEqual(await sizes(2_001, 1), [1_000, 1_000, 1])
    assert.deepEqual(await sizes(1_000, -1), [1_000])
    assert.deepEqual(await sizes(5, 2 * 1024 * 1024), [2, 2, 1])
    assert.deepEqual(await sizes(2, 4 * 1024 * 1024), [1, 1])
    assert.deepEqual(await sizes(0, 1), [])
    const blobs = new MemoryBlobStore()
    for (let at = 0; at < 2_000; at++)
      await blobs.put(`b${String(at).padStart(5, '0')}`, bodyOf(Buffer.of(1)))
    const ids = (await all(allBlobs(blobs))).map(({ id }) => id)
    assert.deepEqual([ids.length, [...ids].sort()], [2_000, ids])
  })

  it('is unchanged while a record has the version with which it was read', async () => {
    const metadata = new MemoryMetadataStore()
    const key = Buffer.from('Aa')
    await metadata.commit({ sets: [{ key, value: Buffer.of(1) }] })
    const [entry] = await metadata.getMany([key])
    assert.ok(entry && (await isUnchanged(metadata, entry)))
    await metadata.commit({ sets: [{ key, value: Buffer.of(1) }] })
    assert.ok(!(await isUnchanged(metadata, entry)))
    await metadata.commit({ deletes: [key] })
    assert.ok(!(await isUnchanged(metadata, entry)))
  })
})
