import { describe } from 'node:test'
import type { BlobStore } from '../blob-store.ts'
import { blobListRules } from './blob-list-rules.ts'
import { blobReadRules } from './blob-read-rules.ts'
import { blobWriteRules } from './blob-write-rules.ts'
import { openedStore, type StoreEngine } from './opened-store.ts'

/** Registers every rule of the {@link BlobStore} contract as a test of this engine. */
export function describeBlobStore(name: string, engine: StoreEngine<BlobStore>): void {
  describe(`${name}: the blob store contract`, () => {
    const store = openedStore(engine)
    blobWriteRules(store)
    blobReadRules(store)
    blobListRules(store, engine.openAnother?.bind(engine))
  })
}
