import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { MemoryBlobStore } from '../../storage/memory/blob-store.ts'
import type { BlobId, ByteRange } from '../../storage/blob-store.ts'
import { encryptWhole } from '../encryption/segments.ts'
import { BodyReader, type BodyPiece } from './body-reader.ts'

const KEY = randomBytes(32)
const SIZES = [200_000, 65_536, 1, 300_001]

/** Some blobs, sealed or as they are, and the bytes in them that are wanted. */
async function makeBody(isSealed: boolean) {
  const blobs = new MemoryBlobStore()
  const pieces: BodyPiece[] = []
  const wanted: Buffer[] = []
  for (const [index, sizeBytes] of SIZES.entries()) {
    const plain = randomBytes(sizeBytes)
    const blobId = `blob-${index}`
    await blobs.put(blobId, Readable.from([isSealed ? encryptWhole(KEY, plain) : plain]))
    const range = { start: index === 0 ? 70_000 : 0, end: sizeBytes - 1 - (index === 3 ? 5 : 0) }
    pieces.push({ blobId, sizeBytes, key: isSealed ? KEY : null, range })
    wanted.push(plain.subarray(range.start, range.end + 1))
  }
  const opened: (ByteRange & { blobId: BlobId; stream: Readable })[] = []
  const passed: number[] = []
  const reader = new BodyReader({
    pieces,
    open: async (blobId, stored) => {
      const stream = await blobs.get(blobId, stored)
      opened.push({ blobId, ...stored, stream })
      return stream
    },
    onPassed: (count) => passed.push(count),
  })
  return { reader, wanted: Buffer.concat(wanted), opened, passed, blobs }
}

async function collect(reader: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of reader) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

for (const isSealed of [false, true]) {
  describe(`BodyReader of blobs that are ${isSealed ? 'sealed' : 'stored as they are'}`, () => {
    it('gives what is wanted of each, in order, and tells which it has passed', async () => {
      const { reader, wanted, passed, opened } = await makeBody(isSealed)
      assert.ok((await collect(reader)).equals(wanted))
      assert.deepEqual(passed, [1, 2, 3, 4])
      assert.equal(opened.length, SIZES.length)
    })

    it('gives the same bytes however often it is put down, and holds nothing open meanwhile', async () => {
      const { reader, wanted, opened, passed } = await makeBody(isSealed)
      const kept: Buffer[] = []
      let puttingDown = 0
      await new Promise<void>((resolve, reject) => {
        reader.on('end', resolve)
        reader.on('error', reject)
        reader.on('data', (chunk: Buffer) => {
          reader.pause()
          // Nothing is kept of some, all of others.
          const keptBytes = [0, 1, 16_384, 50_000, chunk.length][puttingDown++ % 5] ?? 0
          kept.push(Buffer.from(chunk.subarray(0, keptBytes)))
          // A blob of which bytes may be wanted again must not be given up.
          const passedBefore = passed.length
          reader.putDown(Math.max(0, chunk.length - keptBytes))
          setImmediate(() => {
            assert.ok(opened.every(({ stream }) => stream.destroyed))
            assert.equal(passed.length, passedBefore)
            reader.resume()
          })
        })
      })
      assert.ok(Buffer.concat(kept).equals(wanted))
      assert.deepEqual(passed, [1, 2, 3, 4])
    })

    it('gives at once what came together, to a consumer that asks for it', async () => {
      const { reader, wanted, passed } = await makeBody(isSealed)
      const chunks: Buffer[] = []
      const counts: number[] = []
      await new Promise<void>((resolve, reject) => {
        reader.on('end', resolve)
        reader.on('error', reject)
        reader.on('data', (chunk: Buffer) => {
          reader.pause()
          const together = [chunk, ...reader.takeReady()]
          counts.push(together.length)
          chunks.push(...together.map((bytes) => Buffer.from(bytes)))
          assert.deepEqual(reader.takeReady(), [])
          setImmediate(() => reader.resume())
        })
      })
      assert.ok(Buffer.concat(chunks).equals(wanted))
      assert.deepEqual(passed, [1, 2, 3, 4])
      // Segments of one stored piece come together; what is stored as it is comes piece by piece.
      assert.equal(Math.max(...counts) > 1, isSealed)
    })

    it('asks for little after it was put down, and for all the rest when that was taken', async () => {
      const { reader, opened } = await makeBody(isSealed)
      reader.once('data', (chunk: Buffer) => {
        reader.pause()
        reader.putDown(chunk.length)
      })
      await new Promise((done) => setTimeout(done, 20))
      assert.ok((await collect(reader)).length > 0)
      const [first, second, third] = opened.filter(({ blobId }) => blobId === 'blob-0')
      assert.ok(first && second && third)
      assert.ok(second.end - second.start < 140_000)
      assert.equal(third.end, first.end)
    })

    it('fails when a blob is gone or short, or cannot be opened', async () => {
      const gone = await makeBody(isSealed)
      await gone.blobs.delete(['blob-2'])
      await assert.rejects(collect(gone.reader), { name: 'BlobNotFound' })
      const pieces = [{ blobId: 'x', sizeBytes: 10, key: isSealed ? KEY : null, range: { start: 0, end: 9 } }]
      const open = () => Promise.resolve(Readable.from([Buffer.alloc(5)], { objectMode: false }))
      const short = new BodyReader({ pieces, open, onPassed: () => undefined })
      await assert.rejects(collect(short), isSealed ? { name: 'SealedBytesBroken' } : /too early/)
    })

    it('closes what it reads when it is destroyed', async () => {
      const { reader, opened } = await makeBody(isSealed)
      await reader.begin()
      reader.destroy()
      await new Promise((done) => reader.once('close', done))
      assert.equal(opened.length, 1)
      assert.ok(opened.every(({ stream }) => stream.destroyed))
    })
  })
}
