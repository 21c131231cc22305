// Does a page of a listing cost what it returns, or what the bucket holds? One bucket of 10,000 keys and one of 1,000,000, both under 1,000
// prefixes, in one store of LMDB; the same pages of both, in turns.
//   node --import tsx benchmarks/listing-cost.ts [KEYS_OF_THE_LARGE_BUCKET]
// Measured is the listing itself, from the rules down to the disk: signature, XML and HTTP cost the same in both and would only level the
// ratio. Prints a Markdown table, and exits with 1 when a page of the large bucket takes over 1.5 times as long.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { currentVersionKey } from '../src/service/keyspace.ts'
import { listObjects, type ListObjectsInput } from '../src/service/objects/list-objects.ts'
import type { MetadataStore } from '../src/storage/metadata-store.ts'
import { LmdbMetadataStore } from '../src/storage/lmdb/metadata-store.ts'
import { ObjectWorld } from '../test/objects/object-world.ts'

const SMALL_KEYS = 10_000
const LARGE_KEYS = Number(process.argv[2] ?? 1_000_000)
const PREFIXES = 1000
const PAGE_KEYS = 1000
const ROUNDS = 200
const RATIO_MAX = 1.5
const KEYS_PER_COMMIT = 5000

interface ListedBucket {
  readonly keys: number
  readonly world: ObjectWorld
}

interface Page {
  readonly name: string
  /** What is asked for in a round: in each another part of the bucket. */
  readonly input: (bucket: ListedBucket, round: number) => ListObjectsInput
}

const PAGES: readonly Page[] = [
  {
    name: '1000 keys, from anywhere',
    input: ({ keys }, round) => ({
      maxKeys: PAGE_KEYS,
      startAfter: keyAt(keys, Math.floor((round / ROUNDS) * (keys - PAGE_KEYS - 1))),
    }),
  },
  { name: '1000 keys, the first', input: () => ({ maxKeys: PAGE_KEYS }) },
  { name: 'all 1000 prefixes, by delimiter', input: () => ({ maxKeys: PAGE_KEYS, delimiter: '/' }) },
]

const folder = mkdtempSync(join(tmpdir(), 'lugsail-listing-'))
try {
  const metadata = LmdbMetadataStore.open(folder)
  const small = await fillBucket(metadata, 'small', SMALL_KEYS)
  const large = await fillBucket(metadata, 'large', LARGE_KEYS)
  const rows: string[] = []
  for (const page of PAGES) {
    const [smallMs, largeMs] = await compare(page, small, large)
    const ratio = largeMs / smallMs
    if (ratio > RATIO_MAX) process.exitCode = 1
    rows.push(`| ${page.name} | ${smallMs.toFixed(2)} ms | ${largeMs.toFixed(2)} ms | ${ratio.toFixed(2)} |`)
  }
  const counts = [SMALL_KEYS, LARGE_KEYS].map((keys) => `${keys.toLocaleString('en')} keys`)
  const head = `| page | of ${counts.join(' | of ')} | ratio |\n| --- | ---: | ---: | ---: |`
  process.stdout.write(`${[head, ...rows].join('\n')}\n`)
  await metadata.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** The key in this place of a bucket's order: `p0042/k000007`. */
function keyAt(keys: number, index: number): string {
  const perPrefix = keys / PREFIXES
  const prefix = String(Math.floor(index / perPrefix)).padStart(4, '0')
  return `p${prefix}/k${String(index % perPrefix).padStart(6, '0')}`
}

/** Makes a bucket of empty objects: one as a client would, the others with its record, many in one commit. */
async function fillBucket(metadata: MetadataStore, name: string, keys: number): Promise<ListedBucket> {
  const world = await ObjectWorld.make({ bucketId: name, name }, { metadata })
  await world.put(keyAt(keys, 0), '')
  const [first] = await metadata.getMany([currentVersionKey(name, keyAt(keys, 0))])
  assert.ok(first)
  const { value } = first
  for (let from = 1; from < keys; from += KEYS_PER_COMMIT) {
    const count = Math.min(KEYS_PER_COMMIT, keys - from)
    const sets = Array.from({ length: count }, (_item, at) => ({
      key: currentVersionKey(name, keyAt(keys, from + at)),
      value,
    }))
    assert.equal(await metadata.commit({ sets }), 'ok')
  }
  return { keys, world }
}

/** Median times of the page in both buckets, in milliseconds; taken in turns, so that a disturbance meets both. */
async function compare(
  page: Page,
  ...buckets: readonly [ListedBucket, ListedBucket]
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    for (const at of [0, 1] as const) {
      const { context, admission } = buckets[at].world
      const input = page.input(buckets[at], round)
      const start = performance.now()
      const { objects, commonPrefixes } = await listObjects(context, admission, input)
      times[at].push(performance.now() - start)
      assert.equal(objects.length + commonPrefixes.length, PAGE_KEYS)
    }
  }
  return [median(times[0]), median(times[1])]
}

function median(values: number[]): number {
  return values.sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN
}
