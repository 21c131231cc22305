import { createHash } from 'node:crypto'
import type { BlobStore } from '../../storage/blob-store.ts'
import { isLeftBehind, type OnProgress } from './copy-store.ts'
import { allBlobs, allEntries, compareText, mergeAscending, type StoreEngines } from './store-content.ts'

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
  const entries = mergeAscending(allEntries(from.metadata), allEntries(to.metadata), (a, b) =>
    a.key.compare(b.key),
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
    else if (!options.sizesOnly && (await sha256(from.blobs, left.id)) !== (await sha256(to.blobs, left.id)))
      differs(`blob ${left.id}: other bytes`)
  }
  return { records: counts.records, blobs: counts.blobs, differenceCount: counts.differences, differences }
}

async function sha256(blobs: BlobStore, id: string): Promise<string> {
  const hash = createHash('sha256')
  const stream: AsyncIterable<Uint8Array> = await blobs.get(id)
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest('hex')
}
