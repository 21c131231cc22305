import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { BlobNotFound, type ByteRange } from '../blob-store.ts'
import { patternBytes } from '../testing/blob-fixtures.ts'
import { S3BlobReader } from './blob-reader.ts'

const BYTES = patternBytes(1_000_000)
const WHOLE = { start: 0, end: BYTES.length - 1 }

/** A response of the cluster that is cut after `sentBytes` bytes. */
function response({ start, end }: ByteRange, sentBytes = Infinity): Readable {
  const wanted = BYTES.subarray(start, Math.min(end + 1, start + sentBytes))
  return Readable.from(
    (function* () {
      for (let at = 0; at < wanted.length; at += 65_536) yield wanted.subarray(at, at + 65_536)
      if (start + sentBytes <= end) throw new Error('ECONNRESET')
    })(),
    { objectMode: false },
  )
}

async function readAll(reader: Readable): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of reader) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

describe('S3BlobReader', () => {
  it('asks for the rest as often as a response that brought bytes is cut', async () => {
    const asked: number[] = []
    const open = async (range: ByteRange) => {
      asked.push(range.start)
      return response(range, 100_000)
    }
    const range = { start: 5, end: 950_000 }
    const got = await readAll(new S3BlobReader(response(range, 100_000), range, open))
    assert.ok(got.equals(BYTES.subarray(5, 950_001)))
    assert.equal(asked.length, 9)
  })

  it('asks again only when its own reader wants more, however long that takes', async () => {
    let count = 0
    const open = async (range: ByteRange) => {
      count++
      return response(range)
    }
    const reader = new S3BlobReader(response(WHOLE, 300_000), WHOLE, open)
    const iterator = reader[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    const first = await iterator.next()
    assert.ok(first.done !== true && count === 0)
    const rest = [first.value]
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) rest.push(next.value)
    assert.ok(Buffer.concat(rest).equals(BYTES))
    assert.equal(count, 1)
  })

  it('takes a response that ends early without an error for a cut one', async () => {
    const short = Readable.from([BYTES.subarray(0, 10)], { objectMode: false })
    const got = await readAll(new S3BlobReader(short, WHOLE, async (range) => response(range)))
    assert.ok(got.equals(BYTES))
  })

  it('fails, and never ends short, when the blob is gone or the cluster gives nothing several times', async () => {
    const gone = new S3BlobReader(response(WHOLE, 10), WHOLE, () => Promise.reject(new BlobNotFound('a')))
    await assert.rejects(readAll(gone), BlobNotFound)
    let count = 0
    const silent = new S3BlobReader(response(WHOLE, 10), WHOLE, async (range) => {
      count++
      return response(range, 0)
    })
    await assert.rejects(readAll(silent), /ECONNRESET/)
    assert.ok(count < 6)
  })

  it('fails when the cluster sends more than it was asked for', async () => {
    const range = { start: 0, end: 9 }
    const long = Readable.from([BYTES.subarray(0, 11)], { objectMode: false })
    await assert.rejects(readAll(new S3BlobReader(long, range, async () => long)), /behind byte 9/)
  })

  it('closes what it reads from when it is destroyed', async () => {
    const source = response(WHOLE)
    const reader = new S3BlobReader(source, WHOLE, async (range) => response(range))
    reader.destroy()
    assert.ok(source.destroyed)
  })

  it('gives an empty blob no byte', async () => {
    const empty = Readable.from([], { objectMode: false })
    const got = await readAll(
      new S3BlobReader(empty, { start: 0, end: -1 }, async (range) => response(range)),
    )
    assert.equal(got.length, 0)
  })
})
