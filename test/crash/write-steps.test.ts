import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ManualClock } from '../../src/base/clock.ts'
import { BlobLedger } from '../../src/service/blobs/blob-ledger.ts'
import { LEASE_DURATION_MS } from '../../src/service/blobs/writer-lease.ts'
import { MemoryBlobStore } from '../../src/storage/memory/blob-store.ts'
import { MemoryMetadataStore } from '../../src/storage/memory/metadata-store.ts'
import { findBroken, hashOf, putBytes, readHash, removeBytes, type Stores } from './stored-text.ts'

class Crash extends Error {}

/** Counts the calls that change a store; the process "dies" before or after the chosen one, and does nothing any more. */
class Fuse {
  readonly #stopAt: number
  readonly #when: 'before' | 'after'
  #calls = 0

  constructor(stopAt: number, when: 'before' | 'after') {
    this.#stopAt = stopAt
    this.#when = when
  }

  async step<T>(run: () => Promise<T>): Promise<T> {
    const call = ++this.#calls
    if (call > this.#stopAt || (call === this.#stopAt && this.#when === 'before')) throw new Crash()
    const result = await run()
    if (call === this.#stopAt) throw new Crash()
    return result
  }
}

class FusedMetadataStore extends MemoryMetadataStore {
  fuse = new Fuse(Infinity, 'after')
  override commit(change: Parameters<MemoryMetadataStore['commit']>[0]) {
    return this.fuse.step(() => super.commit(change))
  }
}

class FusedBlobStore extends MemoryBlobStore {
  fuse = new Fuse(Infinity, 'after')
  override put(...args: Parameters<MemoryBlobStore['put']>) {
    return this.fuse.step(() => super.put(...args))
  }
  override delete(...args: Parameters<MemoryBlobStore['delete']>) {
    return this.fuse.step(() => super.delete(...args))
  }
}

const oldBytes = Buffer.alloc(50_000, 'old')
const newBytes = Buffer.alloc(60_000, 'new')
const writes: [string, (stores: Stores) => Promise<void>, string | null][] = [
  ['replacing a large object', (stores) => putBytes(stores, 'name', newBytes), hashOf(newBytes)],
  [
    'replacing a large object by a small one',
    (stores) => putBytes(stores, 'name', Buffer.from('small')),
    hashOf(Buffer.from('small')),
  ],
  ['deleting a large object', (stores) => removeBytes(stores, 'name'), null],
]

describe('a crash between any two steps of a write', () => {
  for (const [what, write, hashAfter] of writes) {
    it(`leaves the old or the new state when ${what}, and no orphan after the sweep`, async () => {
      const seen = new Set<string | null>()
      for (let stopAt = 1; stopAt <= 3; stopAt++) {
        for (const when of ['before', 'after'] as const) {
          const [metadata, blobs, clock] = [new FusedMetadataStore(), new FusedBlobStore(), new ManualClock()]
          const ledger = await BlobLedger.open({ metadata, blobs, clock, removalDelayMs: 0 })
          await putBytes({ metadata, blobs, ledger }, 'name', oldBytes)
          const fuse = new Fuse(stopAt, when)
          metadata.fuse = fuse
          blobs.fuse = fuse
          await write({ metadata, blobs, ledger }).catch((error: unknown) => {
            if (!(error instanceof Crash)) throw error
          })
          metadata.fuse = new Fuse(Infinity, 'after')
          blobs.fuse = metadata.fuse
          const hash = await readHash({ metadata, blobs }, 'name')
          assert.ok(hash === hashOf(oldBytes) || hash === hashAfter, `stopped ${when} step ${stopAt}`)
          seen.add(hash)
          clock.advance(LEASE_DURATION_MS + 1)
          await (await BlobLedger.open({ metadata, blobs, clock })).sweep()
          assert.deepEqual(await findBroken({ metadata, blobs }), [])
          assert.equal(await readHash({ metadata, blobs }, 'name'), hash)
        }
      }
      assert.deepEqual(seen, new Set([hashOf(oldBytes), hashAfter]))
    })
  }
})
