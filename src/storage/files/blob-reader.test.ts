import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as immediate } from 'node:timers/promises'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import { StoreUnavailable } from '../metadata-store.ts'
import { BlobReader } from './blob-reader.ts'
import type { OpenFile } from './file-system.ts'

const PIECE = bodyBuffers.bufferBytes
/** Pieces of one call, and those that may be held behind the first of each in one process. */
const PIECES_MAX = 4
const FURTHER_MAX = 64

/** A file of pieces that are filled with their number, each call answered when the test lets it. */
class HeldFile implements OpenFile {
  readonly sizeBytes: number
  /** Of the call that waits: from which piece, and how many. */
  asked: { readonly piece: number; readonly count: number } | null = null
  /** All calls, in their order. */
  readonly calls: { readonly piece: number; readonly count: number }[] = []
  isClosed = false
  #answer: (error: Error | null, bytesMax: number) => void = () => assert.fail('nothing was asked for')

  constructor(pieces: number, restBytes = 0) {
    this.sizeBytes = pieces * PIECE + restBytes
  }

  read(buffers: readonly Buffer[], at: number, done: (error: Error | null, bytesRead: number) => void): void {
    assert.equal(this.asked, null, 'one call at a time')
    this.asked = { piece: at / PIECE, count: buffers.length }
    this.calls.push(this.asked)
    this.#answer = (error, bytesMax) => {
      this.asked = null
      if (error) return done(error, 0)
      let bytes = 0
      for (const buffer of buffers) {
        const part = buffer.subarray(0, Math.max(0, Math.min(buffer.length, bytesMax - bytes)))
        for (let byte = 0; byte < part.length; byte++) part[byte] = Math.floor((at + bytes + byte) / PIECE)
        bytes += part.length
      }
      done(null, bytes)
    }
  }

  close(done: (error?: Error | null) => void): void {
    assert.equal(this.asked, null, 'no file is closed under a read')
    this.isClosed = true
    done()
  }

  async answer(error: Error | null = null, bytesMax = Infinity): Promise<void> {
    this.#answer(error, bytesMax)
    await immediate()
  }
}

/** Reads all of a file; what comes is noted as the number of its piece and its length, and more comes when `next` is called. */
function reading(file: HeldFile) {
  const reader = new BlobReader(file, { start: 0, end: file.sizeBytes - 1 })
  const pieces: (readonly [piece: number | undefined, bytes: number])[] = []
  const errors: Error[] = []
  reader.pause()
  reader.on('data', (piece: Buffer) => {
    reader.pause()
    pieces.push([piece[0], piece.length])
    bodyBuffers.giveBack(piece)
  })
  reader.on('error', (error) => errors.push(error))
  const next = async (): Promise<void> => {
    reader.resume()
    await immediate()
  }
  const destroy = async (): Promise<void> => {
    reader.destroy()
    if (file.asked) await file.answer()
    await immediate()
  }
  return { file, reader, pieces, errors, next, destroy }
}

const whole = (...numbers: number[]) => numbers.map((number) => [number, PIECE] as const)

describe('a reader of a blob', () => {
  it(`reads one piece first, and by each call twice as many as by the one before, up to ${PIECES_MAX}, always when the next one is asked for`, async () => {
    const { file, reader, pieces, next } = reading(new HeldFile(9, 100))
    await immediate()
    assert.deepEqual(file.calls, [])
    while (!reader.readableEnded) {
      const before = file.calls.length
      await next()
      if (file.calls.length > before) await file.answer()
      assert.ok(file.calls.length <= before + 1, 'nothing is read for nobody')
    }
    assert.deepEqual(file.calls, [
      { piece: 0, count: 1 },
      { piece: 1, count: 2 },
      { piece: 3, count: 4 },
      { piece: 7, count: 3 },
    ])
    assert.deepEqual(pieces, [...whole(0, 1, 2, 3, 4, 5, 6, 7, 8), [9, 100]])
    assert.ok(file.isClosed)
  })

  it('goes on where a call ended that gave fewer bytes than were asked for', async () => {
    const { file, pieces, next } = reading(new HeldFile(4))
    await next()
    await file.answer()
    await next()
    await file.answer(null, PIECE + 10)
    await next()
    assert.deepEqual(pieces, [...whole(0, 1), [2, 10]])
    await next()
    assert.deepEqual(file.asked, { piece: 2 + 10 / PIECE, count: 2 })
    await file.answer()
    await next()
    assert.deepEqual(pieces.slice(3), [
      [2, PIECE],
      [3, PIECE - 10],
    ])
  })

  it('is unavailable where the disk cannot read', async () => {
    const { file, pieces, errors, next } = reading(new HeldFile(3))
    await next()
    await file.answer()
    await next()
    await file.answer(Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'read' }))
    assert.deepEqual(pieces, whole(0))
    assert.equal(errors.length, 1)
    assert.ok(errors[0] instanceof StoreUnavailable)
    assert.ok(file.isClosed)
  })

  it('fails where the file is shorter than it was', async () => {
    const { file, errors, next } = reading(new HeldFile(3))
    await next()
    await file.answer(null, 0)
    assert.match(errors[0]?.message ?? '', /the file ends at byte 0, expected bytes up to 393215/)
    assert.ok(file.isClosed)
  })

  it('closes its file when the read under way is over', async () => {
    const { file, reader, pieces, next } = reading(new HeldFile(2))
    await next()
    reader.destroy()
    await immediate()
    assert.equal(file.isClosed, false)
    await file.answer()
    assert.ok(file.isClosed)
    assert.deepEqual(pieces, [])
  })

  it(`reads piece by piece where ${FURTHER_MAX} are held in the process, until one of them is taken, or its reader ends, or its read fails`, async () => {
    // Each of them holds one: two pieces were read, and one was taken.
    const others = Array.from({ length: FURTHER_MAX }, () => reading(new HeldFile(3)))
    for (const other of others) {
      await other.next()
      await other.file.answer()
      await other.next()
      assert.equal(other.file.asked?.count, 2)
      await other.file.answer()
    }
    const { file, next, destroy } = reading(new HeldFile(40))
    const counts: (number | undefined)[] = []
    const read = async (): Promise<void> => {
      await next()
      counts.push(file.asked?.count)
      if (file.asked) await file.answer()
    }
    await read()
    await read()
    await read()
    assert.deepEqual(counts.splice(0), [1, 1, 1])
    await others[0]?.next()
    await read()
    // The second of the two needs no call.
    await read()
    assert.deepEqual(counts.splice(0), [2, undefined])
    await others[1]?.destroy()
    await others[2]?.destroy()
    await read()
    assert.deepEqual(counts.splice(0), [4])
    await destroy()
    // What is asked for holds its places from the call on, and no longer than it fails.
    const failing = reading(new HeldFile(3))
    await failing.next()
    await failing.file.answer()
    await failing.next()
    assert.equal(failing.file.asked?.count, 2)
    await failing.file.answer(Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'read' }))
    // One that ends while it reads.
    const ending = reading(new HeldFile(3))
    await ending.next()
    await ending.file.answer()
    await ending.next()
    assert.equal(ending.file.asked?.count, 2)
    await ending.destroy()
    for (const other of others) await other.destroy()
    const last = Array.from({ length: FURTHER_MAX + 1 }, () => reading(new HeldFile(3)))
    const given: (number | undefined)[] = []
    for (const one of last) {
      await one.next()
      await one.file.answer()
      await one.next()
      given.push(one.file.asked?.count)
    }
    assert.deepEqual(given, [...Array.from({ length: FURTHER_MAX }, () => 2), 1])
    for (const one of last) await one.destroy()
  })
})
