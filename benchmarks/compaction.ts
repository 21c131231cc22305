// What does `lugsail store compact` give back, how long does it take, and how long do commits wait? A store of LMDB is filled with records as objects of three sizes have them, under keys as backup programs make them, in
// random order; it is compacted, with and without commits beside it; then two thirds of it are deleted, and it is compacted again.
//   node --import tsx benchmarks/compaction.ts [RECORDS] [BODY_BYTES...]
// Prints a Markdown table. A record is taken for 341 bytes and the body (docs/decisions/small-objects-on-disk.md), its key for 127.
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LmdbMetadataStore } from '../src/storage/lmdb/metadata-store.ts'
import type { Compaction } from '../src/storage/metadata-store.ts'

const RECORDS = Number(process.argv[2] ?? 100_000)
const BODIES = process.argv.length > 3 ? process.argv.slice(3).map(Number) : [100, 1_000, 4_096]
const FIELD_BYTES = 214
const CHANGES_AT_ONCE = 1_000

const BUCKET = 'o/11111111-2222-3333-4444-555555555555/'

/** As restic names what it stores: a hash, under its first two digits. */
function keyOf(number: number): Buffer {
  const hash = createHash('sha256').update(String(number)).digest('hex')
  return Buffer.from(`${BUCKET}backups/laptop/data/${hash.slice(0, 2)}/${hash}`)
}

const valueOf = (bytes: number): Buffer => randomBytes(bytes + FIELD_BYTES)

const rows: string[] = []
for (const bodyBytes of BODIES) {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-compaction-'))
  try {
    rows.push(...(await measure(folder, bodyBytes)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
process.stdout.write(
  `${[
    `| ${RECORDS} records, body | state | bytes a record before | after | seconds | commits meanwhile | copied again | commits waited, ms | slowest commit, ms |`,
    '| ---: | :--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n')}\n`,
)

async function measure(folder: string, bodyBytes: number): Promise<string[]> {
  const store = LmdbMetadataStore.open(folder)
  await inBatches(RECORDS, (numbers) => ({
    sets: numbers.map((number) => ({ key: keyOf(number), value: valueOf(bodyBytes) })),
  }))
  const filled = await row('filled', RECORDS)
  const underLoad = await row('again, under commits', RECORDS)
  const left = Math.ceil(RECORDS / 3)
  await inBatches(RECORDS - left, (numbers) => ({ deletes: numbers.map((number) => keyOf(left + number)) }))
  const deleted = await row('two thirds deleted', left)
  await store.close()
  return [filled, underLoad, deleted]

  async function inBatches(
    count: number,
    changeOf: (numbers: readonly number[]) => Parameters<LmdbMetadataStore['commit']>[0],
  ): Promise<void> {
    for (let from = 0; from < count; from += CHANGES_AT_ONCE) {
      const numbers = Array.from({ length: Math.min(CHANGES_AT_ONCE, count - from) }, (_, at) => from + at)
      await store.commit(changeOf(numbers))
    }
  }

  async function row(state: string, records: number): Promise<string> {
    let [isOver, commits, slowestMs] = [false, 0, 0]
    const load = async (): Promise<void> => {
      while (!isOver) {
        const startedAt = performance.now()
        await store.commit({ sets: [{ key: keyOf(commits % records), value: valueOf(bodyBytes) }] })
        slowestMs = Math.max(slowestMs, performance.now() - startedAt)
        commits++
      }
    }
    const loading = state.includes('commits') ? Promise.all([load(), load(), load(), load()]) : null
    const compaction: Compaction = await store.compact()
    isOver = true
    await loading
    const { bytesBefore, bytesAfter, durationMs, copiedAgain, pauseMs } = compaction
    const each = (bytes: number): string => (bytes / records).toFixed(0)
    return `| ${bodyBytes} B | ${state} | ${each(bytesBefore)} | ${each(bytesAfter)} | ${(durationMs / 1_000).toFixed(1)} | ${commits} | ${copiedAgain} | ${pauseMs.toFixed(0)} | ${slowestMs.toFixed(0)} |`
  }
}
