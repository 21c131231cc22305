import { storeKey } from '../../service/keyspace.ts'
import { recordCodec } from '../../service/records/codec.ts'
import type { MetadataStore } from '../../storage/metadata-store.ts'

/** What a store knows of its mirror. While the record is there, each commit notes what it changes. */
export interface MirrorMark {
  /** The newest state in the mirror; absent: there is none yet of this store. */
  readonly stateId?: string
  /** What was noted for the mirror was dropped, since it was too much: everything has to be compared. Names the time that this was done. */
  readonly notesLost?: string
}

/** Where the mark lies. */
export const MIRROR_MARK_KEY = storeKey('mirror')
const markCodec = recordCodec<MirrorMark>('mirror mark', 1)

/** What sets the mark. */
export const mirrorMarkSet = (mark: MirrorMark) => ({ key: MIRROR_MARK_KEY, value: markCodec.encode(mark) })

/** Changes the mark, whoever else does so at once; `change` is given the one that is there, null when there is none. */
export async function changeMirrorMark(
  metadata: Pick<MetadataStore, 'getMany' | 'commit'>,
  change: (mark: MirrorMark | null) => MirrorMark,
): Promise<void> {
  for (;;) {
    const [entry = null] = await metadata.getMany([MIRROR_MARK_KEY])
    const outcome = await metadata.commit({
      checks: [{ key: MIRROR_MARK_KEY, version: entry?.version ?? null }],
      sets: [mirrorMarkSet(change(entry && markCodec.decode(entry.value)))],
      usesReserve: true,
    })
    if (outcome === 'ok') return
  }
}

/** Null when the store has no mirror. */
export async function readMirrorMark(metadata: Pick<MetadataStore, 'getMany'>): Promise<MirrorMark | null> {
  const [entry = null] = await metadata.getMany([MIRROR_MARK_KEY])
  return entry && markCodec.decode(entry.value)
}
