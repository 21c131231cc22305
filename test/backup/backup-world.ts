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
import type {
  Change,
  CommitOutcome,
  Entry,
  Key,
  MetadataSnapshot,
  MetadataStore,
  ScanRange,
} from '../../src/storage/metadata-store.ts'
import { CheckedBlobStore } from '../../src/storage/wrap/checked-blob-store.ts'
import { CheckedMetadataStore } from '../../src/storage/wrap/checked-metadata-store.ts'

/** A store in memory of which single records change without anybody writing them, as on a disk that fails. */
class SpoiltMetadataStore extends MemoryMetadataStore {
  readonly #spoilt = new Set<string>()

  /** Changes the last bit of the record's value, until it is written again. */
  spoil(key: Buffer): void {
    this.#spoilt.add(key.toString('hex'))
  }

  override async getMany(keys: readonly Key[]): Promise<(Entry | null)[]> {
    return (await super.getMany(keys)).map((entry) => entry && this.#read(entry))
  }

  override async scan(range: ScanRange): Promise<Entry[]> {
    return (await super.scan(range)).map((entry) => this.#read(entry))
  }

  override async snapshot(): Promise<MetadataSnapshot> {
    const snapshot = await super.snapshot()
    return {
      scan: async (range) => (await snapshot.scan(range)).map((entry) => this.#read(entry)),
      close: () => snapshot.close(),
    }
  }

  override async commit(change: Change): Promise<CommitOutcome> {
    const outcome = await super.commit(change)
    if (outcome !== 'ok') return outcome
    const written = [...(change.sets ?? []).map(({ key }) => key), ...(change.deletes ?? [])]
    for (const key of written) this.#spoilt.delete(Buffer.from(key).toString('hex'))
    return outcome
  }

  #read(entry: Entry): Entry {
    if (!this.#spoilt.has(entry.key.toString('hex')) || entry.value.length === 0) return entry
    const value = Buffer.from(entry.value)
    value[value.length - 1] = (value.at(-1) ?? 0) ^ 1
    return { ...entry, value }
  }
}

/** An empty store as the server opens it, and the engines under its checks, to damage them. */
export function newEngines() {
  const [rawMetadata, rawBlobs] = [new SpoiltMetadataStore(), new MemoryBlobStore()]
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
