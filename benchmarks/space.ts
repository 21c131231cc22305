// How many bytes of disk does an object take? A store of LMDB is filled with objects of one size under keys as backup programs make them, in the order in
// which they come there (random), by the rules themselves; then what its file holds is looked at.
//   node --import tsx benchmarks/space.ts [OBJECTS [SIZE…]]
// Prints a Markdown table. `compacted`: LMDB's own compacting copy; `in order`: all entries put into a new file in order of key.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open, type RootDatabase } from 'lmdb'
import { newBucketId } from '../src/service/buckets/bucket-id.ts'
import { objectsRange } from '../src/service/keyspace.ts'
import { LmdbMetadataStore } from '../src/storage/lmdb/metadata-store.ts'
import { CheckedMetadataStore } from '../src/storage/wrap/checked-metadata-store.ts'
import { isCounterKey } from '../src/service/keyspace.ts'
import { ObjectWorld } from '../test/objects/object-world.ts'

const OBJECTS = Number(process.argv[2] ?? 100_000)
const SIZES = process.argv.length > 3 ? process.argv.slice(3).map(Number) : [100, 1_000, 4_096, 8_192]
const AT_ONCE = 64

/** As restic names what it stores: a hash, under its first two digits. */
function keyOf(number: number): string {
  const hash = createHash('sha256').update(String(number)).digest('hex')
  return `backups/laptop/data/${hash.slice(0, 2)}/${hash}`
}

interface TreeStats {
  readonly treeBranchPageCount: number
  readonly treeLeafPageCount: number
  readonly overflowPages: number
  readonly entryCount: number
}

const rows: string[] = []
for (const sizeBytes of SIZES) {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-space-'))
  try {
    rows.push(await measure(folder, sizeBytes))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
process.stdout.write(
  `${[
    `| ${OBJECTS} objects of | file | in use | of that records alone | leaves | overflow | compacted | in order | × (file) | × (in order) |`,
    '| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n')}\n`,
)

async function measure(folder: string, sizeBytes: number): Promise<string> {
  const engine = LmdbMetadataStore.open(folder)
  const metadata = new CheckedMetadataStore(engine, { place: folder, isCounter: isCounterKey })
  const settings = { inlineBodyBytesMax: 64 * 1024 }
  const world = await ObjectWorld.make({ bucketId: newBucketId() }, { metadata, settings })
  const { bucketId } = world.admission.bucket.record
  let next = 0
  const worker = async (): Promise<void> => {
    for (let number = next++; number < OBJECTS; number = next++) {
      world.clock.advance(1)
      await world.put(
        keyOf(number),
        createHash('sha512')
          .update(String(number))
          .digest('hex')
          .repeat(Math.ceil(sizeBytes / 128))
          .slice(0, sizeBytes),
      )
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  let recordBytes = 0
  const range = objectsRange(bucketId)
  for (let { start } = range; ;) {
    const page = await engine.scan({ ...range, start, limit: 1_000 })
    for (const { key, value } of page) recordBytes += key.length + value.length + 8
    const last = page.at(-1)
    if (!last || page.length < 1_000) break
    start = Buffer.concat([last.key, Buffer.of(0)])
  }
  await engine.close()
  const file = join(folder, 'metadata.mdb')
  const environment: RootDatabase<Buffer, Buffer> = open({
    path: file,
    noSubdir: true,
    readOnly: true,
    encoding: 'binary',
    keyEncoding: 'binary',
  })
  const { root, pageSize } = environment.getStats() as unknown as { root: TreeStats; pageSize: number }
  const copy = join(folder, 'compacted.mdb')
  await environment.backup(copy, true)
  const ordered = await inOrder(environment, join(folder, 'ordered.mdb'))
  await environment.close()
  const used = (root.treeBranchPageCount + root.treeLeafPageCount + root.overflowPages) * pageSize
  const each = (bytes: number): string => (bytes / OBJECTS).toFixed(0)
  const times = (bytes: number): string => (bytes / OBJECTS / sizeBytes).toFixed(2)
  return `| ${sizeBytes} B | ${[statSync(file).size, used, recordBytes, root.treeLeafPageCount * pageSize, root.overflowPages * pageSize, statSync(copy).size, ordered].map(each).join(' | ')} | ${times(statSync(file).size)} | ${times(ordered)} |`
}

/** Bytes of the pages in use when every entry is put in order of key. */
async function inOrder(from: RootDatabase<Buffer, Buffer>, path: string): Promise<number> {
  const to: RootDatabase<Buffer, Buffer> = open({
    path,
    noSubdir: true,
    encoding: 'binary',
    keyEncoding: 'binary',
  })
  await to.transaction(() => {
    for (const { key, value } of from.getRange())
      if (Buffer.isBuffer(key)) to.putSync(key, value, { append: true })
  })
  const { root, pageSize } = to.getStats() as unknown as { root: TreeStats; pageSize: number }
  await to.close()
  return (root.treeBranchPageCount + root.treeLeafPageCount + root.overflowPages) * pageSize
}
