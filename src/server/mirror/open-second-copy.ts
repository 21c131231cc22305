import type { Clock } from '../../base/clock.ts'
import { blobReferenceKey, changeLogRange } from '../../service/keyspace.ts'
import type { BlobStore } from '../../storage/blob-store.ts'
import type { MetadataStore } from '../../storage/metadata-store.ts'
import { entryPages } from '../store/store-content.ts'
import { readStoreIdentity } from '../store/store-identity.ts'
import { LoggedMetadataStore } from './change-log.ts'
import { HealingBlobStore } from './healing-blob-store.ts'
import { HealingMetadataStore } from './healing-metadata-store.ts'
import { MIRROR_MARK_KEY, mirrorMarkSet, readMirrorMark } from './mirror-mark.ts'
import { deleteNotes } from './note-limit.ts'
import { SecondCopy } from './second-copy.ts'

/** Told of what was found damaged and mended, for log and metrics. */
export type OnHealed = (kind: 'blob' | 'record', facts: Readonly<Record<string, string>>) => void

interface SecondCopyOptions {
  readonly metadata: MetadataStore
  readonly blobs: BlobStore
  /** The setting. */
  readonly mirror: string | null
  /** Whether a server is opened, rather than a command's store. */
  readonly isServer: boolean
  /** Whether a damaged blob is asked for once more. */
  readonly asksAgain: boolean
  readonly clock: Clock
  readonly onHealed: OnHealed
}

/** What lies between the rules and the engines of a store that has a second copy, or whose blobs lie in a cluster; the same stores where it has not. */
export async function openSecondCopy(options: SecondCopyOptions): Promise<{
  readonly metadata: MetadataStore
  readonly blobs: BlobStore
  readonly close: () => Promise<void>
}> {
  const { metadata, blobs, mirror, asksAgain, clock, onHealed } = options
  const notes = await notesChanges(options)
  const copy = mirror === null ? null : new SecondCopy(mirror)
  const isReferred = async (id: string): Promise<boolean> =>
    (await metadata.getMany([blobReferenceKey(id)]))[0] !== null
  const logged = notes ? new LoggedMetadataStore(metadata, clock) : metadata
  return {
    metadata: copy
      ? new HealingMetadataStore(logged, {
          findInMirror: (key) => copy.findRecord(metadata, key),
          onHealed: ({ message }) => onHealed('record', { reason: message }),
        })
      : logged,
    blobs:
      copy || asksAgain
        ? new HealingBlobStore(blobs, {
            asksAgain,
            openInMirror: async (id, range) => (await copy?.openBlob(id, range)) ?? null,
            isReferred,
            onHealed: ({ id, place, reason }) => onHealed('blob', { blobId: id, place, reason }),
          })
        : blobs,
    close: async () => await copy?.close(),
  }
}

/**
 * Whether commits of this process note what they change: where there is a mirror, and for commands also where a server of the store has one. A server without one ends that: all servers of a store
 * have the same mirror, or none.
 */
async function notesChanges({ metadata, mirror, isServer }: SecondCopyOptions): Promise<boolean> {
  const mark = await readMirrorMark(metadata)
  if (mirror !== null) {
    // A place without a store stays empty: one may be restored there.
    if (!mark && isServer && (await readStoreIdentity(metadata)))
      await metadata.commit({ sets: [mirrorMarkSet({})], usesReserve: true })
    return true
  }
  if (!mark) return false
  if (!isServer) return true
  await metadata.commit({ deletes: [MIRROR_MARK_KEY] })
  for await (const page of entryPages(metadata, changeLogRange(), { keysOnly: true }))
    await deleteNotes(
      metadata,
      page.map(({ key }) => key),
    )
  return false
}
