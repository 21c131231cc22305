import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { makeFolder } from '../../base/make-folder.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { startError } from '../configuration/errors.ts'

/** What lies where in the data folder. The store can be copied and backed up alone: no secret in it opens without the master key. */
export interface DataFolder {
  readonly path: string
  /** The first account's root key pair, in the AWS shared-credentials format. */
  readonly credentials: string
  readonly masterKey: string
  /** Unless the settings name another place. */
  readonly auditLog: string
  /** Names the server that runs on the folder, while one does. */
  readonly lock: string
  /** Both engines' part, unless the settings name other places. */
  readonly store: string
  readonly metadata: string
  readonly blobs: string
}

/** The address of a store that its server takes with it when it ends. */
export const MEMORY = 'memory:'

/** The file that names the server that runs on a folder. */
export const lockIn = (folder: string): string => join(folder, 'server.lock')

/** Where everything lies in the folder that the settings name; nothing is looked up or made. */
export function dataFolderOf({ data }: Pick<SettingValues, 'data'>): DataFolder {
  const path = resolve(data)
  return {
    path,
    credentials: join(path, 'credentials'),
    masterKey: join(path, 'master.key'),
    auditLog: join(path, 'audit.log'),
    lock: lockIn(path),
    store: join(path, 'store'),
    metadata: join(path, 'store', 'metadata'),
    blobs: join(path, 'store', 'blobs'),
  }
}

/** Where both engines keep what they keep: where the settings say, else in the data folder. With metadata in memory, bytes are there too. */
export function storeAddresses(
  { metadata, blobs }: Pick<SettingValues, 'metadata' | 'blobs'>,
  folder: DataFolder,
): { readonly metadata: string; readonly blobs: string } {
  return {
    metadata: metadata ?? `lmdb:${folder.metadata}`,
    blobs: blobs ?? (metadata === MEMORY ? MEMORY : `files:${folder.blobs}`),
  }
}

/** Makes the folder, for its owner alone; an existing folder keeps its mode. Throws ConfigurationError or StartFailure when that is not possible. */
export function makeDataFolder({ path }: DataFolder): void {
  try {
    if (existsSync(path)) return
    if (!existsSync(dirname(path))) makeFolder(dirname(path), 0o777)
    makeFolder(path, 0o700)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw startError(`data: the folder ${path} cannot be made: ${why}`, error)
  }
}
