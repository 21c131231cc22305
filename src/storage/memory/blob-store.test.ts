import { describeBlobStore } from '../testing/blob-store-suite.ts'
import { MemoryBlobStore } from './blob-store.ts'

describeBlobStore('memory', { open: async () => new MemoryBlobStore() })
