import { constants } from 'node:fs'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { directPieces } from './aligned-pieces.ts'
import type { NewFile } from './new-file.ts'
import { codeOf } from './failures.ts'

/** Smaller files are written through the system's memory: another thread has copied them there before a disk would have answered. */
export const DIRECT_BYTES_MIN = 1024 * 1024

/** What memory, place and length of a direct write are multiples of; no disk asks for more. */
const BLOCK_BYTES = 4096

/** Elsewhere there is no such flag, or another meaning of it. */
const DIRECT_FLAG = process.platform === 'linux' ? constants.O_DIRECT : null

/** Folders whose file system does not take it. */
const refusing = new Set<string>()

/**
 * Makes a file whose bytes go to the disk past the system's memory: most of what writing costs a processor is copying bytes into pages that the system
 * must first find. Null, and nothing is there: the file system or the platform has no such writing, or too many files are written so just now. EEXIST
 * when the file is there.
 */
export async function createDirectFile(path: string): Promise<NewFile | null> {
  // Each opening of a store writes into a folder of its own below this one.
  const folder = dirname(dirname(path))
  if (DIRECT_FLAG === null || refusing.has(folder)) return null
  const piece = directPieces.take()
  if (!piece) return null
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | DIRECT_FLAG
    return new DirectFile(path, await open(path, flags, 0o600), piece)
  } catch (error) {
    directPieces.giveBack(piece)
    if (codeOf(error) !== 'EINVAL') throw error
    refusing.add(folder)
    // The system makes the file first and finds out then that it cannot write it so.
    await unlink(path).catch((failure: unknown) => {
      if (codeOf(failure) !== 'ENOENT') throw failure
    })
    return null
  }
}

class DirectFile implements NewFile {
  readonly isBuffered = false
  readonly #path: string
  #handle: FileHandle
  #isDirect = true
  /** Being filled. */
  #piece: Buffer
  #filledBytes = 0
  /** Full, and being written. */
  #writing: { readonly piece: Buffer; readonly done: Promise<void> } | null = null
  #writtenBytes = 0

  constructor(path: string, handle: FileHandle, piece: Buffer) {
    this.#path = path
    this.#handle = handle
    this.#piece = piece
  }

  async write(bytes: Uint8Array, from: number): Promise<number> {
    if (this.#filledBytes === this.#piece.length) await this.#turn()
    const count = Math.min(bytes.length - from, this.#piece.length - this.#filledBytes)
    // From shared memory `fill` copies eight times as fast as `set`.
    this.#piece.fill(bytes.subarray(from, from + count), this.#filledBytes, this.#filledBytes + count)
    this.#filledBytes += count
    return count
  }

  /** Nothing may be written afterwards. */
  async datasync(): Promise<void> {
    await this.#written()
    const sizeBytes = this.#writtenBytes + this.#filledBytes
    const paddedBytes = Math.ceil(this.#filledBytes / BLOCK_BYTES) * BLOCK_BYTES
    if (paddedBytes > 0) {
      this.#piece.fill(0, this.#filledBytes, paddedBytes)
      await this.#writeOut(this.#piece, paddedBytes)
      if (paddedBytes > this.#filledBytes) await this.#handle.truncate(sizeBytes)
      this.#filledBytes = 0
    }
    await this.#handle.datasync()
  }

  async close(): Promise<void> {
    // A write that is under way reads from the piece.
    await this.#writing?.done.catch(() => undefined)
    if (this.#writing) directPieces.giveBack(this.#writing.piece)
    directPieces.giveBack(this.#piece)
    this.#writing = null
    await this.#handle.close()
  }

  /** Begins to write the piece that is full, and takes another; where there is none, the same once it is written. */
  async #turn(): Promise<void> {
    await this.#written()
    const next = directPieces.take()
    const full = this.#piece
    const done = this.#writeOut(full, full.length)
    if (!next) {
      await done
    } else {
      // Its failure is seen where it is awaited; until then it must not count as unhandled.
      done.catch(() => undefined)
      this.#writing = { piece: full, done }
      this.#piece = next
    }
    this.#filledBytes = 0
  }

  async #written(): Promise<void> {
    const writing = this.#writing
    if (!writing) return
    await writing.done
    this.#writing = null
    directPieces.giveBack(writing.piece)
  }

  async #writeOut(piece: Buffer, length: number): Promise<void> {
    const at = this.#writtenBytes
    this.#writtenBytes += length
    for (let written = 0; written < length;) {
      const bytesWritten = await this.#writeAt(piece.subarray(written, length), at + written)
      // What was written of a block is written again with it: direct writing begins at blocks.
      const whole = bytesWritten - (bytesWritten % BLOCK_BYTES)
      if (whole === 0) {
        // A file system with smaller blocks may have room for some of this one.
        const code = bytesWritten > 0 ? 'ENOSPC' : 'EIO'
        throw Object.assign(new Error(`${bytesWritten} bytes of a block`), { code, syscall: 'write' })
      }
      written += whole
    }
  }

  async #writeAt(bytes: Buffer, at: number): Promise<number> {
    try {
      return (await this.#handle.write(bytes, 0, bytes.length, at)).bytesWritten
    } catch (error) {
      // Some file systems open a file so and take no write.
      if (codeOf(error) !== 'EINVAL' || !this.#isDirect) throw error
      refusing.add(dirname(dirname(this.#path)))
      this.#isDirect = false
      await this.#handle.close()
      this.#handle = await open(this.#path, 'r+')
      return (await this.#handle.write(bytes, 0, bytes.length, at)).bytesWritten
    }
  }
}
