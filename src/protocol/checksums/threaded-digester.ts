import { Worker } from 'node:worker_threads'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import type { BodyDigesterOptions, BodyDigests } from './body-digester.ts'
import type { DigestResponse, DigestRequest } from './digest-messages.ts'

/** The thread digests one piece while the next one comes. */
const PIECES_SENT_MAX = 2

/** Sources run as TypeScript, the bundle as JavaScript; the thread lies beside this module in both. */
const THREAD_FILE = new URL(
  import.meta.url.endsWith('.ts') ? './digest-thread.ts' : './digest-thread.js',
  import.meta.url,
)

/**
 * Digests a body on another thread: as BodyDigester, while this thread receives and stores it. Worth it for large bodies only, in gathered
 * pieces. Every body ends with `finish` or `drop`.
 */
export class ThreadedDigester {
  readonly #thread: DigestThread
  readonly #body: number
  /** Pieces that the thread has, oldest first. */
  readonly #sent: Uint8Array[] = []
  #failure: Error | null = null
  /** Told when a buffer comes back, the digests are there, or the thread has failed. */
  #wake: (() => void) | null = null
  #digests: BodyDigests | null = null

  constructor(options: BodyDigesterOptions) {
    this.#thread = DigestThread.running()
    this.#body = this.#thread.begin(this, options)
  }

  /** Takes a piece that lies in `bodyBuffers`. When the thread is behind, the next one may come when the promise resolves. */
  update(bytes: Uint8Array): Promise<void> | undefined {
    if (!bodyBuffers.has(bytes)) throw new Error('only gathered pieces can be digested on the thread')
    bodyBuffers.share(bytes)
    this.#sent.push(bytes)
    this.#thread.send({ type: 'update', body: this.#body, bytes })
    return this.#sent.length < PIECES_SENT_MAX ? undefined : this.#roomMade()
  }

  /** Called once, after the last byte. */
  async finish(): Promise<BodyDigests> {
    try {
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
  receive(response: DigestResponse): void {
    if (response.type === 'finished') this.#digests = response.digests
    const used = response.type === 'used' ? this.#sent.shift() : undefined
    if (used) bodyBuffers.giveBack(used)
    this.#wake?.()
  }

  /** For the thread only: it is gone. */
  fail(error: Error): void {
    this.#failure = error
    this.#wake?.()
  }

  async #roomMade(): Promise<void> {
    while (this.#sent.length >= PIECES_SENT_MAX) await this.#woken()
  }

  async #woken(): Promise<void> {
    if (!this.#failure) await new Promise<void>((resolve) => (this.#wake = resolve))
    this.#wake = null
    if (this.#failure) throw this.#failure
  }

  /** What the thread still has is left to the garbage collector: it may yet read it. */
  #leave(): void {
    this.#thread.end(this.#body)
  }
}

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
    this.#worker.on('message', (response: DigestResponse) =>
      this.#bodies.get(response.body)?.receive(response),
    )
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
