import { createCipheriv, createHash } from 'node:crypto'

const BLOCK_BYTES = 1024 * 1024

/**
 * The bytes that every benchmark body is made of: one pseudo-random block, repeated. Incompressible within a body, the same in every
 * process, and any slice of a body can be checked against it without keeping the body.
 */
export class Content {
  readonly #block: Buffer

  constructor() {
    this.#block = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16)).update(
      Buffer.alloc(BLOCK_BYTES),
    )
  }

  /** The first `sizeBytes` bytes of the content, as pieces that share one buffer. */
  pieces(sizeBytes: number): Buffer[] {
    const pieces: Buffer[] = []
    for (let left = sizeBytes; left > 0; left -= BLOCK_BYTES) {
      pieces.push(left >= BLOCK_BYTES ? this.#block : this.#block.subarray(0, left))
    }
    return pieces
  }

  sha256(sizeBytes: number): string {
    const hash = createHash('sha256')
    for (const piece of this.pieces(sizeBytes)) hash.update(piece)
    return hash.digest('hex')
  }

  /** Whether `bytes` are what lies at `offset` of a body. */
  matches(bytes: Buffer, offset: number): boolean {
    for (let done = 0; done < bytes.length;) {
      const at = (offset + done) % BLOCK_BYTES
      const length = Math.min(BLOCK_BYTES - at, bytes.length - done)
      if (bytes.compare(this.#block, at, at + length, done, done + length) !== 0) return false
      done += length
    }
    return true
  }
}
