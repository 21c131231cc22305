import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyBuffers } from './buffer-pool.ts'
import { gatheredPieces } from './gathered-pieces.ts'

async function* cut(bytes: Buffer, pieceBytes: number) {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const gathered: Uint8Array[] = []
  for await (const piece of gatheredPieces(pieces)) gathered.push(piece)
  return gathered
}

const BYTES = Buffer.from(Array.from({ length: 700_001 }, (_, index) => index % 251))

test('pieces of any lengths come in full buffers, the same bytes in the same order', async () => {
  const { bufferBytes } = bodyBuffers
  const fullBuffers = Math.floor(BYTES.length / bufferBytes)
  for (const pieceBytes of [1000, 65_536, bufferBytes, bufferBytes + 1, 700_001]) {
    const gathered = await gather(cut(BYTES, pieceBytes))
    assert.deepEqual(
      gathered.map(({ length }) => length),
      [...Array<number>(fullBuffers).fill(bufferBytes), BYTES.length % bufferBytes],
    )
    assert(Buffer.concat(gathered).equals(BYTES))
    assert(gathered.every((piece) => bodyBuffers.has(piece)))
  }
  assert.deepEqual(await gather(cut(Buffer.alloc(0), 1)), [])
})

test('pieces that were gathered before pass as they are', async () => {
  const first = await gather(cut(BYTES, 65_536))
  async function* again() {
    yield* first
  }
  const second = await gather(again())
  assert(second.every((piece, index) => piece === first[index]))
})
