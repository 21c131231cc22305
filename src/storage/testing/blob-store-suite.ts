import { after, before, describe } from 'node:test'
import type { BlobStore } from '../blob-store.ts'
import { blobListRules } from './blob-list-rules.ts'
import { blobReadRules } from './blob-read-rules.ts'
import { blobWriteRules } from './blob-write-rules.ts'

/** How the suite gets at an engine. */
interface BlobStoreEngine {
  /** Opens an empty store; called once. */
  open(): Promise<BlobStore>
  /** Opens the same store again, as another process would; absent when the engine cannot share. The suite closes it. */
  openAnother?(): Promise<BlobStore>
  /** Removes what `open` made; called after the store was closed. */
  dispose?(): Promise<void>
}

/** Registers every rule of the {@link BlobStore} contract as a test of this engine. */
export function describeBlobStore(name: string, engine: BlobStoreEngine): void {
  describe(`${name}: the blob store contract`, () => {
    let opened: BlobStore | null = null
    const store = () => {
      if (!opened) throw new Error('the store is not open')
      return opened
    }
    before(async () => {
      opened = await engine.open()
    })
    after(async () => {
      await opened?.close()
      await engine.dispose?.()
    })
    blobWriteRules(store)
    blobReadRules(store)
    blobListRules(store, engine.openAnother?.bind(engine))
  })
}
