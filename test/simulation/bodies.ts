import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { ObjectBody } from '../../src/service/bodies/object-body.ts'
import type { DigestBody } from '../../src/service/objects/copy-object.ts'
import type { Timeline } from './timeline.ts'

/** The bytes of every write by its name, so that each byte that is read tells which write it is of. */
export class Bodies {
  readonly #timeline: Timeline
  readonly #bytes = new Map<string, Buffer>()
  readonly #etags = new Map<string, string>()
  readonly #slowPauseMs: number
  #count = 0

  /** `slowPauseMs`: how long a slow reader waits at most before it takes the next piece. */
  constructor(timeline: Timeline, slowPauseMs = 60_000) {
    this.#timeline = timeline
    this.#slowPauseMs = slowPauseMs
  }

  /** A name for a write. */
  newName(kind: string): string {
    return `${kind}${++this.#count}`
  }

  /** Bytes of a size that the seed chooses: in the record, in a blob of one block and, seldom, of several. */
  make(name: string, sizeMin = 0): Buffer {
    const { random } = this.#timeline
    const kind = random.below(100)
    const size =
      kind < 20 ? random.below(64) : kind < 97 ? 65 + random.below(2_000) : 140_000 + random.below(200_000)
    const bytes = Buffer.alloc(Math.max(size, sizeMin), `${name}:`)
    this.#bytes.set(name, bytes)
    return bytes
  }

  /** What is made of parts has an ETag of its own. */
  set(name: string, bytes: Buffer, etag?: string): void {
    this.#bytes.set(name, bytes)
    if (etag !== undefined) this.#etags.set(name, etag)
  }

  get(name: string): Buffer | undefined {
    return this.#bytes.get(name)
  }

  etagOf(name: string): string {
    return this.#etags.get(name) ?? md5(this.#bytes.get(name) ?? Buffer.alloc(0))
  }

  /** As it comes from a client: at once, or piece by piece. */
  arriving(bytes: Buffer): ObjectBody {
    const finish = (): { md5Hex: string } => ({ md5Hex: md5(bytes) })
    if (this.#timeline.chance(50)) return { bytes, finish }
    return { stream: this.#pieces(bytes), sizeBytes: bytes.length, finish }
  }

  async *#pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
    const step = Math.max(1, Math.ceil(bytes.length / (1 + this.#timeline.random.below(3))))
    for (let at = 0; at < bytes.length; at += step) {
      await this.#timeline.pause(this.#timeline.delayMs(30))
      yield bytes.subarray(at, at + step)
    }
  }

  /** Reads as a client does, now and then a slow one. */
  async read(body: Buffer | Readable): Promise<Buffer> {
    if (Buffer.isBuffer(body)) return body
    const slowMs = this.#timeline.chance(10) ? this.#slowPauseMs : 20
    const pieces: Buffer[] = []
    for await (const piece of body as AsyncIterable<Buffer>) {
      pieces.push(Buffer.from(piece))
      await this.#timeline.pause(this.#timeline.delayMs(slowMs))
    }
    return Buffer.concat(pieces)
  }
}

export const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex')

/** For copies. */
export const digestOfCopy: DigestBody = (source) => {
  const hash = createHash('md5')
  if ('bytes' in source) return { bytes: source.bytes, finish: () => ({ md5Hex: md5(source.bytes) }) }
  async function* digested(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of stream) {
      hash.update(piece)
      yield piece
    }
  }
  return {
    stream: digested(source.stream),
    sizeBytes: source.sizeBytes,
    finish: () => ({ md5Hex: hash.digest('hex') }),
  }
}
