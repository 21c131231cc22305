import { ProtocolFailure } from '../protocol-failure.ts'
import type { ChunkVerifier } from './chunk-verifier.ts'
import { TRAILER_SIGNATURE } from './chunk-verifier.ts'

/** All lines of a trailer together: a checksum and a signature take some 200 bytes. */
const TRAILER_BYTES_MAX = 4_096

/** Collects the lines behind the last chunk until the trailer is whole. */
export class TrailerLines {
  readonly #names: readonly string[]
  readonly #verifier: ChunkVerifier | null
  readonly #values = new Map<string, string>()
  #signedLines = ''
  #signature: string | null = null
  #bytes = 0
  #hasGap = false

  /** `names`: those that x-amz-trailer announces, in lower case. */
  constructor(names: readonly string[], verifier: ChunkVerifier | null) {
    this.#names = names
    this.#verifier = verifier
  }

  /** What was announced, by name. Complete once {@link add} has returned true. */
  get values(): ReadonlyMap<string, string> {
    return this.#values
  }

  /**
   * Takes a line without its end; true when it was the last. Throws ProtocolFailure `malformed-trailer`, or what the verifier
   * throws.
   */
  add(line: string): boolean {
    this.#bytes += line.length
    if (this.#bytes > TRAILER_BYTES_MAX) throw malformed(`it must be ${TRAILER_BYTES_MAX} bytes or fewer`)
    if (line !== '') {
      this.#addField(line)
      return false
    }
    // Some clients end each signed field with a line feed of its own, so that one empty line stands before the signature.
    if (this.#verifier !== null && this.#signedLines !== '' && this.#signature === null && !this.#hasGap) {
      this.#hasGap = true
      return false
    }
    this.#finish()
    return true
  }

  #addField(line: string): void {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    if (name === TRAILER_SIGNATURE && this.#verifier !== null && this.#signature === null) {
      this.#signature = value
      return
    }
    if (!this.#names.includes(name)) throw malformed('it holds a field that x-amz-trailer does not announce')
    if (this.#values.has(name)) throw malformed(`field ${name} comes twice`)
    if (this.#signature !== null) throw malformed(`field ${name} comes after the signature`)
    this.#values.set(name, value)
    this.#signedLines += `${name}:${value}\n`
  }

  #finish(): void {
    for (const name of this.#names) {
      if (!this.#values.has(name)) throw malformed(`field ${name}, announced by x-amz-trailer, is missing`)
    }
    if (this.#verifier === null || this.#names.length === 0) return
    if (this.#signature === null) throw malformed(`field ${TRAILER_SIGNATURE} is missing`)
    this.#verifier.verifyTrailer(this.#signedLines, this.#signature)
  }
}

function malformed(problem: string): ProtocolFailure {
  return new ProtocolFailure(
    'malformed-trailer',
    `the trailer of the aws-chunked body is malformed; ${problem}`,
  )
}
