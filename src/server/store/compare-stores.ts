import { createHash } from 'node:crypto'
import { BlobNotFound, DamagedBlob, type BlobStore } from '../../storage/blob-store.ts'
import { isLeftBehind, type OnProgress } from './copy-store.ts'
import {
  ALL_KEYS,
  allBlobs,
  compareText,
  entriesPastDamage,
  mergeAscending,
  type StoreEngines,
} from './store-content.ts'

/** What differs between a store and its copy. */
interface Comparison {
  readonly records: number
  readonly blobs: number
  /** How many differences there are, and the first of them in words. */
  readonly differenceCount: number
  readonly differences: readonly string[]
}

const DIFFERENCES_SHOWN_MAX = 20

/**
 * Compares every record by its bytes and every blob by its SHA-256 (or, with `sizesOnly`, by its size). Blobs that only the copy has are no
 * difference: a sweep removes them.
 */
export async function compareStores(
  from: StoreEngines,
  to: StoreEngines,
  options: { readonly sizesOnly?: boolean; readonly onProgress?: OnProgress } = {},
): Promise<Comparison> {
  const differences: string[] = []
  const counts = { records: 0, blobs: 0, differences: 0 }
  const differs = (text: string) => {
    if (++counts.differences <= DIFFERENCES_SHOWN_MAX) differences.push(text)
  }
  // What is damaged in the source was told by the copy; in the copy it is a difference.
  const entries = mergeAscending(
    entriesPastDamage(from.metadata, ALL_KEYS, () => undefined),
    entriesPastDamage(to.metadata, ALL_KEYS, ({ message }) => differs(message)),
    (a, b) => a.key.compare(b.key),
  )
  for await (const { left, right } of entries) {
    const key = (left ?? right)?.key
    if (!key || isLeftBehind(key)) continue
    counts.records++
    if (left && right && left.value.equals(right.value)) continue
    const name = key.toString('latin1').replace(/[^ -~]/g, '.')
    differs(`record ${name}: ${!right ? 'missing in the copy' : !left ? 'only in the copy' : 'other bytes'}`)
  }
  const blobs = mergeAscending(allBlobs(from.blobs), allBlobs(to.blobs), (a, b) => compareText(a.id, b.id))
  for await (const { left, right } of blobs) {
    if (!left) continue
    counts.blobs++
    options.onProgress?.('blobs', counts.blobs, 0, 0)
    if (!right) differs(`blob ${left.id}: missing in the copy`)
    else if (left.sizeBytes !== right.sizeBytes)
      differs(`blob ${left.id}: ${right.sizeBytes} bytes instead of ${left.sizeBytes}`)
    else if (!options.sizesOnly) {
      const wrong = await wrongBlob(from, to, left.id)
      if (wrong !== null) differs(`blob ${left.id}: ${wrong}`)
    }
  }
  return { records: counts.records, blobs: counts.blobs, differenceCount: counts.differences, differences }
}

async function wrongBlob(from: StoreEngines, to: StoreEngines, id: string): Promise<string | null> {
  try {
    return (await sha256(from.blobs, id)) === (await sha256(to.blobs, id)) ? null : 'other bytes'
  } catch (error) {
    if (error instanceof DamagedBlob || error instanceof BlobNotFound) return error.message
    throw error
  }
}

async function sha256(blobs: BlobStore, id: string): Promise<string> {
  const hash = createHash('sha256')
  const stream: AsyncIterable<Uint8Array> = await blobs.get(id)
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest('hex')
}
