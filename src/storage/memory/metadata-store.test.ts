import { describeMetadataStore } from '../testing/metadata-store-suite.ts'
import { MemoryMetadataStore } from './metadata-store.ts'

describeMetadataStore('memory', { open: async () => new MemoryMetadataStore() })
