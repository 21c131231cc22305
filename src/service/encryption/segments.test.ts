import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import {
  SEGMENT_BYTES,
  SealedBytesBroken,
  SegmentOpener,
  decryptWhole,
  encryptStream,
  encryptWhole,
  storedRange,
  storedSizeBytes,
} from './segments.ts'

const KEY = randomBytes(32)
const SIZES = [0, 1, 100, SEGMENT_BYTES - 1, SEGMENT_BYTES, SEGMENT_BYTES + 1, 3 * SEGMENT_BYTES, 200_000]

async function* chunks(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Opens a range from stored bytes that come in pieces of different sizes, which must not matter. */
function readRange(stored: Buffer, sizeBytes: number, start: number, end: number): Buffer {
  const range = { start, end }
  const cut = storedRange(range, sizeBytes)
  const read = [10_000, SEGMENT_BYTES, SEGMENT_BYTES + 15, 1 << 20].map((pieceBytes) => {
    const opener = new SegmentOpener(KEY, { range, sizeBytes })
    const given: Buffer[] = []
    for (let at = cut.start; at <= cut.end; at += pieceBytes)
      given.push(...opener.take(stored.subarray(at, Math.min(at + pieceBytes, cut.end + 1))))
    opener.end()
    return Buffer.concat(given)
  })
  const [first = Buffer.alloc(0), ...others] = read
  for (const other of others) assert.ok(other.equals(first))
  return first
}

describe('encrypted segments', () => {
  for (const sizeBytes of SIZES) {
    it(`give back ${sizeBytes} bytes, streamed in any pieces or whole`, async () => {
      const plain = randomBytes(sizeBytes)
      const whole = encryptWhole(KEY, plain)
      assert.equal(whole.length, storedSizeBytes(sizeBytes))
      for (const pieceSize of [1_000, SEGMENT_BYTES, 150_000])
        assert.deepEqual(await collect(encryptStream(KEY, chunks(plain, pieceSize))), whole)
      assert.deepEqual(decryptWhole(KEY, whole), plain)
      if (sizeBytes > 0) assert.deepEqual(readRange(whole, sizeBytes, 0, sizeBytes - 1), plain)
    })
  }

  it('let go of each piece that comes once all of it is sealed, wherever the segments end in it', async () => {
    const pieces = [40_000, 100_000, 16_384, 65_536, 131_072].map((bytes) =>
      bodyBuffers.adopt(Buffer.alloc(bytes, bytes % 251)),
    )
    const plain = Buffer.concat(pieces)
    async function* given() {
      yield* pieces
    }
    assert.deepEqual(await collect(encryptStream(KEY, given())), encryptWhole(KEY, plain))
    assert.deepEqual(
      pieces.map(({ length }) => length),
      [0, 0, 0, 0, 0],
    )
  })

  it('give any range by reading only the segments that it touches', () => {
    const plain = randomBytes(3 * SEGMENT_BYTES + 7)
    const stored = encryptWhole(KEY, plain)
    const edges = [
      0,
      1,
      SEGMENT_BYTES - 1,
      SEGMENT_BYTES,
      SEGMENT_BYTES + 1,
      plain.length - 8,
      plain.length - 1,
    ]
    for (const start of edges)
      for (const end of edges.filter((edge) => edge >= start))
        assert.deepEqual(readRange(stored, plain.length, start, end), plain.subarray(start, end + 1))
    const { start, end } = storedRange({ start: SEGMENT_BYTES, end: SEGMENT_BYTES }, plain.length)
    assert.equal(end - start + 1, SEGMENT_BYTES + 16)
  })

  it('never show the plain bytes', () => {
    const plain = Buffer.alloc(1000, 'a secret ')
    assert.ok(!encryptWhole(KEY, plain).includes('a secret'))
  })

  it('do not open when a bit changed, a segment was swapped or cut off, or with another key', () => {
    const plain = randomBytes(3 * SEGMENT_BYTES)
    const stored = encryptWhole(KEY, plain)
    const segment = SEGMENT_BYTES + 16
    const flipped = Buffer.from(stored)
    flipped[segment + 5] = (flipped[segment + 5] ?? 0) ^ 1
    const swapped = Buffer.concat([
      stored.subarray(segment, 2 * segment),
      stored.subarray(0, segment),
      stored.subarray(2 * segment),
    ])
    for (const broken of [flipped, swapped]) {
      assert.throws(() => readRange(broken, plain.length, 0, plain.length - 1), SealedBytesBroken)
      assert.throws(() => decryptWhole(KEY, broken), SealedBytesBroken)
    }
    assert.throws(() => decryptWhole(KEY, stored.subarray(0, 2 * segment)), SealedBytesBroken)
    const cut = stored.subarray(0, 2 * segment)
    assert.throws(() => readRange(cut, plain.length, 0, plain.length - 1), SealedBytesBroken)
    assert.throws(() => decryptWhole(randomBytes(32), stored), SealedBytesBroken)
  })
})
