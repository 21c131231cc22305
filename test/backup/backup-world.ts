import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isOfThisPlace } from '../../src/server/backup/process-records.ts'
import type { BackupTarget } from '../../src/server/backup/target.ts'
import { openTarget } from '../../src/server/backup/target.ts'
import { ALL_KEYS, allEntries } from '../../src/server/store/store-content.ts'
import { createStoreIdentity } from '../../src/server/store/store-identity.ts'
import type { ServiceContext } from '../../src/service/context.ts'
import { isCounterKey } from '../../src/service/keyspace.ts'
import { MemoryBlobStore } from '../../src/storage/memory/blob-store.ts'
import { MemoryMetadataStore } from '../../src/storage/memory/metadata-store.ts'
import type { MetadataStore } from '../../src/storage/metadata-store.ts'
import { CheckedBlobStore } from '../../src/storage/wrap/checked-blob-store.ts'
import { CheckedMetadataStore } from '../../src/storage/wrap/checked-metadata-store.ts'

/** An empty store as the server opens it, and the engines under its checks, to damage them. */
export function newEngines() {
  const [rawMetadata, rawBlobs] = [new MemoryMetadataStore(), new MemoryBlobStore()]
  const metadata = new CheckedMetadataStore(rawMetadata, { place: 'the test', isCounter: isCounterKey })
  return { rawMetadata, rawBlobs, metadata, blobs: new CheckedBlobStore(rawBlobs) }
}

/** Gives a store its identity; gives its id. */
export async function identify({ metadata, vault }: ServiceContext): Promise<string> {
  return (await createStoreIdentity(metadata, vault)).storeId
}

/** All that a backup is to keep of a store's records, as text. */
export async function recordsOf(metadata: Pick<MetadataStore, 'scan'>): Promise<string> {
  const lines: string[] = []
  for await (const { key, value } of allEntries(metadata, ALL_KEYS))
    if (!isOfThisPlace(key)) lines.push(`${key.toString('hex')} ${value.toString('hex')}`)
  return lines.join('\n')
}

/** A folder for backups, with what removes it. */
export async function newTarget(): Promise<{
  folder: string
  target: BackupTarget
  dispose: () => Promise<void>
}> {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-backup-'))
  const target = await openTarget('TO', folder, { isMade: true })
  return {
    folder,
    target,
    dispose: async () => {
      await target.store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
