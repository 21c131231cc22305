import { changeLogRange } from '../../service/keyspace.ts'
import { KEYS_PER_COMMIT_ADVISED, type MetadataStore } from '../../storage/metadata-store.ts'
import { newRandomName } from '../backup/names.ts'
import { entryPages } from '../store/store-content.ts'
import { changeMirrorMark } from './mirror-mark.ts'

/** More notes than this are not taken over one by one, nor kept: the whole store is compared instead. */
export const NOTES_MAX = 100_000

/** Drops what commits noted when it has become too much, as for a mirror that is away; gives how many notes there were, 0 when they stay. */
export async function limitNotes(metadata: MetadataStore, notesMax = NOTES_MAX): Promise<number> {
  let count = 0
  for await (const page of entryPages(metadata, changeLogRange(), { keysOnly: true })) {
    count += page.length
    if (count > notesMax) return await dropNotes(metadata)
  }
  return 0
}

/** Drops all notes, and leaves word that everything has to be compared; gives how many there were. */
export async function dropNotes(metadata: MetadataStore): Promise<number> {
  // First of all: a crash behind it must not leave a mirror that takes the rest for everything.
  await changeMirrorMark(metadata, (mark) => ({ ...mark, notesLost: newRandomName() }))
  let count = 0
  for await (const page of entryPages(metadata, changeLogRange(), { keysOnly: true })) {
    await deleteNotes(
      metadata,
      page.map(({ key }) => key),
    )
    count += page.length
  }
  return count
}

/** Deletes notes, as many at once as one commit takes. */
export async function deleteNotes(
  metadata: Pick<MetadataStore, 'commit'>,
  keys: readonly Buffer[],
): Promise<void> {
  for (let at = 0; at < keys.length; at += KEYS_PER_COMMIT_ADVISED)
    await metadata.commit({ deletes: keys.slice(at, at + KEYS_PER_COMMIT_ADVISED) })
}
