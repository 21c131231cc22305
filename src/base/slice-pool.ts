/** Slices that lie next to each other. */
interface Slab {
  readonly spare: Buffer[]
}

/**
 * Small buffers that may have to wait long, cut out of slabs. Each for itself they would lie scattered among all that the process allocates for
 * a moment, and keep the room between them from being used again. A slab goes when none of its slices is out.
 */
export class SlicePool {
  readonly sliceBytes: number
  readonly #slicesPerSlab: number
  /** Those that have a slice to spare. */
  readonly #slabs = new Set<Slab>()
  readonly #slabOf = new Map<Buffer, Slab>()

  constructor({
    sliceBytes,
    slicesPerSlab,
  }: {
    readonly sliceBytes: number
    readonly slicesPerSlab: number
  }) {
    this.sliceBytes = sliceBytes
    this.#slicesPerSlab = slicesPerSlab
  }

  /** How many are out. */
  get taken(): number {
    return this.#slabOf.size
  }

  /** A buffer with old bytes in it. It must come back, as it is. */
  take(): Buffer {
    const [slab = this.#addSlab()] = this.#slabs
    const slice = slab.spare.pop()
    if (!slice) throw new Error('a slab without a slice to spare')
    if (slab.spare.length === 0) this.#slabs.delete(slab)
    this.#slabOf.set(slice, slab)
    return slice
  }

  /** Takes a buffer back; what is not out is passed over. */
  giveBack(slice: Buffer): void {
    const slab = this.#slabOf.get(slice)
    if (!slab) return
    this.#slabOf.delete(slice)
    slab.spare.push(slice)
    this.#slabs.add(slab)
    if (slab.spare.length === this.#slicesPerSlab && this.#slabs.size > 1) this.#slabs.delete(slab)
  }

  #addSlab(): Slab {
    const memory = new SharedArrayBuffer(this.sliceBytes * this.#slicesPerSlab)
    const spare = Array.from({ length: this.#slicesPerSlab }, (_, index) =>
      Buffer.from(memory, index * this.sliceBytes, this.sliceBytes),
    )
    const slab = { spare }
    this.#slabs.add(slab)
    return slab
  }
}
