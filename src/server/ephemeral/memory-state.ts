import { isCounterKey } from '../../service/keyspace.ts'
import type { BlobStore } from '../../storage/blob-store.ts'
import { MemoryBlobStore, type MemoryBlobs } from '../../storage/memory/blob-store.ts'
import { MemoryMetadataStore, type MemoryMetadata } from '../../storage/memory/metadata-store.ts'
import { MemoryRoom } from '../../storage/memory/memory-room.ts'
import type { MetadataStore } from '../../storage/metadata-store.ts'
import { CheckedBlobStore } from '../../storage/wrap/checked-blob-store.ts'
import { CheckedMetadataStore } from '../../storage/wrap/checked-metadata-store.ts'

/** All that both stores hold at a moment; it never changes, and costs what it does not share with others: the list of what there is. */
export interface MemoryState {
  readonly metadata: MemoryMetadata
  readonly blobs: MemoryBlobs
  readonly usedBytes: number
}

/** Both stores in memory, which share one bound. */
export class MemoryStores {
  readonly metadata: MetadataStore
  readonly blobs: BlobStore
  readonly #metadata: MemoryMetadataStore
  readonly #blobs: MemoryBlobStore
  readonly #room: MemoryRoom

  /** `from`: what they hold at first; nothing when absent. */
  constructor(bytesMax: number, from?: MemoryState) {
    this.#room = new MemoryRoom(bytesMax, from?.usedBytes)
    this.#metadata = new MemoryMetadataStore(from?.metadata, this.#room)
    this.#blobs = new MemoryBlobStore(from?.blobs, this.#room)
    const checked = new CheckedMetadataStore(this.#metadata, { place: 'memory', isCounter: isCounterKey })
    checked.requireSums()
    this.metadata = checked
    this.blobs = new CheckedBlobStore(this.#blobs)
  }

  /** What they hold now, of one moment. */
  state(): MemoryState {
    return {
      metadata: this.#metadata.content(),
      blobs: this.#blobs.content(),
      usedBytes: this.#room.usedBytes,
    }
  }
}
