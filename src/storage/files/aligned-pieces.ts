/** What lies in one of the pieces begins where a disk's block and a page of memory do, as direct writing asks for. */
class AlignedPieces {
  readonly pieceBytes: number
  readonly #piecesMax: number
  #memory: WebAssembly.Memory | 'none' | null = null
  readonly #spare: Buffer[] = []

  /** So many pieces of one size, a multiple of 64 KiB. Their memory is asked for at the first use, and touched as far as it is used. */
  constructor({ pieceBytes, piecesMax }: { readonly pieceBytes: number; readonly piecesMax: number }) {
    if (pieceBytes % WASM_PAGE_BYTES !== 0) throw new RangeError('a piece is a whole number of 64 KiB pages')
    this.pieceBytes = pieceBytes
    this.#piecesMax = piecesMax
  }

  /** A piece with old bytes in it; null when all are out. It must come back, as it is. */
  take(): Buffer | null {
    if (!this.#memory) this.#makeMemory()
    return this.#spare.pop() ?? null
  }

  giveBack(piece: Buffer): void {
    this.#spare.push(piece)
  }

  #makeMemory(): void {
    const pages = (this.pieceBytes / WASM_PAGE_BYTES) * this.#piecesMax
    let memory: WebAssembly.Memory
    try {
      // Nothing else in Node gives memory that is known to begin at a page.
      memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    } catch {
      // Where the process may not have so many addresses, or no WebAssembly, there are no pieces.
      this.#memory = 'none'
      return
    }
    this.#memory = memory
    for (let at = this.#piecesMax - 1; at >= 0; at--)
      this.#spare.push(Buffer.from(memory.buffer, at * this.pieceBytes, this.pieceBytes))
  }
}

const WASM_PAGE_BYTES = 64 * 1024

/** Of this process: 24 uploads may write directly at once, or 12 that have both of their pieces. */
export const directPieces = new AlignedPieces({ pieceBytes: 1024 * 1024, piecesMax: 24 })
