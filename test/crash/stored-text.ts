import { createHash } from 'node:crypto'
import type { BlobLedger } from '../../src/service/blobs/blob-ledger.ts'
import { blobReferenceKey } from '../../src/service/keyspace.ts'
import type { BlobStore } from '../../src/storage/blob-store.ts'
import type { MetadataStore } from '../../src/storage/metadata-store.ts'
import { bodyOf, readBlob } from '../../src/storage/testing/blob-fixtures.ts'

/** The smallest thing that is stored as an object is: a record that holds small bytes itself and points to a blob for large ones. */
interface StoredRecord {
  readonly hash: string
  readonly inline?: string
  readonly blobId?: string
}

export interface Stores {
  readonly metadata: MetadataStore
  readonly blobs: BlobStore
  readonly ledger: BlobLedger
}

const INLINE_BYTES_MAX = 4096
/** Under a tag of its own: records of objects are read by the sweep, and these are none. */
const recordKey = (name: string) => Buffer.from(`~-${name}`)
export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Puts bytes under a name, replacing what was there, by the steps of an object's write: blob, one commit, release of the old blob. */
export async function putBytes(stores: Stores, name: string, bytes: Buffer): Promise<void> {
  const { metadata, blobs, ledger } = stores
  const old = await readRecord(stores, name)
  const hash = hashOf(bytes)
  if (bytes.length <= INLINE_BYTES_MAX) {
    await replace(stores, name, old, { hash, inline: bytes.toString('hex') })
    return
  }
  const blobId = ledger.newBlobId()
  await blobs.put(blobId, bodyOf(bytes), { sizeBytes: bytes.length })
  const outcome = await metadata.commit({
    checks: ledger.leaseChecks([blobId]),
    sets: [
      { key: recordKey(name), value: Buffer.from(JSON.stringify({ hash, blobId })) },
      { key: blobReferenceKey(blobId), value: Buffer.alloc(0) },
    ],
    deletes: old?.blobId === undefined ? [] : [blobReferenceKey(old.blobId)],
  })
  if (outcome !== 'ok') throw new Error(`the commit must succeed, got ${outcome}`)
  ledger.settle([blobId])
  if (old?.blobId !== undefined) ledger.release([old.blobId])
  await ledger.reclaimDue()
}

export async function removeBytes(stores: Stores, name: string): Promise<void> {
  const old = await readRecord(stores, name)
  await replace(stores, name, old, null)
}

/** The hash of the bytes under a name, computed from the bytes themselves; null when there are none. Throws when they are not whole. */
export async function readHash(
  stores: Pick<Stores, 'metadata' | 'blobs'>,
  name: string,
): Promise<string | null> {
  const record = await readRecord(stores, name)
  if (!record) return null
  const bytes =
    record.blobId === undefined
      ? Buffer.from(record.inline ?? '', 'hex')
      : await readBlob(stores.blobs, record.blobId)
  if (hashOf(bytes) !== record.hash) throw new Error(`${name} has other bytes than its record says`)
  return record.hash
}

/** Blobs that nothing refers to, and references to blobs that do not exist. */
export async function findBroken({ metadata, blobs }: Pick<Stores, 'metadata' | 'blobs'>): Promise<string[]> {
  const listed = (await blobs.list({ limit: 100_000 })).map(({ id }) => id)
  const references = await metadata.getMany(listed.map(blobReferenceKey))
  const all = await metadata.scan({ start: Buffer.from('F'), end: Buffer.from('G'), limit: 100_000 })
  const orphans = listed.filter((_, index) => !references[index]).map((id) => `orphan ${id}`)
  return all.length === listed.length - orphans.length ? orphans : [...orphans, 'a reference without a blob']
}

async function replace(
  { metadata, ledger }: Stores,
  name: string,
  old: StoredRecord | null,
  record: StoredRecord | null,
): Promise<void> {
  const referenceDeletes = old?.blobId === undefined ? [] : [blobReferenceKey(old.blobId)]
  await metadata.commit(
    record
      ? {
          sets: [{ key: recordKey(name), value: Buffer.from(JSON.stringify(record)) }],
          deletes: referenceDeletes,
        }
      : { deletes: [recordKey(name), ...referenceDeletes] },
  )
  if (old?.blobId !== undefined) ledger.release([old.blobId])
  await ledger.reclaimDue()
}

async function readRecord(
  { metadata }: Pick<Stores, 'metadata'>,
  name: string,
): Promise<StoredRecord | null> {
  const [entry] = await metadata.getMany([recordKey(name)])
  return entry ? (JSON.parse(entry.value.toString('utf8')) as StoredRecord) : null
}
