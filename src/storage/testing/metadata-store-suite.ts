import { after, before, describe } from 'node:test'
import type { MetadataStore } from '../metadata-store.ts'
import { commitRules } from './commit-rules.ts'
import { concurrencyRules } from './concurrency-rules.ts'
import { delimitedScanRules } from './delimited-scan-rules.ts'
import { readRules } from './read-rules.ts'
import { sharedStoreRules } from './shared-store-rules.ts'

/** How the suite gets at an engine. */
interface MetadataStoreEngine {
  /** Opens an empty store; called once. */
  open(): Promise<MetadataStore>
  /** Opens the same store again, as another process would; absent when the engine cannot share. The suite closes it. */
  openAnother?(): Promise<MetadataStore>
  /** Removes what `open` made; called after the store was closed. */
  dispose?(): Promise<void>
}

/** Registers every rule of the {@link MetadataStore} contract as a test of this engine. */
export function describeMetadataStore(name: string, engine: MetadataStoreEngine): void {
  describe(`${name}: the metadata store contract`, () => {
    let opened: MetadataStore | null = null
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
    readRules(store)
    delimitedScanRules(store)
    commitRules(store)
    concurrencyRules(store)
    if (engine.openAnother) sharedStoreRules(store, engine.openAnother.bind(engine))
  })
}
