import type { DocumentBudget } from './document-budget.ts'

const FIRST_BYTES = 4 * 1024
/** Room for all that was announced is made when this share of it is there: who announces much and sends nothing takes nothing. */
const SHARE_BEFORE_WHOLE = 8

interface CollectOptions {
  readonly bytesMax: number
  /** How long the document is said to be; null, or absent: nobody knows. */
  readonly announcedBytes?: number | null
  /** What the document's memory is taken from until it is released. */
  readonly budget: DocumentBudget
  readonly tooLong: () => Error
  /** Other documents need the memory. */
  readonly crowded: () => Error
}

/** A document that is there as a whole. */
export interface CollectedDocument {
  readonly bytes: Buffer
  /** To be called once the bytes are not needed any more. */
  readonly release: () => void
}

/** Puts the pieces of a document together as they come, so that many small ones cost no more than their bytes. */
export async function collectDocument(
  pieces: AsyncIterable<Uint8Array>,
  { bytesMax, announcedBytes, budget, tooLong, crowded }: CollectOptions,
): Promise<CollectedDocument> {
  let giveUp: (error: Error) => void = () => undefined
  const lease = budget.begin(() => giveUp(crowded()))
  const iterator = pieces[Symbol.asyncIterator]()
  const next = (): Promise<IteratorResult<Uint8Array>> =>
    new Promise((resolve, reject) => {
      giveUp = reject
      iterator.next().then(resolve, reject)
    })
  let buffer = Buffer.alloc(0)
  let sizeBytes = 0
  try {
    for (;;) {
      const result = await next()
      if (result.done === true) break
      const piece = result.value
      if (sizeBytes + piece.length > bytesMax) throw tooLong()
      if (sizeBytes + piece.length > buffer.length) {
        const neededBytes = sizeBytes + piece.length
        const isNearly = neededBytes * SHARE_BEFORE_WHOLE >= (announcedBytes ?? Infinity)
        const roomBytes = isNearly ? (announcedBytes ?? 0) : Math.max(FIRST_BYTES, buffer.length * 2)
        const capacity = Math.min(bytesMax, Math.max(roomBytes, neededBytes))
        if (!lease.grow(capacity - buffer.length)) throw crowded()
        const larger = Buffer.allocUnsafeSlow(capacity)
        buffer.copy(larger, 0, 0, sizeBytes)
        buffer = larger
      }
      buffer.set(piece, sizeBytes)
      sizeBytes += piece.length
    }
    return { bytes: buffer.subarray(0, sizeBytes), release: () => lease.release() }
  } catch (error) {
    lease.release()
    // Whoever gives the pieces may clean up; one that waits for a client does so when that one is gone.
    void iterator.return?.().catch(() => undefined)
    throw error
  }
}
