import type { BlobStore } from '../storage/blob-store.ts'
import { StoreUnavailable, type MetadataStore } from '../storage/metadata-store.ts'
import { isCounterKey } from '../service/keyspace.ts'
import { CheckedBlobStore } from '../storage/wrap/checked-blob-store.ts'
import { CheckedMetadataStore } from '../storage/wrap/checked-metadata-store.ts'
import {
  addressFormOf,
  schemeOf,
  type BLOB_ADDRESSES,
  type METADATA_ADDRESSES,
} from './configuration/engine-addresses.ts'
import { ConfigurationError, StartFailure, startError } from './configuration/errors.ts'

/** What an engine is told besides its address. */
interface EngineOptions {
  /** Room that is kept on its disk for deletions; none when absent. */
  readonly reserveBytes?: number
  /** Told when an engine may have damaged the memory of this process, or certainly has (`isCertain`): another one has to take its place. */
  readonly onUnusable?: OnUnusable
  /** Its file system may be one that stops answering, as that of a network, and must not stop this process with it. */
  readonly mayHang?: boolean
  /** Hears what should be otherwise and is no reason not to start. */
  readonly onWarning?: (message: string) => void
}

type OnUnusable = (why: string, isCertain: boolean) => void

type OpenEngine<T> = (address: string, options: EngineOptions) => Promise<T>

type Engines<Addresses, T> = Readonly<Record<keyof Addresses, OpenEngine<T>>>

/**
 * The metadata engines, by the scheme of their address (configuration/engine-addresses.ts). Each is loaded only when it is used. None is opened elsewhere,
 * but for those in memory, which ephemeral/memory-state.ts makes without what opens others.
 */
const metadataEngines: Engines<typeof METADATA_ADDRESSES, MetadataStore> = {
  lmdb: async (address, options) =>
    (await import('../storage/lmdb/metadata-store.ts')).LmdbMetadataStore.open(pathOf(address), options),
  memory: async () => new (await import('../storage/memory/metadata-store.ts')).MemoryMetadataStore(),
  postgres: async (address, { onWarning }) =>
    await (await import('../storage/postgres/open.ts')).openPostgresMetadataStore(address, onWarning),
}

const migrations: Engines<typeof METADATA_ADDRESSES, { from: number; to: number } | null> = {
  memory: async () => null,
  lmdb: async () => null,
  postgres: async (address) =>
    await (await import('../storage/postgres/open.ts')).migratePostgresStore(address),
}

const blobEngines: Engines<typeof BLOB_ADDRESSES, BlobStore> = {
  files: async (address, { mayHang }) => {
    const { FileBlobStore } = await import('../storage/files/blob-store.ts')
    const folder = pathOf(address)
    if (mayHang !== true) return await FileBlobStore.open(folder)
    const { patientFiles } = await import('../storage/files/patient-files.ts')
    return await FileBlobStore.open(folder, { files: patientFiles(folder) })
  },
  memory: async () => new (await import('../storage/memory/blob-store.ts')).MemoryBlobStore(),
  s3: async (address) => await (await import('../storage/s3/open.ts')).openS3BlobStore(address),
}

/**
 * Opens the store at `address` (`lmdb:PATH`, …), whose records are checked from then on. Throws ConfigurationError for an address that is none,
 * StartFailure when it cannot be opened now.
 */
export async function openMetadataStore(
  address: string,
  options: EngineOptions = {},
): Promise<CheckedMetadataStore> {
  const engine = await openEngine<MetadataStore>('metadata', metadataEngines, address, options)
  // The address is not written out: it may hold a password.
  const [folder] = storeFolders(address)
  return new CheckedMetadataStore(engine, { place: folder ?? schemeOf(address), isCounter: isCounterKey })
}

/** Opens the store at `address` (`files:PATH`, …), whose blobs are checked from then on. Throws as {@link openMetadataStore} does. */
export const openBlobStore = async (
  address: string,
  options: Pick<EngineOptions, 'mayHang'> = {},
): Promise<BlobStore> => new CheckedBlobStore(await openEngine('blobs', blobEngines, address, options))

/** Whether processes on several machines may work on the metadata at this address at once. */
export const isSharedByMachines = (address: string): boolean =>
  addressFormOf(address)?.isSharedByMachines === true

/** The folders of this machine in which stores at these addresses keep their files. */
export function storeFolders(...addresses: readonly string[]): string[] {
  return addresses.filter((address) => addressFormOf(address)?.namesFolder === true).map(pathOf)
}

/**
 * Makes the schema of the metadata store at `address`, or brings it to this release; gives its versions before (0: none) and after, or null when the
 * engine has no schema. Throws as {@link openMetadataStore} does.
 */
export const migrateMetadataStore = (address: string): Promise<{ from: number; to: number } | null> =>
  openEngine('metadata', migrations, address)

async function openEngine<T>(
  setting: string,
  engines: Readonly<Record<string, OpenEngine<T>>>,
  address: string,
  options: EngineOptions = {},
): Promise<T> {
  const scheme = schemeOf(address)
  const open = engines[scheme]
  if (!open) {
    throw new ConfigurationError(
      `${setting}: there is no engine ${scheme}:, only ${Object.keys(engines).join(':, ')}:`,
    )
  }
  try {
    return await open(address, options)
  } catch (error) {
    // The address is not written out: it may hold a password.
    const reason = error instanceof Error ? error.message : 'it cannot be opened'
    const message = `${setting}: ${reason}`
    if (error instanceof StoreUnavailable) throw new StartFailure(message, { cause: error })
    throw startError(message, error)
  }
}

/** The part of an address behind its scheme: `lmdb:PATH` → `PATH`. */
const pathOf = (address: string): string => address.slice(address.indexOf(':') + 1)
