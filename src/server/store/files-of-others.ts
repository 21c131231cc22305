import { existsSync } from 'node:fs'
import { ConfigurationError } from '../configuration/errors.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { listKeptKeys } from './credentials-file.ts'
import { MEMORY, type DataFolder } from './data-folder.ts'

/** What is written into `credentials` of a server in memory: its store is gone when the next one begins, which may write over the file. */
export const MEMORY_MARK = 'memory'

const ELSEWHERE = 'give this server a folder of its own with --data'

/**
 * Looks whether what lies in the data folder is of another store, before a server writes into the folder or takes bytes there for its own. Throws
 * ConfigurationError that names the file and what to do.
 */
export function refuseFolderOfAnother(
  { metadata, blobs }: Pick<SettingValues, 'metadata' | 'blobs'>,
  folder: DataFolder,
): void {
  if (metadata === MEMORY) {
    const kept = [folder.store, folder.masterKey].find((path) => existsSync(path))
    if (kept !== undefined)
      throw new ConfigurationError(
        `data: ${kept} is of a store that is kept, and a server in memory keeps nothing: ${ELSEWHERE}`,
      )
  } else if (metadata !== null && blobs === null && existsSync(folder.metadata))
    // Its sweeper would find that nothing in its metadata refers to the other store's bytes.
    throw new ConfigurationError(
      `blobs: ${folder.blobs} is of the store whose metadata are in ${folder.metadata}; ${ELSEWHERE}, or name its blobs with --blobs`,
    )
}

/** Throws ConfigurationError when a store that is made now would write over another one's credentials file. */
export function refuseCredentialsOfAnother(
  { metadata }: Pick<SettingValues, 'metadata'>,
  folder: DataFolder,
): void {
  const { credentials } = folder
  if (!existsSync(credentials)) return
  const kept = listKeptKeys(credentials)
  if (metadata === MEMORY && kept.length > 0 && kept.every(({ store }) => store === MEMORY_MARK)) return
  throw new ConfigurationError(
    metadata === null
      ? `data: ${credentials} is of a store that is not there any more; restore ${folder.metadata}, or remove that file to begin anew`
      : `data: ${credentials} has the keys of another store, which the first start of a new one would write over: ${ELSEWHERE}`,
  )
}
