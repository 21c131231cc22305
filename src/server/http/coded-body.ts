import { hexDigit } from '../../base/percent-encoding.ts'

/** Chunks up to this size are put together, and so many bytes of them. */
const SMALL_CHUNK_BYTES = 4 * 1024
const MERGED_BYTES = 16 * 1024
/** Before the bytes of merged chunks: their size in four digits, and a line end. */
const HEADER_BYTES = 6
/** Greater than any chunk that anybody sends; keeps sizes safe integers. */
const CHUNK_BYTES_MAX = 2 ** 40

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const SEMICOLON = 0x3b
const TAB = 0x09

/** Bytes for the parser, and how many of those that came they stand for. */
interface Passed {
  readonly bytes: Buffer
  readonly takenBytes: number
}

/**
 * Follows a body in HTTP's chunked coding on its way to the parser, which has work, and makes objects, for each chunk: small chunks that lie one behind
 * the other become one. What it passes on is a body of the same bytes. From the last chunk on, and where something is not as it should be, it
 * passes on what came, for the parser to judge.
 */
export class CodedBody {
  /** Of the present chunk, with the line end behind it; 0: at the beginning of a chunk. */
  #bytesLeft = 0
  #isLost = false

  /** The next bytes for the parser, none when more must come first; null: it must see all that comes from here on. */
  pass(rest: Buffer): Passed | null {
    if (this.#isLost) return null
    if (this.#bytesLeft > 0) return this.#passBytes(rest, 0)
    const merged = mergeChunks(rest)
    if (merged) return merged
    const found = header.read(rest, 0)
    if (found === 'cut') return { bytes: rest.subarray(0, 0), takenBytes: 0 }
    if (found === 'malformed' || header.sizeBytes === 0) {
      this.#isLost = true
      return null
    }
    this.#bytesLeft = header.sizeBytes + 2
    return this.#passBytes(rest, header.end)
  }

  #passBytes(rest: Buffer, from: number): Passed {
    const takenBytes = Math.min(rest.length, from + this.#bytesLeft)
    this.#bytesLeft -= takenBytes - from
    return { bytes: rest.subarray(0, takenBytes), takenBytes }
  }
}

/** Small chunks at the beginning as one; null when there are not two that came whole. */
function mergeChunks(rest: Buffer): Passed | null {
  let merged: Buffer | null = null
  let mergedBytes = 0
  let taken = 0
  for (let count = 0; mergedBytes + SMALL_CHUNK_BYTES <= MERGED_BYTES; count++) {
    if (header.read(rest, taken) !== 'whole') break
    const { sizeBytes, end } = header
    if (sizeBytes === 0 || sizeBytes > SMALL_CHUNK_BYTES || !isLineEnd(rest, end + sizeBytes)) break
    merged ??= Buffer.allocUnsafeSlow(HEADER_BYTES + MERGED_BYTES + 2)
    for (let at = 0; at < sizeBytes; at++) merged[HEADER_BYTES + mergedBytes + at] = rest[end + at] ?? 0
    mergedBytes += sizeBytes
    taken = end + sizeBytes + 2
  }
  if (merged === null) return null
  merged.write(`${mergedBytes.toString(16).padStart(4, '0')}\r\n`, 'latin1')
  merged.write('\r\n', HEADER_BYTES + mergedBytes, 'latin1')
  return { bytes: merged.subarray(0, HEADER_BYTES + mergedBytes + 2), takenBytes: taken }
}

/** Longest line before a chunk's bytes that is waited for. */
const HEADER_LINE_BYTES_MAX = 1_024

/** `<size in hexadecimal>[;extensions]` and a line end. There are as many of them as small chunks, so that none is an object of its own. */
class ChunkHeader {
  sizeBytes = 0
  /** Where the chunk's bytes begin. */
  end = 0

  /**
   * Reads one; `cut` when more must come. Extensions mean nothing to a recipient that does not know them (RFC 9112, section 7.1.1).
   */
  read(bytes: Buffer, from: number): 'whole' | 'cut' | 'malformed' {
    // One digit and a line end: of such there may be as many as bytes in a body.
    const only = digitAt(bytes, from)
    if (only >= 0 && bytes[from + 1] === CARRIAGE_RETURN && bytes[from + 2] === LINE_FEED) {
      this.sizeBytes = only
      this.end = from + 3
      return 'whole'
    }
    let at = from
    let sizeBytes = 0
    for (let digit = digitAt(bytes, at); digit >= 0; digit = digitAt(bytes, at)) {
      sizeBytes = sizeBytes * 16 + digit
      if (sizeBytes > CHUNK_BYTES_MAX) return 'malformed'
      at++
    }
    if (at > from && bytes[at] === SEMICOLON) while (isVisible(bytes[at])) at++
    if (at - from > HEADER_LINE_BYTES_MAX) return 'malformed'
    if (at < bytes.length && (at === from || bytes[at] !== CARRIAGE_RETURN)) return 'malformed'
    if (at + 1 >= bytes.length) return 'cut'
    if (bytes[at + 1] !== LINE_FEED) return 'malformed'
    this.sizeBytes = sizeBytes
    this.end = at + 2
    return 'whole'
  }
}

/** Of the chunk that is looked at. */
const header = new ChunkHeader()

/** −1 behind the end, too. */
const digitAt = (bytes: Buffer, at: number): number => hexDigit(bytes[at] ?? 0)

const isVisible = (byte: number | undefined): boolean =>
  byte !== undefined && (byte === TAB || (byte >= 0x20 && byte !== 0x7f))

const isLineEnd = (bytes: Buffer, at: number): boolean =>
  bytes[at] === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED
