/** What one document takes of a budget. */
export interface DocumentLease {
  /** Takes so many bytes more. False: the document alone would be more than the budget. */
  grow(bytes: number): boolean
  /** Gives all back; may be called again. */
  release(): void
}

interface OpenLease {
  bytes: number
  readonly onEvicted: () => void
}

/**
 * Bounds the memory of all documents that a process reads at once. When another needs room, the one that has been read longest is given up:
 * one that comes whole takes milliseconds, so the longest is one that does not come.
 */
export class DocumentBudget {
  readonly #bytesMax: number
  readonly #leases = new Set<OpenLease>()
  #takenBytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** Bytes that are taken now. */
  get takenBytes(): number {
    return this.#takenBytes
  }

  /** Begins a document; `onEvicted` is called when it is given up, and what it took is given back then. */
  begin(onEvicted: () => void): DocumentLease {
    const lease: OpenLease = { bytes: 0, onEvicted }
    this.#leases.add(lease)
    return {
      grow: (bytes) => this.#grow(lease, bytes),
      release: () => this.#release(lease),
    }
  }

  #grow(lease: OpenLease, bytes: number): boolean {
    if (!this.#leases.has(lease) || lease.bytes + bytes > this.#bytesMax) return false
    for (const oldest of this.#leases) {
      if (this.#takenBytes + bytes <= this.#bytesMax) break
      if (oldest === lease || oldest.bytes === 0) continue
      this.#release(oldest)
      oldest.onEvicted()
    }
    if (this.#takenBytes + bytes > this.#bytesMax) return false
    lease.bytes += bytes
    this.#takenBytes += bytes
    return true
  }

  #release(lease: OpenLease): void {
    if (this.#leases.delete(lease)) this.#takenBytes -= lease.bytes
  }
}

/** For documents of requests whose signature is not verified yet, or that have none: 16 MiB. */
export const strangersDocuments = new DocumentBudget(16 * 1024 * 1024)
/** For documents of callers who proved who they are: 64 MiB. */
export const callersDocuments = new DocumentBudget(64 * 1024 * 1024)

/** Bounds the memory of small bodies that are taken whole; who finds no room takes the body as a stream. */
export class WholeBodies {
  readonly #bytesMax: number
  #takenBytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** Takes so many bytes; null: there is no room. What it gives, to be called once, gives them back. */
  take(bytes: number): (() => void) | null {
    if (this.#takenBytes + bytes > this.#bytesMax) return null
    this.#takenBytes += bytes
    return () => void (this.#takenBytes -= bytes)
  }
}

/** For the bodies of this process's small uploads: 64 MiB. */
export const wholeBodies = new WholeBodies(64 * 1024 * 1024)
