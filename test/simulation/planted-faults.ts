import type { BlobLedger } from '../../src/service/blobs/blob-ledger.ts'
import { endLease, writtenLeases } from '../../src/service/blobs/written-leases.ts'
import type { ServiceContext } from '../../src/service/context.ts'
import { writerLeaseRenewalKey } from '../../src/service/keyspace.ts'
import type { BlobStore } from '../../src/storage/blob-store.ts'
import type { FileSystem, OpenFolder } from '../../src/storage/files/file-system.ts'
import { CheckedBlobStore } from '../../src/storage/wrap/checked-blob-store.ts'
import { CommitUnknown, type Change, type MetadataStore } from '../../src/storage/metadata-store.ts'
import type { Choices } from './simulation.ts'
import type { Wrappings } from './world.ts'

/**
 * A fault that a store could have, planted between the product and the simulated machine. `choices`: troubles that let it show; the rest is the seed's.
 */
export interface PlantedFault {
  readonly what: string
  readonly choices: Choices
}

/** Rows by the letter that their keys begin with (see keyspace.ts). */
const CURRENT_OBJECTS = 'C'
const BLOB_REFERENCES = 'F'
const USAGE = 'X'

const isRow = (key: Uint8Array, letter: string): boolean => key[0] === letter.charCodeAt(0)

/** The same with some members replaced. */
function changed<T extends object>(whole: T, change: Partial<T>): T {
  return new Proxy(whole, {
    get(target, name) {
      const value: unknown = Reflect.get(name in change ? change : target, name)
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value
    },
  })
}

const withFiles = (change: (files: FileSystem) => Partial<FileSystem>): Wrappings => ({
  files: (files) => changed(files, change(files)),
})
const withBlobs = (change: (blobs: BlobStore) => Partial<BlobStore>): Wrappings => ({
  blobs: (blobs) => changed(blobs, change(blobs)),
})
const withCommits = (
  commit: (change: Change, store: MetadataStore) => ReturnType<MetadataStore['commit']>,
): Wrappings => ({
  metadata: (store) => changed(store, { commit: (change) => commit(change, store) }),
})

/** A change that does not check rows of a kind. */
const unchecked = (change: Change, letter: string): Change => ({
  ...change,
  checks: (change.checks ?? []).filter(({ key }) => !isRow(key, letter)),
})

const withLeasesByClock = (ledger: BlobLedger, context: ServiceContext): BlobLedger =>
  changed(ledger, {
    reclaimDue: async () => {
      await endLeasesByClock(context)
      return await ledger.reclaimDue()
    },
  })

async function endLeasesByClock({ metadata, clock }: ServiceContext): Promise<void> {
  for await (const lease of writtenLeases(metadata)) {
    const [renewal] = await metadata.getMany([writerLeaseRenewalKey(lease.writerId)])
    if (renewal && Number(renewal.value.readBigUInt64BE(0)) <= clock.now()) await endLease(metadata, lease)
  }
}

const nothing = async (): Promise<void> => undefined

async function withoutSync(files: FileSystem, path: string, which: RegExp): Promise<OpenFolder> {
  const folder = await files.openFolder(path)
  return which.test(path) ? { ...folder, sync: nothing } : folder
}

const openedLate = (files: FileSystem, path: string): OpenFolder => ({
  sync: () => files.syncFolder(path),
  isAt: async () => true,
  close: nothing,
})

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    what: 'a blob is not synced before it is put in its place',
    choices: {
      troubles: ['power'],
      wrappings: withFiles((files) => ({
        create: async (path) => ({ ...(await files.create(path)), datasync: nothing }),
      })),
    },
  },
  {
    what: 'the folder of a blob is not synced after it was put in its place',
    choices: {
      troubles: ['power'],
      wrappings: withFiles((files) => ({
        openFolder: (path) => withoutSync(files, path, /blobs\/..\//),
      })),
    },
  },
  {
    what: 'a new folder for blobs is not synced in the one above',
    choices: {
      troubles: ['power'],
      wrappings: withFiles((files) => ({
        openFolder: (path) => withoutSync(files, path, /blobs\/..$/),
      })),
    },
  },
  {
    what: 'a folder is opened only when the names in it are made',
    choices: {
      wrappings: withFiles((files) => ({ openFolder: async (path) => openedLate(files, path) })),
    },
  },
  {
    what: 'a sync of a blob that failed counts as done',
    choices: {
      troubles: ['power', 'disk'],
      wrappings: withFiles((files) => ({
        create: async (path) => {
          const file = await files.create(path)
          return { ...file, datasync: () => file.datasync().catch(nothing) }
        },
      })),
    },
  },
  {
    what: 'a commit is answered before the journal is synced',
    choices: {
      topology: 'machine',
      troubles: ['power'],
      prepare: ({ journal }) => void (journal.fault = 'answers-before-sync'),
    },
  },
  {
    what: 'the engine forgets what a commit checks',
    choices: {
      topology: 'machine',
      troubles: [],
      prepare: ({ journal }) => void (journal.fault = 'forgets-checks'),
    },
  },
  {
    what: 'a commit of unknown outcome is taken for one that happened',
    choices: {
      topology: 'machine',
      troubles: ['disk'],
      wrappings: withCommits(async (change, store) => {
        try {
          return await store.commit(change)
        } catch (error) {
          if (error instanceof CommitUnknown) return 'ok'
          throw error
        }
      }),
    },
  },
  {
    what: 'a commit of unknown outcome is made again without its checks',
    choices: {
      topology: 'machine',
      troubles: ['disk'],
      wrappings: withCommits(async (change, store) => {
        try {
          return await store.commit(change)
        } catch (error) {
          if (error instanceof CommitUnknown) return await store.commit({ ...change, checks: [] })
          throw error
        }
      }),
    },
  },
  {
    what: 'a write does not check the version that it decided on',
    choices: {
      troubles: [],
      wrappings: withCommits((change, store) => store.commit(unchecked(change, CURRENT_OBJECTS))),
    },
  },
  {
    what: 'usage is not counted once in a while',
    choices: {
      troubles: [],
      wrappings: withCommits((change, store) =>
        store.commit(
          (change.deletes ?? []).length > 0 && change.adds
            ? { ...change, adds: change.adds.filter(({ key }) => !isRow(key, USAGE)) }
            : change,
        ),
      ),
    },
  },
  {
    what: 'references to blobs are not removed with their objects',
    choices: {
      troubles: [],
      wrappings: withCommits((change, store) =>
        store.commit({
          ...change,
          deletes: (change.deletes ?? []).filter((key) => !isRow(key, BLOB_REFERENCES)),
        }),
      ),
    },
  },
  {
    what: 'readers hold nothing: blobs that were written over go while they are read',
    choices: {
      troubles: [],
      isLong: true,
      slowPauseMs: 600_000,
      wrappings: {
        context: (context) => ({
          ...context,
          blobLedger: changed(context.blobLedger, {
            hold: async () => ({ readFirst: () => undefined, release: () => undefined }),
          }),
        }),
      },
    },
  },
  {
    what: 'leases end by the clock of whoever looks, also when that is ahead',
    choices: {
      topology: 'cluster',
      troubles: ['clock'],
      isLong: true,
      slowPauseMs: 300_000,
      wrappings: {
        context: (context) => ({
          ...context,
          blobLedger: changed(context.blobLedger, {
            get ifOpen() {
              const opening = context.blobLedger.ifOpen
              return opening && opening.then((ledger) => withLeasesByClock(ledger, context))
            },
          }),
        }),
      },
    },
  },
  {
    what: 'the checksums of blobs are not looked at',
    choices: {
      troubles: ['rot'],
      wrappings: { checks: (blobs) => new CheckedBlobStore(blobs, () => false) },
    },
  },
  {
    what: 'removed blobs stay on the disk',
    choices: { troubles: [], wrappings: withBlobs(() => ({ delete: nothing })) },
  },
]
