import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { makeFolder } from '../../base/make-folder.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { ConfigurationError } from '../configuration/errors.ts'

/** What lies where in the data folder. The store can be copied and backed up alone: no secret in it opens without the master key. */
export interface DataFolder {
  readonly path: string
  /** The first account's root key pair, in the AWS shared-credentials format. */
  readonly credentials: string
  readonly masterKey: string
  /** Unless the settings name another place. */
  readonly auditLog: string
  /** Both engines' part, unless the settings name other places. */
  readonly store: string
  readonly metadata: string
  readonly blobs: string
}

/** Where everything lies in the folder that the settings name; nothing is looked up or made. */
export function dataFolderOf({ data }: Pick<SettingValues, 'data'>): DataFolder {
  const path = resolve(data)
  return {
    path,
    credentials: join(path, 'credentials'),
    masterKey: join(path, 'master.key'),
    auditLog: join(path, 'audit.log'),
    store: join(path, 'store'),
    metadata: join(path, 'store', 'metadata'),
    blobs: join(path, 'store', 'blobs'),
  }
}

/** Where both engines keep what they keep: where the settings say, else in the data folder. */
export function storeAddresses(
  { metadata, blobs }: Pick<SettingValues, 'metadata' | 'blobs'>,
  folder: DataFolder,
): { readonly metadata: string; readonly blobs: string } {
  return {
    metadata: metadata ?? `lmdb:${folder.metadata}`,
    blobs: blobs ?? `files:${folder.blobs}`,
  }
}

/** Makes the folder, for its owner alone; an existing folder keeps its mode. Throws ConfigurationError when that is not possible. */
export function makeDataFolder({ path }: DataFolder): void {
  try {
    if (existsSync(path)) return
    if (!existsSync(dirname(path))) makeFolder(dirname(path), 0o777)
    makeFolder(path, 0o700)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new ConfigurationError(`data: the folder ${path} cannot be made: ${why}`, { cause: error })
  }
}
