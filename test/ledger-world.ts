import { ManualClock } from './manual-clock.ts'
import { BlobLedger } from '../src/service/blobs/blob-ledger.ts'
import { LEASE_DURATION_MS } from '../src/service/blobs/writer-lease.ts'
import { blobReferenceKey, removalQuestionsRange } from '../src/service/keyspace.ts'
import type { BlobId } from '../src/storage/blob-store.ts'
import { MemoryBlobStore } from '../src/storage/memory/blob-store.ts'
import { MemoryMetadataStore } from '../src/storage/memory/metadata-store.ts'

export const HOUR_MS = 3_600_000
export const MINUTE_MS = 60_000

/** Stores in memory that several processes share, each with a ledger of its own: their clocks stand still but for `pass` and `watch`. */
export async function ledgerWorld() {
  const [metadata, blobs, clock] = [new MemoryMetadataStore(), new MemoryBlobStore(), new ManualClock()]
  const monotonic = new ManualClock(0)
  const openLedger = () => BlobLedger.open({ metadata, blobs, clock, monotonicMs: () => monotonic.now() })
  const pass = (durationMs: number) => {
    clock.advance(durationMs)
    monotonic.advance(durationMs)
  }
  /** Ten minutes go by in which `watcher` looks at the leases and renews its own each minute; others do not renew theirs. */
  const watch = async (watcher: BlobLedger) => {
    for (let elapsedMs = 0; elapsedMs < LEASE_DURATION_MS; elapsedMs += MINUTE_MS) {
      await watcher.watchLeases()
      pass(MINUTE_MS)
      await watcher.renew()
    }
  }
  async function* body() {
    yield Buffer.from('bytes')
  }
  const put = async (ledger: BlobLedger) => {
    const id = ledger.newBlobId()
    await blobs.put(id, body())
    return id
  }
  const refer = (ledger: BlobLedger, id: BlobId) =>
    metadata.commit({
      checks: ledger.leaseChecks([id]),
      sets: [{ key: blobReferenceKey(id), value: Buffer.alloc(0) }],
    })
  /** As a commit that removes or replaces the object of this blob. */
  const giveUp = async (ledger: BlobLedger, id: BlobId) => {
    await metadata.commit({ deletes: [blobReferenceKey(id)] })
    ledger.release([id])
  }
  const questions = async () => (await metadata.scan({ ...removalQuestionsRange(), limit: 10 })).length
  const ids = async () => (await blobs.list({ limit: 1000 })).map(({ id }) => id)
  return {
    metadata,
    blobs,
    clock,
    monotonic,
    pass,
    watch,
    openLedger,
    put,
    refer,
    giveUp,
    questions,
    ids,
    ledger: await openLedger(),
  }
}
