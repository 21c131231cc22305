import { describe } from 'node:test'
import type { MetadataStore } from '../metadata-store.ts'
import { commitRules } from './commit-rules.ts'
import { concurrencyRules } from './concurrency-rules.ts'
import { delimitedScanRules } from './delimited-scan-rules.ts'
import { readRules } from './read-rules.ts'
import { snapshotRules } from './snapshot-rules.ts'
import { sharedStoreRules } from './shared-store-rules.ts'
import { openedStore, type StoreEngine } from './opened-store.ts'

/** Registers every rule of the {@link MetadataStore} contract as a test of this engine. */
export function describeMetadataStore(name: string, engine: StoreEngine<MetadataStore>): void {
  describe(`${name}: the metadata store contract`, () => {
    const store = openedStore(engine)
    readRules(store)
    delimitedScanRules(store)
    commitRules(store)
    concurrencyRules(store)
    snapshotRules(store)
    if (engine.openAnother) sharedStoreRules(store, engine.openAnother.bind(engine))
  })
}
