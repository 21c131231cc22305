import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { LmdbMetadataStore } from '../../src/storage/lmdb/metadata-store.ts'
import { CompactionFailed } from '../../src/storage/metadata-store.ts'
import { mountSmallDisk, noDiskOf } from '../harness/small-disk.ts'

const ALL = { start: Buffer.of(0), end: Buffer.of(0xff), limit: 100_000 }
const VALUES = 2_000
const AT_ONCE = 50
const keyOf = (number: number): Buffer => Buffer.from(`key/${(number * 7_919) % 100_003}`)
const valueOf = (number: number): Buffer => Buffer.alloc(4_000 + (number % 900), number)

/** Takes what room there is, but for less than a block. */
function fillDisk(path: string): void {
  const file = openSync(path, 'w')
  try {
    for (let bytes = 1024 * 1024; bytes >= 512;) {
      try {
        if (writeSync(file, Buffer.alloc(bytes, 1)) < bytes) bytes >>= 1
      } catch {
        bytes >>= 1
      }
    }
  } finally {
    closeSync(file)
  }
}

describe('a compaction on a disk that becomes full', () => {
  for (const kind of ['tmpfs', 'ext4'] as const) {
    it(
      `ends, leaves the store as it was, and is made when there is room again (${kind})`,
      { skip: noDiskOf(kind) },
      async () => {
        const folder = mkdtempSync(join(tmpdir(), 'lugsail-full-compaction-'))
        const disk = mountSmallDisk(folder, kind)
        const store = LmdbMetadataStore.open(join(disk.path, 'store'))
        const file = join(disk.path, 'store', 'metadata.mdb')
        const filler = join(disk.path, 'filler')
        const left = (): string[] =>
          readdirSync(join(disk.path, 'store')).filter((name) => /changes|compacting/.test(name))
        try {
          for (let from = 0; from < VALUES; from += AT_ONCE)
            await store.commit({
              sets: Array.from({ length: AT_ONCE }, (_, at) => ({
                key: keyOf(from + at),
                value: valueOf(from + at),
              })),
            })
          const before = await store.scan(ALL)
          const { ino } = statSync(file)
          let pieces = 0
          await store.compact({ rest: async () => void pieces++ })
          const inode = statSync(file).ino
          assert.notEqual(inode, ino)
          // In the first piece of the work, in one in the middle, and in the last one.
          for (const at of [1, pieces >> 1, pieces]) {
            let piece = 0
            const rest = async (): Promise<void> => {
              if (++piece === at) fillDisk(filler)
            }
            const why: unknown = await store.compact({ rest }).then(
              () => null,
              (error: unknown) => error,
            )
            // Room for the end of it was made before, so it may come to its end.
            if (at === pieces && why === null) assert.notEqual(statSync(file).ino, inode)
            else {
              assert.ok(why instanceof Error, `in piece ${at} of ${pieces}`)
              assert.match(why.message, /ENOSPC|no space/i)
              assert.equal(statSync(file).ino, inode)
            }
            assert.deepEqual(left(), [])
            assert.deepEqual(await store.scan(ALL), before)
            fillDisk(filler)
            await assert.rejects(store.compact(), (error) => {
              assert.ok(error instanceof CompactionFailed)
              assert.match(error.message, /no room for a second file beside the one in use: \d+ bytes more/)
              return true
            })
            rmSync(filler)
          }
          const [first] = before
          assert.ok(first)
          assert.equal(await store.commit({ checks: [first], deletes: [first.key] }), 'ok')
          await store.compact()
          assert.deepEqual(await store.scan(ALL), before.slice(1))
        } finally {
          await store.close()
          disk.remove()
          rmSync(folder, { recursive: true, force: true })
        }
      },
    )
  }
})
