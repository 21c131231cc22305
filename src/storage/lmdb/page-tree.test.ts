import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { keyAfter } from '../../base/key.ts'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { FILE_NAME } from './environment.ts'
import { LmdbMetadataStore } from './metadata-store.ts'
import { PageTree, type Look } from './page-tree.ts'

const PAGE_BYTES = 4_096
/** Not divided. */
const BIG_BYTES = 40_000
const KEYS = 400

describe('what pages hide that the disk does not give', () => {
  const root = mkdtempSync(join(tmpdir(), 'lugsail-page-tree-'))
  after(() => rmSync(root, { recursive: true, force: true }))
  const path = join(root, FILE_NAME)
  const random = new SeededRandom()
  const nameOf = (at: number): string => `<${String(at).padStart(5, '0')}-${'k'.repeat(at % 90)}>`
  /** In order. */
  const keys = Array.from({ length: KEYS }, (_, at) => Buffer.from(nameOf(at)))
  const bigOf = (at: number): boolean => at % 100 === 7
  let bytes: Buffer = Buffer.alloc(0)
  /** By the number of each page that is on the way to keys: which. */
  const behind = new Map<number, number[]>()
  let store: LmdbMetadataStore
  before(async () => {
    store = LmdbMetadataStore.open(root)
    const order = keys.map((_, at) => at).sort(() => random.below(3) - 1)
    while (order.length > 0)
      await store.commit({
        sets: order.splice(0, 100).map((at) => ({
          key: keys[at] ?? assert.fail(),
          value: Buffer.alloc(bigOf(at) ? BIG_BYTES : 20 + random.below(60), 'v'),
        })),
      })
    bytes = readFileSync(path)
    for (const [at, key] of keys.entries())
      PageTree.ask(
        path,
        (tree) => tree.hiddenFrom('row', key),
        (file, length, from) => {
          const page = from / PAGE_BYTES
          behind.set(page, [...(behind.get(page) ?? []), at])
          return pageAt(file, length, from)
        },
      )
  })
  after(() => store.close())

  /** What `look` finds where the disk does not give these pages. */
  const look = (hidden: ReadonlySet<number>, what: Look, key: Uint8Array) => {
    let isAsked = false
    const found = PageTree.ask(
      path,
      (tree) => tree.hiddenFrom(what, key),
      (file, length, at) => {
        if (hidden.has(at / PAGE_BYTES)) {
          isAsked = true
          return null
        }
        return pageAt(file, length, at)
      },
    )
    assert.equal(found !== null, isAsked)
    return found
  }
  const pages = (): number[] => Array.from({ length: bytes.length / PAGE_BYTES - 2 }, (_, at) => at + 2)
  /** Keys that a page has in its bytes, whether it is in use or not. */
  const keysIn = (page: number): number[] => {
    const own = bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES)
    return keys.flatMap((key, at) => (own.includes(key) ? [at] : []))
  }

  it('is nothing where it gives all', (t) => {
    t.diagnostic(`seed ${random.seed}`)
    for (const key of keys)
      for (const what of ['row', 'from', 'after', 'before'] as const)
        assert.equal(look(new Set(), what, key), null)
    assert.equal(
      PageTree.ask(path, (tree) => tree.isFreeListHidden),
      false,
    )
  })

  it('are the keys that lie in a page, from the first to behind the last; of a page above others those of all, and of a value that lies apart its own', () => {
    let leaves = 0
    let above = 0
    const big = new Set<number>()
    for (const [page, hidden] of behind) {
      const [first = 0, last = 0] = [hidden[0], hidden.at(-1)]
      const range = look(new Set([page]), 'row', keys[first] ?? assert.fail())
      assert.equal(hidden.length, last - first + 1, 'they follow one upon the other')
      assert.ok(range && (range.from === null || Buffer.compare(range.from, keys[first] ?? range.from) <= 0))
      assert.ok(range.to === null || Buffer.compare(range.to, keys[last] ?? range.to) > 0)
      const [inFront, next] = [keys[first - 1], keys[last + 1]]
      if (inFront) assert.ok(range.from && Buffer.compare(inFront, range.from) < 0)
      if (next) assert.ok(range.to && Buffer.compare(next, range.to) >= 0)
      const own = keysIn(page)
      if (hidden.length === 1 && bigOf(first) && own.length === 0) big.add(first)
      else if (own.length === hidden.length) {
        assert.deepEqual(hidden, own)
        leaves++
      } else above++
    }
    assert.ok(leaves > 10 && above >= 1, `${leaves} leaves, ${above} above them`)
    assert.equal(big.size, keys.filter((_, at) => bigOf(at)).length)
  })

  it('are met by who goes on from a key before it touches them, and by nobody else', () => {
    for (const [page, hidden] of behind) {
      const isValue = hidden.length === 1 && keysIn(page).length === 0
      if (hidden.length === KEYS || isValue) continue
      const set = new Set(hidden)
      const [first = 0, last = 0] = [hidden[0], hidden.at(-1)]
      for (const at of [first - 2, first - 1, first, last, last + 1, last + 2]) {
        const key = keys[at]
        if (!key) continue
        const met = (what: Look, of: Uint8Array = key): boolean => look(new Set([page]), what, of) !== null
        assert.equal(met('from'), set.has(at), `from ${at} of ${first} to ${last}`)
        assert.equal(met('after'), set.has(at) || set.has(at + 1), `after ${at} of ${first} to ${last}`)
        assert.equal(met('before'), set.has(at) || set.has(at - 1), `before ${at} of ${first} to ${last}`)
        // A key that is not there, behind this one.
        if (set.has(at + 1)) assert.ok(met('from', keyAfter(key)))
        if (met('from', keyAfter(key))) assert.ok(set.has(at) || set.has(at + 1))
      }
    }
  })

  it('is the list of free pages where one of its pages is not given', () => {
    const isHidden = (page: number): boolean | null =>
      PageTree.ask(
        path,
        (tree) => tree.isFreeListHidden,
        (file, length, at) => {
          if (at / PAGE_BYTES === page) return null
          return pageAt(file, length, at)
        },
      )
    const list = pages().filter((page) => isHidden(page) === true)
    assert.ok(list.length >= 1)
    for (const page of list) assert.ok(!behind.has(page), 'no key of the store lies there')
  })

  it('is asked again while others write, and what a page says that was written anew counts for nothing', () => {
    const wanted = keys[0] ?? assert.fail()
    let asked = 0
    const found = PageTree.ask(
      path,
      (tree) => tree.hiddenFrom('row', wanted),
      (file, length, at) => {
        asked++
        const page = pageAt(file, length, at)
        // The page's own number is another one, as when the engine used its place for something else.
        if (asked === 1) page.writeBigUInt64LE(1n, 0)
        return page
      },
    )
    assert.equal(found, null)
    assert.ok(asked >= 3)
    assert.equal(
      PageTree.ask(
        path,
        (tree) => tree.hiddenFrom('row', wanted),
        (_file, length) => Buffer.alloc(length, 1),
      ),
      null,
    )
  })
})

function pageAt(file: number, length: number, at: number): Buffer {
  const page = Buffer.alloc(length)
  readSync(file, page, 0, length, at)
  return page
}
