import type { BlobId } from '../../storage/blob-store.ts'

/** Blobs that a body still has to be read from, in the order in which it reads them. */
export interface BodyHold {
  /** The first `count` blobs were read to their end, and are not needed any more. */
  readFirst(count: number): void
  /** To be called once, when nothing more is read. */
  release(): void
}

/**
 * What the bodies under way in this process are read from. A blob that is to be removed is looked for among them; each such look ends an epoch. A
 * record that was looked up and held within one epoch is safe: whoever looks later finds the hold. When the epoch ended in between, the blob may have
 * been given up before it was held, and whoever holds it looks whether it is still referred to.
 */
export class BodyHolds {
  #epoch = 0
  readonly #holds = new Set<HeldBlobs>()
  readonly #rules = new Set<(id: BlobId) => boolean>()

  /** To be remembered before an object's record is looked up. */
  get epoch(): number {
    return this.#epoch
  }

  hold(blobIds: readonly BlobId[]): BodyHold {
    const held: HeldBlobs = { blobIds, from: 0 }
    this.#holds.add(held)
    return {
      readFirst: (count) => (held.from = count),
      release: () => this.#holds.delete(held),
    }
  }

  /** Holds all blobs for which `isHeld` says so when they are to be removed: for who reads more of them than can be named. Gives what ends that. */
  holdWhere(isHeld: (id: BlobId) => boolean): () => void {
    this.#rules.add(isHeld)
    return () => void this.#rules.delete(isHeld)
  }

  /** Which of these blobs are held; ends the epoch. */
  endEpoch(candidates: Iterable<BlobId>): Set<BlobId> {
    this.#epoch++
    const held = new Set<BlobId>()
    if (this.#holds.size === 0 && this.#rules.size === 0) return held
    const wanted = new Set(candidates)
    for (const isHeld of this.#rules) for (const id of wanted) if (isHeld(id)) held.add(id)
    for (const { blobIds, from } of this.#holds) {
      for (let at = from; at < blobIds.length; at++) {
        const blobId = blobIds[at]
        if (blobId !== undefined && wanted.has(blobId)) held.add(blobId)
      }
    }
    return held
  }
}

interface HeldBlobs {
  readonly blobIds: readonly BlobId[]
  from: number
}
