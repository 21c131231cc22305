import { bodyBuffers } from '../../base/buffer-pool.ts'

/** All bytes of a small blob. */
export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of stream) {
    pieces.push(Buffer.from(piece))
    bodyBuffers.giveBack(piece)
  }
  return Buffer.concat(pieces)
}
