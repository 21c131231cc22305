import { Worker } from 'node:worker_threads'
import type { BodyDigesterOptions, BodyDigests } from './body-digester.ts'
import type { DigestAnswer, DigestRequest } from './digest-messages.ts'

/** Pieces are gathered up to this size, so that messages cost little beside the digesting itself. */
const BUFFER_BYTES = 128 * 1024
/** One is filled while the other is digested: half a MiB for each body. */
const BUFFERS_PER_BODY_MAX = 2
/** Shared memory that is kept for later bodies: 4 MiB. */
const SPARE_BUFFERS_MAX = 16

/** Sources run as TypeScript, the bundle as JavaScript; the thread lies beside this module in both. */
const THREAD_FILE = new URL(
  import.meta.url.endsWith('.ts') ? './digest-thread.ts' : './digest-thread.js',
  import.meta.url,
)

/**
 * Digests a body on another thread: as BodyDigester, while this thread receives and stores it. Worth it for large bodies only. Every body ends
 * with `finish` or `drop`.
 */
export class ThreadedDigester {
  readonly #thread: DigestThread
  readonly #body: number
  readonly #spare: Uint8Array[] = []
  /** Those that the thread has, oldest first. */
  readonly #sent: Uint8Array[] = []
  #filling: Uint8Array | null = null
  #filledBytes = 0
  #bufferCount = 0
  #failure: Error | null = null
  /** Told when a buffer comes back, the digests are there, or the thread has failed. */
  #wake: (() => void) | null = null
  #digests: BodyDigests | null = null

  constructor(options: BodyDigesterOptions) {
    this.#thread = DigestThread.running()
    this.#body = this.#thread.begin(this, options)
  }

  /** The bytes may be changed once it is done: at once, or, when the thread is behind, when the promise resolves. */
  update(bytes: Uint8Array): Promise<void> | undefined {
    const takenBytes = this.#take(bytes, 0)
    return takenBytes === bytes.byteLength ? undefined : this.#takeRest(bytes, takenBytes)
  }

  /** Called once, after the last byte. */
  async finish(): Promise<BodyDigests> {
    try {
      if (this.#filledBytes > 0) this.#sendFilling()
      this.#thread.send({ type: 'finish', body: this.#body })
      while (!this.#digests) await this.#woken()
      return this.#digests
    } finally {
      this.#leave()
    }
  }

  /** Called instead of `finish` when the body ended early. */
  drop(): void {
    this.#thread.send({ type: 'drop', body: this.#body })
    this.#leave()
  }

  /** For the thread only. */
  receive(answer: DigestAnswer): void {
    if (answer.type === 'finished') this.#digests = answer.digests
    const used = answer.type === 'used' ? this.#sent.shift() : undefined
    if (used) this.#spare.push(used)
    this.#wake?.()
  }

  /** For the thread only: it is gone. */
  fail(error: Error): void {
    this.#failure = error
    this.#wake?.()
  }

  async #takeRest(bytes: Uint8Array, start: number): Promise<void> {
    for (let at = start; at < bytes.byteLength; at = this.#take(bytes, at)) await this.#woken()
  }

  /** Takes what there is room for; gives the place behind it. */
  #take(bytes: Uint8Array, start: number): number {
    let at = start
    while (at < bytes.byteLength) {
      this.#filling ??= this.#emptyBuffer()
      if (!this.#filling) break
      const end = Math.min(bytes.byteLength, at + BUFFER_BYTES - this.#filledBytes)
      this.#filling.set(bytes.subarray(at, end), this.#filledBytes)
      this.#filledBytes += end - at
      at = end
      if (this.#filledBytes === BUFFER_BYTES) this.#sendFilling()
    }
    return at
  }

  #emptyBuffer(): Uint8Array | null {
    const spare = this.#spare.pop()
    if (spare) return spare
    if (this.#bufferCount === BUFFERS_PER_BODY_MAX) return null
    this.#bufferCount++
    return spareBuffers.pop() ?? new Uint8Array(new SharedArrayBuffer(BUFFER_BYTES))
  }

  #sendFilling(): void {
    const filling = this.#filling
    if (!filling) return
    this.#thread.send({ type: 'update', body: this.#body, bytes: filling.subarray(0, this.#filledBytes) })
    this.#sent.push(filling)
    this.#filling = null
    this.#filledBytes = 0
  }

  async #woken(): Promise<void> {
    if (!this.#failure) await new Promise<void>((resolve) => (this.#wake = resolve))
    this.#wake = null
    if (this.#failure) throw this.#failure
  }

  #leave(): void {
    this.#thread.end(this.#body)
    // What the thread still has is left to the garbage collector: it may yet read it.
    if (this.#filling) this.#spare.push(this.#filling)
    this.#filling = null
    for (const buffer of this.#spare.splice(0))
      if (spareBuffers.length < SPARE_BUFFERS_MAX) spareBuffers.push(buffer)
  }
}

const spareBuffers: Uint8Array[] = []

/** The thread of this process, started with the first body that needs it; one that has failed is replaced by the next body. */
class DigestThread {
  static #running: DigestThread | null = null
  readonly #worker: Worker
  readonly #bodies = new Map<number, ThreadedDigester>()
  #lastBody = 0

  static running(): DigestThread {
    return (DigestThread.#running ??= new DigestThread())
  }

  private constructor() {
    this.#worker = new Worker(THREAD_FILE, { name: 'digests' })
    this.#worker.on('message', (answer: DigestAnswer) => this.#bodies.get(answer.body)?.receive(answer))
    this.#worker.on('error', (error) => this.#fail(error))
    this.#worker.on('exit', () => this.#fail(new Error('the digest thread has ended')))
    this.#worker.unref()
  }

  begin(digester: ThreadedDigester, options: BodyDigesterOptions): number {
    const body = ++this.#lastBody
    // The process must not end while a body waits for its digests, and may end at any other time.
    if (this.#bodies.size === 0) this.#worker.ref()
    this.#bodies.set(body, digester)
    this.send({ type: 'begin', body, options })
    return body
  }

  send(request: DigestRequest): void {
    this.#worker.postMessage(request)
  }

  end(body: number): void {
    this.#bodies.delete(body)
    if (this.#bodies.size === 0) this.#worker.unref()
  }

  #fail(error: Error): void {
    if (DigestThread.#running === this) DigestThread.#running = null
    for (const digester of this.#bodies.values()) digester.fail(error)
  }
}
