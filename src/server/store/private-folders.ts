import { isWritableForOthers, makePrivate, modeText } from '../../base/private-mode.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { storeFolders } from '../engines.ts'
import { storeAddresses, type DataFolder } from './data-folder.ts'

/** What is wrong with a path, for the log. */
interface OpenPath {
  readonly path: string
  /** Octal, as `ls` and `chmod` have it. */
  readonly mode: string
}

/**
 * Closes to others what lies in the data folder, where an older release, a copy or a restored backup left it open. The engines do the same with
 * what is theirs. Gives what could not be closed, and folders in which others may put files of their own in the place of the store's: those keep
 * the mode that their owner gave them.
 */
export function closeToOthers(
  folder: DataFolder,
  settings: Pick<SettingValues, 'metadata' | 'blobs'>,
): { readonly unclosed: readonly OpenPath[]; readonly writable: readonly OpenPath[] } {
  const { metadata, blobs } = storeAddresses(settings, folder)
  const own = [folder.credentials, folder.masterKey, folder.auditLog, folder.store]
  const withMode = (path: string): OpenPath => ({ path, mode: modeText(path) })
  return {
    unclosed: own.filter((path) => !makePrivate(path)).map(withMode),
    writable: [...new Set([folder.path, ...storeFolders(metadata, blobs)])]
      .filter(isWritableForOthers)
      .map(withMode),
  }
}
