import assert from 'node:assert/strict'
import { setImmediate as immediate } from 'node:timers/promises'
import { describe, it } from 'node:test'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import { StoreUnavailable } from '../metadata-store.ts'
import { BlobReader } from './blob-reader.ts'
import type { OpenFile } from './file-system.ts'

const PIECE = bodyBuffers.bufferBytes
/** As many as may be read ahead in one process. */
const AHEAD_MAX = 64

/** A file of pieces that are filled with their number, each read when the test lets it. */
class HeldFile implements OpenFile {
  readonly sizeBytes: number
  /** Reads that were asked for and not answered: where each begins. */
  readonly asked: { readonly at: number; readonly answer: (error?: Error) => void }[] = []
  isClosed = false

  constructor(pieces: number) {
    this.sizeBytes = pieces * PIECE
  }

  read(
    buffer: Buffer,
    length: number,
    at: number,
    done: (error: Error | null, bytesRead: number) => void,
  ): void {
    const answer = (error?: Error): void => {
      this.asked.shift()
      if (!error) buffer.fill(at / PIECE, 0, length)
      done(error ?? null, error ? 0 : length)
    }
    this.asked.push({ at, answer })
  }

  close(done: (error?: Error | null) => void): void {
    this.isClosed = true
    done()
  }

  /** Answers the read that is under way. */
  async answer(error?: Error): Promise<void> {
    assert.equal(this.asked.length, 1)
    this.asked[0]?.answer(error)
    await immediate()
  }
}

/** Reads all of a file; pieces come when `next` is called. */
function reading(file: HeldFile) {
  const reader = new BlobReader(file, { start: 0, end: file.sizeBytes - 1 })
  const pieces: number[] = []
  const errors: Error[] = []
  reader.pause()
  reader.on('data', (piece: Buffer) => {
    reader.pause()
    assert.equal(piece.length, PIECE)
    pieces.push(piece[0] ?? -1)
    bodyBuffers.giveBack(piece)
  })
  reader.on('error', (error) => errors.push(error))
  const next = async (): Promise<void> => {
    reader.resume()
    await immediate()
  }
  return { reader, pieces, errors, next }
}

describe('a reader of a blob', () => {
  it('reads one piece ahead of its consumer, and none before the first is asked for', async () => {
    const file = new HeldFile(3)
    const { reader, pieces, next } = reading(file)
    await immediate()
    assert.equal(file.asked.length, 0)
    await next()
    await file.answer()
    assert.deepEqual(pieces, [0])
    assert.equal(file.asked[0]?.at, PIECE)
    await file.answer()
    // Nobody took the second.
    assert.deepEqual(pieces, [0])
    assert.equal(file.asked.length, 0)
    await next()
    assert.deepEqual(pieces, [0, 1])
    await next()
    // Asked for while it is being read.
    await file.answer()
    assert.deepEqual(pieces, [0, 1, 2])
    assert.equal(file.asked.length, 0)
    await next()
    await immediate()
    assert.ok(reader.readableEnded)
    assert.ok(file.isClosed)
  })

  it('tells of a piece that cannot be read once the consumer comes to it, and not before', async () => {
    const file = new HeldFile(3)
    const { pieces, errors, next } = reading(file)
    await next()
    await file.answer()
    await file.answer(Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'read' }))
    assert.deepEqual([pieces, errors], [[0], []])
    await next()
    assert.deepEqual(pieces, [0])
    assert.ok(errors[0] instanceof StoreUnavailable)
    assert.ok(file.isClosed)
  })

  it('reads nothing ahead where many do, until one of them is done', async () => {
    const others: { readonly file: HeldFile; readonly read: ReturnType<typeof reading> }[] = []
    for (let index = 0; index < AHEAD_MAX; index++) {
      const file = new HeldFile(2)
      const read = reading(file)
      await read.next()
      await file.answer()
      others.push({ file, read })
    }
    assert.ok(others.every(({ file }) => file.asked.length === 1))
    const file = new HeldFile(4)
    const { reader, pieces, next } = reading(file)
    await next()
    await file.answer()
    assert.equal(file.asked.length, 0)
    await next()
    await file.answer()
    assert.deepEqual(pieces, [0, 1])
    assert.equal(file.asked.length, 0)
    // One goes away while it reads, one with a piece that nobody took.
    others[0]?.read.reader.destroy()
    await others[1]?.file.answer()
    others[1]?.read.reader.destroy()
    await others[0]?.file.answer()
    await next()
    await file.answer()
    assert.deepEqual(pieces, [0, 1, 2])
    assert.equal(file.asked.length, 1)
    reader.destroy()
    for (const other of others) other.read.reader.destroy()
    await immediate()
    for (const other of others.slice(2)) await other.file.answer()
    await immediate()
    assert.ok(others.every((other) => other.file.isClosed))
  })

  it('closes its file under no read', async () => {
    const file = new HeldFile(2)
    const { reader, next } = reading(file)
    await next()
    reader.destroy()
    await immediate()
    assert.equal(file.isClosed, false)
    await file.answer()
    assert.ok(file.isClosed)
  })
})
