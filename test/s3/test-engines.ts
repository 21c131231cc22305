import { randomBytes } from 'node:crypto'
import { migrateMetadataStore, openBlobStore, openMetadataStore } from '../../src/server/engines.ts'
import type { BlobStore } from '../../src/storage/blob-store.ts'
import { MemoryBlobStore } from '../../src/storage/memory/blob-store.ts'
import { MemoryMetadataStore } from '../../src/storage/memory/metadata-store.ts'
import type { MetadataStore } from '../../src/storage/metadata-store.ts'

interface TestEngines {
  readonly metadata: MetadataStore
  readonly blobs: BlobStore
  /** Undefined: as the test wants. */
  readonly inlineBodyBytesMax?: number
}

/**
 * Stores in memory; those of a cluster where LUGSAIL_TEST_METADATA has the URL of a PostgreSQL database, in which each gets a schema of its own, and
 * LUGSAIL_TEST_BLOBS that of an S3 bucket, where all bodies lie then (test/cluster/rights.long.test.ts sets both).
 */
export async function openTestEngines(): Promise<TestEngines> {
  const { LUGSAIL_TEST_METADATA: database, LUGSAIL_TEST_BLOBS: bucket } = process.env
  const [metadata, blobs] = [
    await openDatabase(database),
    bucket === undefined ? null : await openBlobStore(bucket),
  ]
  return { metadata, blobs: blobs ?? new MemoryBlobStore(), ...(blobs && { inlineBodyBytesMax: 0 }) }
}

async function openDatabase(url: string | undefined): Promise<MetadataStore> {
  return url === undefined ? new MemoryMetadataStore() : await openMetadataStore(await makeSchema(url))
}

/** The addresses of the same stores, for a server that opens them itself. */
export async function testStores(): Promise<{ readonly metadata: string; readonly blobs: string }> {
  const { LUGSAIL_TEST_METADATA: database, LUGSAIL_TEST_BLOBS: blobs = 'memory:' } = process.env
  return { metadata: database === undefined ? 'memory:' : await makeSchema(database), blobs }
}

/** Makes a schema in the database, and gives its address. */
async function makeSchema(database: string): Promise<string> {
  const address = `${database}?schema=test_${randomBytes(6).toString('hex')}`
  await migrateMetadataStore(address)
  return address
}
