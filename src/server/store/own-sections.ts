import { lookUpAccess } from '../../service/credentials/look-up-access.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { listKeptKeys } from './credentials-file.ts'
import type { OpenStore } from './open-store.ts'

/**
 * The sections of the credentials file that are of this store: those with its mark, and of files that an older release wrote, all in the folder of the
 * store itself, else those with a key that the store knows. `others` are the rest, which are left alone.
 */
export async function ownSections(
  { context, folder, mark }: OpenStore,
  { metadata }: Pick<SettingValues, 'metadata'>,
): Promise<{ readonly own: readonly string[]; readonly others: readonly string[] }> {
  const own: string[] = []
  const others: string[] = []
  for (const { section, accessKeyId, store } of listKeptKeys(folder.credentials)) {
    const isOwn =
      store === null
        ? metadata === null || (await lookUpAccess(context, accessKeyId, null)).credential !== null
        : store === mark
    ;(isOwn ? own : others).push(section)
  }
  return { own, others }
}
