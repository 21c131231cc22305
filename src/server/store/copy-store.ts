import { keyAfter } from '../../base/key.ts'
import { recordCodec } from '../../service/records/codec.ts'
import type { Entry, Version } from '../../storage/metadata-store.ts'
import { copyBlobs } from '../backup/copy-blobs.ts'
import { isOfThisPlace } from '../backup/process-records.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import {
  ALL_KEYS,
  allBlobs,
  blobPages,
  compareText,
  entriesPastDamage,
  entryPages,
  mergeAscending,
  pagesOf,
  type StoreEngines,
} from './store-content.ts'
import { COPY_MARK_KEY, IDENTITY_KEY, readStoreIdentity } from './store-identity.ts'

/** How far a copy got; in the target until the copy is whole. */
interface CopyMark {
  readonly sourceStoreId: string
  /** Hexadecimal: the last key copied; absent: none yet. */
  readonly lastKey?: string
}

const markCodec = recordCodec<CopyMark>('copy mark', 1)
const DAMAGED_NAMED_MAX = 1_000

/** What is told while it goes on: how many of how many. */
export type OnProgress = (phase: 'blobs' | 'records', done: number, total: number, bytes: number) => void

interface CopyReport {
  readonly blobs: number
  readonly blobBytes: number
  readonly records: number
  /** What an earlier, interrupted copy had done already. */
  readonly blobsSkipped: number
  /** What the source could not give, in words: it is not in the target. The first of it; `damagedCount` counts all. */
  readonly damaged: readonly string[]
  readonly damagedCount: number
  /** The target held the whole copy already: only the comparison was left. */
  readonly wasWhole: boolean
}

/**
 * Copies a whole store: first the blobs, then the records, so that no record ever lacks its bytes, and the store's identity last, so that no
 * server takes half a copy for a store. After an interruption the same call goes on where it stopped; where nothing is left it copies nothing. Nobody may write to either store meanwhile.
 * Throws ConfigurationError when the source is no store or the target holds another one.
 */
export async function copyStore(
  from: StoreEngines,
  to: StoreEngines,
  onProgress: OnProgress = () => undefined,
): Promise<CopyReport> {
  const identity = await readStoreIdentity(from.metadata)
  if (!identity) throw new ConfigurationError('the source holds no store')
  if ((await readStoreIdentity(to.metadata))?.storeId === identity.storeId) {
    const blobsSkipped = await countItems(blobPages(from.blobs))
    return { blobs: 0, blobBytes: 0, blobsSkipped, records: 0, damaged: [], damagedCount: 0, wasWhole: true }
  }
  const mark = await takeMark(to, identity.storeId)
  const damaged: string[] = []
  let damagedCount = 0
  const onDamaged = (what: string): void => {
    if (++damagedCount <= DAMAGED_NAMED_MAX) damaged.push(what)
  }
  const blobs = await copyStoredBlobs(from, to, { onProgress, onDamaged })
  const records = await copyRecords(from, to, mark, { onProgress, onDamaged })
  return { ...blobs, records, damaged, damagedCount, wasWhole: false }
}

/** Whether a record stays behind: it is of the place or of a process there, or, as identity and mark, is written by the copy itself. */
export function isLeftBehind(key: Uint8Array): boolean {
  return isOfThisPlace(key) || IDENTITY_KEY.equals(key) || COPY_MARK_KEY.equals(key)
}

async function takeMark(
  to: StoreEngines,
  sourceStoreId: string,
): Promise<{ mark: CopyMark; version: Version }> {
  const [entry] = await to.metadata.getMany([COPY_MARK_KEY])
  if (entry) {
    const mark = markCodec.decode(entry.value)
    if (mark.sourceStoreId !== sourceStoreId)
      throw new ConfigurationError(`the target holds part of a copy of another store, ${mark.sourceStoreId}`)
    return { mark, version: entry.version }
  }
  const [anything] = await to.metadata.scan({ ...ALL_KEYS, limit: 1, keysOnly: true })
  if (anything) throw new ConfigurationError('the target is not empty; a store is copied into an empty one')
  const [blob] = await to.blobs.list({ limit: 1 })
  if (blob) throw new ConfigurationError('the target has blobs already; a store is copied into an empty one')
  const value = markCodec.encode({ sourceStoreId })
  await to.metadata.commit({
    checks: [{ key: COPY_MARK_KEY, version: null }],
    sets: [{ key: COPY_MARK_KEY, value }],
  })
  return await takeMark(to, sourceStoreId)
}

interface CopyListeners {
  readonly onProgress: OnProgress
  readonly onDamaged: (what: string) => void
}

async function copyStoredBlobs(
  from: StoreEngines,
  to: StoreEngines,
  { onProgress, onDamaged }: CopyListeners,
) {
  const total = await countItems(blobPages(from.blobs))
  const report = { blobs: 0, blobBytes: 0, blobsSkipped: 0 }
  const lacking = async function* () {
    const pairs = mergeAscending(allBlobs(from.blobs), allBlobs(to.blobs), (a, b) => compareText(a.id, b.id))
    for await (const { left, right } of pairs) {
      if (!left) continue
      if (right?.sizeBytes === left.sizeBytes) report.blobsSkipped++
      else yield left.id
    }
  }
  await copyBlobs(lacking(), {
    from: from.blobs,
    to: to.blobs,
    onCopied: (_id, sizeBytes) => {
      report.blobs++
      report.blobBytes += sizeBytes
      onProgress('blobs', report.blobs + report.blobsSkipped, total, report.blobBytes)
    },
    onDamage: ({ name, reason }) => onDamaged(`blob ${name}: ${reason}`),
  })
  return report
}

async function copyRecords(
  from: StoreEngines,
  to: StoreEngines,
  taken: { mark: CopyMark; version: Version },
  { onProgress, onDamaged }: CopyListeners,
): Promise<number> {
  const total = await countItems(entryPages(from.metadata, ALL_KEYS, { keysOnly: true }))
  const { sourceStoreId, lastKey } = taken.mark
  const start = lastKey === undefined ? ALL_KEYS.start : keyAfter(Buffer.from(lastKey, 'hex'))
  let { version } = taken
  let copied = 0
  const entries = entriesPastDamage(from.metadata, { start, end: ALL_KEYS.end }, ({ message }) =>
    onDamaged(message),
  )
  for await (const page of pagesOf(entries)) {
    const sets = page.filter(({ key }) => !isLeftBehind(key))
    version = await commitPage(to, { sets, version, sourceStoreId, lastKey: page.at(-1)?.key })
    copied += sets.length
    onProgress('records', copied, total, 0)
  }
  const [identity] = await from.metadata.getMany([IDENTITY_KEY])
  if (!identity) throw new ConfigurationError('the source lost its identity during the copy')
  const outcome = await to.metadata.commit({
    checks: [
      { key: COPY_MARK_KEY, version },
      { key: IDENTITY_KEY, version: null },
    ],
    sets: [identity],
    deletes: [COPY_MARK_KEY],
  })
  if (outcome !== 'ok') throw wasTouched()
  return copied
}

/** Commits a page with the mark behind it, so that an interrupted copy goes on exactly there; gives the mark's new version. */
async function commitPage(
  to: StoreEngines,
  page: { sets: readonly Entry[]; version: Version; sourceStoreId: string; lastKey: Buffer | undefined },
): Promise<Version> {
  const { sets, version, sourceStoreId, lastKey } = page
  const value = markCodec.encode({ sourceStoreId, ...(lastKey ? { lastKey: lastKey.toString('hex') } : {}) })
  const outcome = await to.metadata.commit({
    checks: [{ key: COPY_MARK_KEY, version }],
    sets: [...sets, { key: COPY_MARK_KEY, value }],
  })
  const [mark] = await to.metadata.getMany([COPY_MARK_KEY])
  if (outcome !== 'ok' || !mark) throw wasTouched()
  return mark.version
}

const wasTouched = () =>
  new ConfigurationError(
    'the target was written to by another process during the copy; empty it and begin again',
  )

async function countItems(pages: AsyncIterable<readonly unknown[]>): Promise<number> {
  let count = 0
  for await (const page of pages) count += page.length
  return count
}
