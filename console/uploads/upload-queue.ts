import { ApiError, isAborted, toApiError } from '../api/api-error.ts'
import type { Sender } from '../api/send.ts'
import { abortUpload } from '../api/s3/uploads.ts'
import { nameBeside } from './name-beside.ts'
import { Patience } from './patience.ts'
import { Rate } from './rate.ts'
import { RequestSlots } from './request-slots.ts'
import { ConflictError, sendFile } from './send-file.ts'
import type { ConflictChoice, UploadBatch, UploadItem } from './upload-item.ts'

/** A file with the key that it is to have. */
export interface FileForKey {
  readonly file: File
  readonly key: string
}

/** What is shown of all uploads. */
export interface UploadsSummary {
  readonly items: readonly UploadItem[]
  readonly isPaused: boolean
  /** Why it stopped by itself; null when it did not. */
  readonly stoppedBy: ApiError | null
  /** When a server that does not answer is tried again, epoch milliseconds. */
  readonly retryAt: number | null
  readonly files: { readonly done: number; readonly all: number; readonly failed: number }
  readonly bytes: { readonly done: number; readonly all: number }
  /** Bytes a second. */
  readonly rate: number | null
  readonly secondsLeft: number | null
  readonly isActive: boolean
}

const FILES_AT_ONCE = 4
const REQUESTS_AT_ONCE = 4
/** How often what is shown changes. */
const NOTIFY_MS = 250
const TICK_MS = 1_000
/** What every other file would meet as well, until somebody has done something about it. */
const STOPPING = new Set(['SessionOver', 'ExpiredToken', 'InvalidAccessKeyId', 'InsufficientStorage'])

/** The uploads of who is signed in. They go on whatever page is shown. */
export class UploadQueue {
  #items: UploadItem[] = []
  #nextId = 1
  #isPaused = false
  #stoppedBy: ApiError | null = null
  #notifying: ReturnType<typeof setTimeout> | undefined
  #ticking: ReturnType<typeof setInterval> | undefined
  #summary: UploadsSummary
  readonly #sender: Sender
  readonly #slots = new RequestSlots(REQUESTS_AT_ONCE)
  readonly #patience = new Patience(() => this.#changed())
  readonly #rate = new Rate()
  readonly #listeners = new Set<() => void>()

  constructor(sender: Sender) {
    this.#sender = sender
    this.#summary = this.#summarise()
    window.addEventListener('online', this.#onOnline)
    window.addEventListener('beforeunload', this.#onUnload)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly summary = (): UploadsSummary => this.#summary

  /** Puts files at the end of the queue. */
  add(
    files: readonly FileForKey[],
    { bucket, region }: { readonly bucket: string; readonly region: string },
  ): void {
    if (!this.#summary.isActive) this.#rate.restart(Date.now())
    const batch: UploadBatch = { choice: null }
    for (const { file, key } of files)
      this.#items.push({
        id: this.#nextId++,
        bucket,
        region,
        file,
        key,
        batch,
        state: 'waiting',
        acknowledged: 0,
        error: null,
        mayReplace: false,
        parts: null,
        controller: null,
      })
    this.#start()
  }

  /** Stops what is on its way; what the server has stays there. */
  pause(): void {
    this.#isPaused = true
    for (const { controller } of this.#items) controller?.abort()
    this.#changed()
  }

  /** Goes on. */
  resume(): void {
    this.#isPaused = false
    this.#stoppedBy = null
    this.#rate.restart(Date.now())
    this.#patience.wake()
    this.#start()
  }

  /** Gives a file up, and what the server has of it. */
  cancel(item: UploadItem): void {
    const { parts, bucket, region, key } = item
    item.state = 'cancelled'
    item.controller?.abort()
    item.parts = null
    if (parts)
      // What could not be given away is among the unfinished uploads.
      abortUpload(this.#sender, { bucket, region, key, uploadId: parts.uploadId }).catch(() => undefined)
    this.#start()
  }

  /** Gives up all that is not done. */
  cancelAll(): void {
    for (const item of this.#items) if (!isOver(item)) this.cancel(item)
  }

  /** Tries a file again that failed. */
  retry(item: UploadItem): void {
    item.error = null
    item.state = 'waiting'
    this.#start()
  }

  /** Tries the server again now. */
  wake(): void {
    this.#patience.wake()
  }

  /** Says what becomes of a file whose key is taken; `forAll`: of all that were given with it. */
  answer(item: UploadItem, choice: ConflictChoice, forAll: boolean): void {
    if (forAll) item.batch.choice = choice
    for (const each of forAll ? this.#items.filter(({ batch }) => batch === item.batch) : [item])
      if (each.state === 'asking') this.#apply(each, choice)
    this.#start()
  }

  /** Forgets what is over. */
  clear(): void {
    this.#items = this.#items.filter((item) => !isOver(item))
    this.#changed()
  }

  /** Stops for good: who was signed in is not any more. */
  end(): void {
    this.pause()
    window.removeEventListener('online', this.#onOnline)
    window.removeEventListener('beforeunload', this.#onUnload)
    clearInterval(this.#ticking)
    clearTimeout(this.#notifying)
  }

  readonly #onOnline = (): void => this.#patience.wake()

  readonly #onUnload = (event: BeforeUnloadEvent): void => {
    if (this.#items.some((item) => !isOver(item))) event.preventDefault()
  }

  #start(): void {
    let running = this.#items.reduce((count, { state }) => count + (state === 'running' ? 1 : 0), 0)
    if (!this.#isPaused)
      for (const item of this.#items) {
        if (running >= FILES_AT_ONCE) break
        if (item.state !== 'waiting') continue
        running++
        void this.#run(item)
      }
    this.#changed()
  }

  async #run(item: UploadItem): Promise<void> {
    const controller = new AbortController()
    item.controller = controller
    item.state = 'running'
    try {
      await sendFile(
        item,
        {
          sender: this.#sender,
          slots: this.#slots,
          patience: this.#patience,
          onAcknowledged: (of, bytes, isSent) => this.#acknowledge(of, bytes, isSent),
        },
        controller.signal,
      )
      // Nothing is left to give up once the server has it.
      item.state = 'done'
      item.acknowledged = item.file.size
    } catch (error) {
      this.#settle(item, error)
    }
    item.controller = null
    this.#start()
  }

  #settle(item: UploadItem, error: unknown): void {
    // The state may have become another while the request ran.
    if (item.state === 'cancelled') return
    // The other parts of the file are on their way.
    item.controller?.abort()
    if (error instanceof ConflictError) {
      item.state = 'asking'
      if (item.batch.choice !== null) this.#apply(item, item.batch.choice)
      return
    }
    if (isAborted(error)) {
      item.state = 'waiting'
      return
    }
    const found =
      error instanceof DOMException ? new ApiError('UnreadableFile', error.message) : toApiError(error)
    if (STOPPING.has(found.code)) {
      item.state = 'waiting'
      this.#stoppedBy = found
      this.pause()
      return
    }
    // Somebody gave up the upload, or its time was over: the next attempt begins anew.
    if (found.code === 'NoSuchUpload') {
      item.parts = null
      item.acknowledged = 0
    }
    item.error = found
    item.state = 'failed'
  }

  #apply(item: UploadItem, choice: ConflictChoice): void {
    if (choice === 'keep') {
      item.state = 'kept'
      return
    }
    if (choice === 'replace') item.mayReplace = true
    else {
      // Parts belong to a key.
      item.key = nameBeside(item.key)
      item.parts = null
      item.acknowledged = 0
    }
    item.state = 'waiting'
  }

  #acknowledge(item: UploadItem, bytes: number, isSent: boolean): void {
    item.acknowledged += bytes
    if (isSent) this.#rate.add(bytes, Date.now())
    this.#changed()
  }

  #changed(): void {
    this.#notifying ??= setTimeout(() => {
      this.#notifying = undefined
      this.#summary = this.#summarise()
      this.#tickWhileActive()
      for (const listener of this.#listeners) listener()
    }, NOTIFY_MS)
  }

  /** The rate falls and the wait goes on also when nothing is confirmed. */
  #tickWhileActive(): void {
    if (this.#summary.isActive === (this.#ticking !== undefined)) return
    clearInterval(this.#ticking)
    this.#ticking = this.#summary.isActive ? setInterval(() => this.#changed(), TICK_MS) : undefined
  }

  #summarise(): UploadsSummary {
    const counted = this.#items.filter(({ state }) => state !== 'cancelled' && state !== 'kept')
    const isActive =
      !this.#isPaused && counted.some(({ state }) => state === 'waiting' || state === 'running')
    const bytes = {
      done: counted.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
      all: counted.reduce((sum, { file }) => sum + file.size, 0),
    }
    const retryAt = isActive ? this.#patience.retryAt : null
    const rate = isActive && retryAt === null ? this.#rate.perSecond(Date.now()) : null
    return {
      items: [...this.#items],
      isPaused: this.#isPaused,
      stoppedBy: this.#stoppedBy,
      retryAt,
      files: {
        done: counted.filter(({ state }) => state === 'done').length,
        all: counted.length,
        failed: counted.filter(({ state }) => state === 'failed').length,
      },
      bytes,
      rate,
      secondsLeft: rate === null || rate === 0 ? null : (bytes.all - bytes.done) / rate,
      isActive,
    }
  }
}

/** Whether nothing more happens to a file by itself. */
const isOver = ({ state }: UploadItem): boolean =>
  state === 'done' || state === 'kept' || state === 'cancelled' || state === 'failed'
