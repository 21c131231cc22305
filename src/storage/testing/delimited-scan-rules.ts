import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keyAfter, prefixEnd } from '../../base/key.ts'
import type { ListItem, MetadataStore } from '../metadata-store.ts'
import { newKeySpace, type KeySpace } from './key-space.ts'
import { SeededRandom } from '../../../test/seeded-random.ts'

interface Request {
  readonly prefix?: string | Uint8Array
  readonly start?: string | Uint8Array
  readonly end?: Buffer
  readonly delimiter?: string | Uint8Array
  readonly limit?: number
}

/** Rules of `scanDelimited`. */
export function delimitedScanRules(store: () => MetadataStore): void {
  describe('scanning with a delimiter', () => {
    it('gives a common prefix once, between the entries, in order', async () => {
      const space = await spaceWith(store(), ['a', 'b/1', 'b/2', 'c', 'd/x/1', 'd/y', 'e'])
      assert.deepEqual(await list(store(), space), ['a', 'b/*', 'c', 'd/*', 'e'])
    })

    it('looks for the delimiter only behind the prefix', async () => {
      const space = await spaceWith(store(), ['a/b/1', 'a/b/2', 'a/c', 'a/', 'a/d//e', 'b/x'])
      assert.deepEqual(await list(store(), space, { prefix: 'a/' }), ['a/', 'a/b/*', 'a/c', 'a/d/*'])
      assert.deepEqual(await list(store(), space, { prefix: 'a' }), ['a/*'])
      assert.deepEqual(await list(store(), space, { prefix: 'a/b/' }), ['a/b/1', 'a/b/2'])
      assert.deepEqual(await list(store(), space, { prefix: 'zzz' }), [])
    })

    it('gives a key that ends with the delimiter as a prefix, and a key that equals the prefix as an entry', async () => {
      const space = await spaceWith(store(), ['folder/', 'folder/file', 'x'])
      assert.deepEqual(await list(store(), space), ['folder/*', 'x'])
      assert.deepEqual(await list(store(), space, { prefix: 'folder/' }), ['folder/', 'folder/file'])
    })

    it('takes delimiters of several bytes, one that is a whole key among them', async () => {
      const space = await spaceWith(store(), ['a--b', 'a-b', 'a---c', 'b', '--', 'é1', 'xé', 'xé2'])
      assert.deepEqual(await list(store(), space, { delimiter: '--' }), [
        '--*',
        'a--*',
        'a-b',
        'b',
        'xé',
        'xé2',
        'é1',
      ])
      assert.deepEqual(await list(store(), space, { delimiter: 'é' }), [
        '--',
        'a---c',
        'a--b',
        'a-b',
        'b',
        'xé*',
        'é*',
      ])
      assert.deepEqual(await list(store(), space, { delimiter: 'a--b' }), [
        '--',
        'a---c',
        'a--b*',
        'a-b',
        'b',
        'xé',
        'xé2',
        'é1',
      ])
    })

    it('takes a delimiter of 0xff bytes', async () => {
      const space = newKeySpace()
      const names = [[1, 0xff], [1, 0xff, 0xff], [1, 0xff, 2], [2], [0xff, 0xff, 1]].map((bytes) =>
        Buffer.from(bytes),
      )
      await store().commit({ sets: names.map((name) => ({ key: space.key(name), value: name })) })
      const items = await store().scanDelimited({
        prefix: space.prefix,
        start: space.prefix,
        end: space.end,
        delimiter: Buffer.from([0xff]),
        limit: 10,
      })
      assert.deepEqual(
        items.map((item) => (item.type === 'entry' ? item.entry.key : item.prefix)),
        [[1, 0xff], [2], [0xff]].map((bytes) => space.key(Buffer.from(bytes))),
      )
    })

    it('starts at the start: inside a common prefix it shows that prefix while keys remain', async () => {
      const space = await spaceWith(store(), ['a', 'b/1', 'b/5', 'c'])
      assert.deepEqual(await list(store(), space, { start: 'b/3' }), ['b/*', 'c'])
      assert.deepEqual(await list(store(), space, { start: 'b/6' }), ['c'])
      assert.deepEqual(await list(store(), space, { start: 'b' }), ['b/*', 'c'])
      assert.deepEqual(await list(store(), space, { prefix: 'b/', start: 'a' }), ['b/1', 'b/5'])
      assert.deepEqual(await list(store(), space, { prefix: 'b/', start: 'b/2' }), ['b/5'])
      assert.deepEqual(await list(store(), space, { prefix: 'b/', start: 'c' }), [])
    })

    it('stops before the end', async () => {
      const space = await spaceWith(store(), ['a', 'b/1', 'b/2', 'c'])
      assert.deepEqual(await list(store(), space, { end: space.key('b/2') }), ['a', 'b/*'])
      assert.deepEqual(await list(store(), space, { end: space.key('b/1') }), ['a'])
      assert.deepEqual(await list(store(), space, { end: space.key('a') }), [])
    })

    it('counts entries and prefixes together against the limit', async () => {
      const space = await spaceWith(store(), ['a', 'b/1', 'b/2', 'c', 'd/1'])
      assert.deepEqual(await list(store(), space, { limit: 1 }), ['a'])
      assert.deepEqual(await list(store(), space, { limit: 2 }), ['a', 'b/*'])
      assert.deepEqual(await list(store(), space, { limit: 3 }), ['a', 'b/*', 'c'])
    })

    it('gives the whole value and version with an entry, or the value cut to valueBytesMax', async () => {
      const space = await spaceWith(store(), ['name'])
      const range = { prefix: space.prefix, start: space.prefix, end: space.end, limit: 10 }
      const [stored] = await store().getMany([space.key('name')])
      const [whole] = await store().scanDelimited({ ...range, delimiter: Buffer.from('/') })
      assert.deepEqual(whole, { type: 'entry', entry: stored })
      const [cut] = await store().scanDelimited({ ...range, delimiter: Buffer.from('/'), valueBytesMax: 2 })
      assert.deepEqual(cut, { type: 'entry', entry: { ...stored, value: Buffer.from('na') } })
    })

    it('pages to the same result whatever the page size', async () => {
      const space = await spaceWith(store(), ['a', 'b/1', 'b/2', 'b/3', 'c', 'd/1', 'd/2', 'e/', 'f'])
      const whole = await list(store(), space)
      for (const limit of [1, 2, 3, 4]) assert.deepEqual(await pages(store(), space, limit), whole)
    })

    it('agrees with a naive listing on random keys, prefixes, starts, ends and delimiters', async (t) => {
      const random = new SeededRandom()
      t.diagnostic(`seed ${random.seed}`)
      for (let round = 0; round < 8; round++) await compareRandomly(store(), random)
    })
  })
}

async function compareRandomly(store: MetadataStore, random: SeededRandom): Promise<void> {
  const space = newKeySpace()
  const bytes = (length: number) =>
    Buffer.from(Array.from({ length }, () => random.oneOf([0, 0x61, 0x2f, 0xfe, 0xff])))
  const names = new Map(
    Array.from({ length: 80 }, () => bytes(random.below(6))).map((name) => [name.toString('hex'), name]),
  )
  await store.commit({ sets: [...names.values()].map((value) => ({ key: space.key(value), value })) })
  const sorted = [...names.values()].map(space.key).sort((a, b) => Buffer.compare(a, b))
  for (let attempt = 0; attempt < 60; attempt++) {
    const prefix = space.key(bytes(random.below(3)))
    const start = space.key(bytes(random.below(5)))
    const end = random.below(2) ? space.end : space.key(bytes(1 + random.below(4)))
    const range = { prefix, start, end, delimiter: bytes(1 + random.below(2)), limit: 1 + random.below(20) }
    assert.deepEqual((await store.scanDelimited(range)).map(shortForm), naiveListing(sorted, range))
  }
}

function naiveListing(
  sorted: readonly Buffer[],
  range: { prefix: Buffer; start: Buffer; end: Buffer; delimiter: Buffer; limit: number },
): string[] {
  const found: string[] = []
  for (const key of sorted) {
    const isInside = key.subarray(0, range.prefix.length).equals(range.prefix)
    if (!isInside || Buffer.compare(key, range.start) < 0 || Buffer.compare(key, range.end) >= 0) continue
    const at = key.indexOf(range.delimiter, range.prefix.length)
    const item =
      at < 0 ? key.toString('hex') : `${key.subarray(0, at + range.delimiter.length).toString('hex')}*`
    if (found.at(-1) !== item) found.push(item)
  }
  return found.slice(0, range.limit)
}

const shortForm = (item: ListItem) =>
  item.type === 'entry' ? item.entry.key.toString('hex') : `${item.prefix.toString('hex')}*`

async function spaceWith(store: MetadataStore, names: readonly string[]): Promise<KeySpace> {
  const space = newKeySpace()
  await store.commit({ sets: names.map((name) => ({ key: space.key(name), value: Buffer.from(name) })) })
  return space
}

/** Names of entries; common prefixes with a `*` behind. */
async function list(store: MetadataStore, space: KeySpace, request: Request = {}): Promise<string[]> {
  const items = await store.scanDelimited({
    prefix: space.key(request.prefix ?? ''),
    start: space.key(request.start ?? ''),
    end: request.end ?? space.end,
    delimiter: Buffer.from(request.delimiter ?? '/'),
    limit: request.limit ?? 1000,
  })
  return items.map((item) => nameOf(space, item))
}

const nameOf = (space: KeySpace, item: ListItem) =>
  item.type === 'entry' ? space.name(item.entry.key) : `${space.name(item.prefix)}*`

async function pages(store: MetadataStore, space: KeySpace, limit: number): Promise<string[]> {
  const names: string[] = []
  let start: Buffer | null = space.prefix
  while (start) {
    const items: ListItem[] = await store.scanDelimited({
      prefix: space.prefix,
      start,
      end: space.end,
      delimiter: Buffer.from('/'),
      limit,
    })
    names.push(...items.map((item) => nameOf(space, item)))
    const last = items.at(-1)
    start = !last ? null : last.type === 'entry' ? keyAfter(last.entry.key) : prefixEnd(last.prefix)
  }
  return names
}
