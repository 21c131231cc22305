import { bodyBuffers } from '../../base/buffer-pool.ts'
import { crc32 } from '../../base/crc-32.ts'
import type { BlobId, ByteRange } from '../blob-store.ts'

/**
 * How the bytes of a blob lie in an engine, with the sums that they are checked by: in blocks, one after the other.
 *
 *     bytes     131,068; of the last block 0 to 131,068
 *     sum       4 bytes  big-endian, CRC-32 of the bytes, begun with a number that tells blob, place of the block, and whether it is the last
 *
 * A block fills a body buffer, so that a file is read block by block into its buffers and the bytes are passed on without a copy. What is asked of
 * a blob is found without reading anything before it.
 */
/** Of each block. */
export const SUM_BYTES = 4
/** Stored bytes of every block but the last. */
export const STORED_BLOCK_BYTES = bodyBuffers.bufferBytes
const BLOCK_BYTES = STORED_BLOCK_BYTES - SUM_BYTES
/** Odd, so that each number of a block gives another start. */
const SPREAD = 0x9e3779b1

const blocksIn = (bytes: number, blockBytes: number): number => Math.max(1, Math.ceil(bytes / blockBytes))

/** How many bytes are stored for `sizeBytes` bytes. */
export const storedBytesOf = (sizeBytes: number): number =>
  sizeBytes + SUM_BYTES * blocksIn(sizeBytes, BLOCK_BYTES)

/** How many bytes a blob has of which so many are stored; negative: it lost its last sum. */
export const sizeBytesOf = (storedBytes: number): number =>
  storedBytes - SUM_BYTES * blocksIn(storedBytes, STORED_BLOCK_BYTES)

/** The block in which a byte lies, counted from 0. */
export const blockOf = (offset: number): number => Math.floor(offset / BLOCK_BYTES)
/** Where a block begins among the blob's bytes. */
export const blockStart = (index: number): number => index * BLOCK_BYTES
/** The stored bytes of all blocks that a range touches; it may end behind the last. */
export const storedRangeOf = ({ start, end }: ByteRange): ByteRange => ({
  start: blockOf(start) * STORED_BLOCK_BYTES,
  end: (blockOf(end) + 1) * STORED_BLOCK_BYTES - 1,
})

/** The sums of one blob's blocks. */
export class BlockSums {
  readonly #begun: number

  constructor(id: BlobId) {
    this.#begun = crc32(id)
  }

  /** What the sum of a block begins with. */
  begin(index: number, isLast: boolean): number {
    return (this.#begun + Math.imul(index * 2 + (isLast ? 1 : 0), SPREAD)) >>> 0
  }
}

/** The bytes of a blob as they are stored, block by block, in body buffers; the pieces are given back. */
export async function* withBlockSums(
  id: BlobId,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  const sums = new BlockSums(id)
  let block = bodyBuffers.take()
  let filledBytes = 0
  let index = 0
  const sealed = (isLast: boolean): Buffer => {
    const sum = crc32(block.subarray(0, filledBytes), sums.begin(index++, isLast))
    block.writeUInt32BE(sum, filledBytes)
    return block.subarray(0, filledBytes + SUM_BYTES)
  }
  for await (const piece of body) {
    for (let at = 0; at < piece.length;) {
      // A block is sealed once more is known to follow it: the last one is told apart.
      if (filledBytes === BLOCK_BYTES) {
        yield sealed(false)
        block = bodyBuffers.take()
        filledBytes = 0
      }
      const copiedBytes = Math.min(piece.length - at, BLOCK_BYTES - filledBytes)
      // Into shared memory `fill` copies eight times as fast as `set`.
      block.fill(piece.subarray(at, at + copiedBytes), filledBytes, filledBytes + copiedBytes)
      at += copiedBytes
      filledBytes += copiedBytes
    }
    bodyBuffers.giveBack(piece)
  }
  yield sealed(true)
}
