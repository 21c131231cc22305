import type { Clock } from '../../base/clock.ts'
import type { ContextParts, ServiceContext } from '../../service/context.ts'
import { closeServiceContext, createServiceContext } from '../../service/create-context.ts'
import { EnvelopeVault } from '../../service/secrets/envelope-vault.ts'
import { loadMasterKeys, type MasterKeySource } from '../../service/secrets/load-master-keys.ts'
import { InvalidMasterKeys } from '../../service/secrets/master-keys.ts'
import type { BlobStore } from '../../storage/blob-store.ts'
import { UnreadableRecord, type MetadataStore } from '../../storage/metadata-store.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { publicUrlOf } from '../configuration/public-url.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { refuseStoreFolders } from '../backup/target.ts'
import { openBlobStore, openMetadataStore, storeFolders } from '../engines.ts'
import { openSecondCopy, type OnHealed } from '../mirror/open-second-copy.ts'
import { dataFolderOf, makeDataFolder, MEMORY, storeAddresses, type DataFolder } from './data-folder.ts'
import { MEMORY_MARK, refuseCredentialsOfAnother, refuseFolderOfAnother } from './files-of-others.ts'
import { serviceSettings } from './service-settings.ts'
import {
  checkMasterKey,
  createStoreIdentity,
  raiseStoreFormat,
  readStoreIdentity,
  refuseUnfinishedStore,
  type StoreIdentity,
} from './store-identity.ts'

/** A store that is open; whoever opened it closes it. */
export interface OpenStore {
  readonly context: ServiceContext
  readonly folder: DataFolder
  /** What files of this store are marked with: its id. */
  readonly mark: string
  readonly close: () => Promise<void>
}

interface OpenStoreOptions {
  readonly settings: SettingValues
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Whether a store that does not exist yet is made; else that is an error. */
  readonly createsWhenMissing: boolean
  /** Hears what of the engines should be otherwise and is no reason not to start. */
  readonly onWarning?: (message: string) => void
  /** Told of what was found damaged and mended. */
  readonly onHealed?: OnHealed
  /** Puts something between the rules and the engines: metrics. */
  readonly wrap?: {
    readonly metadata: (store: MetadataStore) => MetadataStore
    readonly blobs: (store: BlobStore) => BlobStore
  }
  /** Told when an engine may have damaged the memory of this process. */
  readonly onUnusable?: (why: string, isCertain: boolean) => void
  /** Hears that it could not be stored when keys were last used. */
  readonly onUnstoredUse?: ContextParts['onUnstoredUse']
  /** Base URL of this server as its clients reach it; asked whenever it is needed, since the port may become known late. */
  readonly publicUrl?: () => string
}

/** Opens both engines and the vault, and checks that they belong together. Throws ConfigurationError when they cannot be used. */
export async function openStore(options: OpenStoreOptions): Promise<OpenStore> {
  const { settings, clock, wrap } = options
  if (settings.ephemeral === 'yes')
    throw new ConfigurationError('ephemeral: such a server keeps no store that a command could work on')
  const folder = dataFolderOf(settings)
  if (options.createsWhenMissing) {
    refuseFolderOfAnother(settings, folder)
    makeDataFolder(folder)
  }
  const addresses = storeAddresses(settings, folder)
  const folders = storeFolders(addresses.metadata, addresses.blobs)
  if (settings.mirror !== null) await refuseStoreFolders('mirror', settings.mirror, folders)
  if (settings.backup !== null) await refuseStoreFolders('backup', settings.backup, folders)
  const rawMetadata = await openMetadataStore(addresses.metadata, {
    reserveBytes: options.createsWhenMissing ? settings.diskReserveBytes : 0,
    ...(options.onUnusable && { onUnusable: options.onUnusable }),
    ...(options.onWarning && { onWarning: options.onWarning }),
  })
  let rawBlobs: BlobStore | undefined
  try {
    rawBlobs = await openBlobStore(addresses.blobs)
    const second = await openSecondCopy({
      metadata: rawMetadata,
      blobs: rawBlobs,
      mirror: settings.mirror,
      isServer: options.createsWhenMissing,
      asksAgain: addresses.blobs.startsWith('s3:'),
      clock,
      onHealed: options.onHealed ?? (() => undefined),
    })
    const metadata = wrap?.metadata(second.metadata) ?? second.metadata
    const blobs = wrap?.blobs(second.blobs) ?? second.blobs
    const { vault, identity } = await openVault({ ...options, metadata, folder })
    if (identity.hasAllSums) rawMetadata.requireSums()
    const publicUrl = options.publicUrl ?? (() => publicUrlOf(settings, settings.listen))
    const context = createServiceContext({
      metadata,
      blobs,
      clock,
      vault,
      settings: serviceSettings(settings, publicUrl),
      ...(options.onUnstoredUse && { onUnstoredUse: options.onUnstoredUse }),
    })
    return {
      folder,
      mark: settings.metadata === MEMORY ? MEMORY_MARK : identity.storeId,
      context,
      close: async () => {
        await closeServiceContext(context)
        await second.close()
      },
    }
  } catch (error) {
    await rawMetadata.close()
    await rawBlobs?.close()
    // Another start would meet the same.
    if (error instanceof UnreadableRecord)
      throw new ConfigurationError(unreadableStart(error), { cause: error })
    throw error
  }
}

async function openVault(from: {
  readonly metadata: MetadataStore
  readonly settings: SettingValues
  readonly folder: DataFolder
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly createsWhenMissing: boolean
}): Promise<{ readonly vault: EnvelopeVault; readonly identity: StoreIdentity }> {
  const known = await readStoreIdentity(from.metadata)
  if (!known && !from.createsWhenMissing) {
    throw new ConfigurationError(
      `data: there is no store in ${from.folder.path} yet; "lugsail serve" makes one, and --data names another folder`,
    )
  }
  if (!known) await refuseUnfinishedStore(from.metadata)
  // An empty store in the place of one that was there, for one: made anew, it would take over the file with the old one's credentials.
  if (!known) refuseCredentialsOfAnother(from.settings, from.folder)
  // The key of a store that exists is never made anew: its secrets would be lost without anybody noticing.
  const source = masterKeySource(from.settings.masterKey, {
    path: from.folder.masterKey,
    createsWhenMissing: known === null,
    environment: from.environment,
    isInMemory: from.settings.metadata === MEMORY,
  })
  const vault = new EnvelopeVault(await loadKeys(source))
  const identity = known ?? (await createStoreIdentity(from.metadata, vault))
  checkMasterKey(identity, vault)
  await raiseStoreFormat(from.metadata)
  return { vault, identity }
}

/** What whoever runs the server can do about it. */
const unreadableStart = ({ message }: UnreadableRecord): string =>
  `metadata: ${message}, without which nothing is served; put the folder of the metadata aside, on another disk, and bring it back with "lugsail store restore BACKUP --only-metadata", from a backup or from the mirror`

async function loadKeys(source: MasterKeySource) {
  try {
    return await loadMasterKeys(source)
  } catch (error) {
    if (error instanceof InvalidMasterKeys) {
      throw new ConfigurationError(`masterKey: ${error.message}`, { cause: error })
    }
    throw error
  }
}

function masterKeySource(
  setting: string | null,
  file: {
    readonly path: string
    readonly createsWhenMissing: boolean
    readonly environment: Readonly<Record<string, string | undefined>>
    readonly isInMemory: boolean
  },
): MasterKeySource {
  const { path, createsWhenMissing, environment, isInMemory } = file
  if (setting === null && isInMemory) return { type: 'new' }
  if (setting === null) return { type: 'file', path, createsWhenMissing }
  const rest = setting.slice(setting.indexOf(':') + 1)
  if (setting.startsWith('file:')) return { type: 'file', path: rest, createsWhenMissing }
  if (setting.startsWith('command:')) return { type: 'command', command: rest }
  const value = environment[rest]
  if (value === undefined || value === '') {
    throw new ConfigurationError(`masterKey: the environment variable ${rest} is not set`)
  }
  return { type: 'environment', name: rest, value }
}
