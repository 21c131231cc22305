import type { Clock } from '../../base/clock.ts'
import type { BlobId, BlobStore } from '../../storage/blob-store.ts'
import type { BodyHolds } from './body-holds.ts'
import { QUESTION_BLOBS_MAX, type RemovalQuestions } from './removal-questions.ts'
import type { WriterLease } from './writer-lease.ts'

/** More than this are left to the sweeper. */
const WAITING_MAX = 100_000
const BATCH_SIZE = 500
/** Blobs that somebody read when they were to be removed are asked about again after this time. */
const HELD_RETRY_MS = 60_000
/** When a disk was short of room, blobs wait for nobody but their readers for so long. */
const HURRY_MS = 60_000
/** A process that has not answered for so long may be gone: leases that were not renewed are then ended. */
const SILENCE_MS = 30_000

interface BlobReclaimerOptions {
  readonly blobs: BlobStore
  readonly clock: Clock
  /** What this process reads. */
  readonly holds: BodyHolds
  /** How to learn what others read. */
  readonly questions: RemovalQuestions
  /** The lease under which this process asks. */
  readonly lease: () => WriterLease
  /** Ends the leases of processes that are gone, as far as that is known. */
  readonly endLeases: () => Promise<unknown>
  /** How long a blob stays after it was let go of. */
  readonly delayMs: number
}

interface Waiting {
  readonly dueAt: number
  /** Somebody read it when it was to be removed. */
  readonly isHeld: boolean
}

interface Question {
  readonly id: string
  readonly writerId: string
  readonly blobIds: readonly BlobId[]
  silentSince: number
}

/**
 * Removes blobs that nothing refers to any more, once no process reads them: this one looks at its own bodies and asks the others, if there are any. What
 * it forgets (a crash, a full queue, a store that does not answer) the sweeper finds.
 */
export class BlobReclaimer {
  readonly #options: BlobReclaimerOptions
  readonly #waiting = new Map<BlobId, Waiting>()
  #question: Question | null = null
  #hurriesUntil = -Infinity
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: BlobReclaimerOptions) {
    this.#options = options
  }

  /** Whether more may be released without leaving it to the sweeper. */
  get hasRoom(): boolean {
    return this.#waiting.size < WAITING_MAX / 2
  }

  /** The blobs that wait, due or not. */
  get waiting(): ReadonlyMap<BlobId, { readonly isHeld: boolean }> {
    return this.#waiting
  }

  /** Whether it is not known yet of some blobs if anybody reads them. */
  get isUndecided(): boolean {
    return this.#question !== null || [...this.#waiting.values()].some(({ isHeld }) => !isHeld)
  }

  /** Puts the blobs in the queue, after the commit that let go of them. `delayMs`: default as in the options. */
  release(blobIds: readonly BlobId[], delayMs = this.#options.delayMs): void {
    const nowMs = this.#options.clock.now()
    const isHurried = nowMs < this.#hurriesUntil
    for (const blobId of blobIds)
      if (this.#waiting.size < WAITING_MAX)
        this.#wait(blobId, { dueAt: isHurried ? nowMs : nowMs + delayMs, isHeld: false })
    // What fails is tried again at the next regular call.
    if (isHurried && blobIds.length > 0) this.reclaimDue().catch(() => undefined)
  }

  /** A disk is short of room: what waits, and what is released in the next minute, is removed as soon as nobody reads it. */
  hurry(): void {
    const nowMs = this.#options.clock.now()
    this.#hurriesUntil = nowMs + HURRY_MS
    let isAny = false
    for (const [blobId, { dueAt, isHeld }] of this.#waiting) {
      if (isHeld || dueAt <= nowMs) continue
      this.#waiting.set(blobId, { dueAt: nowMs, isHeld })
      isAny = true
    }
    if (isAny) this.reclaimDue().catch(() => undefined)
  }

  /**
   * Removes what is due and read by nobody, as far as that is known; gives how many blobs that were. To be called every few seconds: the responses of
   * other processes are there at a later call. Rejects when a store does not answer; the blobs are then tried again.
   */
  reclaimDue(): Promise<number> {
    return this.#inTurn(() => this.#reclaim(this.#options.clock.now()))
  }

  /** As {@link reclaimDue}, for all that waits, due or not. */
  reclaimAll(): Promise<number> {
    return this.#inTurn(() => this.#reclaim(Infinity))
  }

  /** Removes what waits when no other process has to be asked, and takes back what was asked; the rest is left to the sweeper. */
  drain(): Promise<number> {
    return this.#inTurn(async () => {
      await this.#withdraw()
      const { questions, lease } = this.#options
      return (await questions.hasOthers(lease().writerId)) ? 0 : await this.#reclaim(Infinity)
    })
  }

  async #inTurn(work: () => Promise<number>): Promise<number> {
    const done = this.#turn.then(work, work)
    this.#turn = done
    return await done
  }

  async #reclaim(untilMs: number): Promise<number> {
    let removed = await this.#takeVerdict()
    const { questions, lease, clock } = this.#options
    while (!this.#question) {
      const due = this.#due(untilMs)
      if (due.length === 0) break
      const { writerId, check } = lease()
      if (await questions.hasOthers(writerId)) {
        const id = await questions.ask(check, writerId, due)
        if (id === null) break
        this.#question = { id, writerId, blobIds: due, silentSince: clock.now() }
      } else {
        removed += await this.#remove(due, new Set())
      }
    }
    return removed
  }

  /** Removes what the question was about when all have answered. */
  async #takeVerdict(): Promise<number> {
    const question = this.#question
    if (!question) return 0
    const { questions, lease, clock, endLeases } = this.#options
    // The responses would be looked for under the new lease.
    if (question.writerId !== lease().writerId) {
      await this.#withdraw()
      return 0
    }
    const { isOpen, heldBlobIds } = await questions.verdict(question.writerId, question.id)
    if (isOpen) {
      if (Math.abs(clock.now() - question.silentSince) >= SILENCE_MS) {
        question.silentSince = clock.now()
        await endLeases()
      }
      return 0
    }
    await this.#withdraw()
    return await this.#remove(question.blobIds, heldBlobIds)
  }

  async #withdraw(): Promise<void> {
    const question = this.#question
    if (!question) return
    await this.#options.questions.withdraw(question.writerId)
    this.#question = null
  }

  #due(untilMs: number): BlobId[] {
    const { clock, delayMs } = this.#options
    const nowMs = clock.now()
    // A clock that was set back must not keep blobs waiting for longer than they have to.
    const dueAtMax = nowMs + Math.max(delayMs, HELD_RETRY_MS)
    const found: BlobId[] = []
    for (const [blobId, { dueAt, isHeld }] of this.#waiting) {
      // What was held is asked about again when its time comes, not by a call for all: whoever reads it still does.
      if (dueAt > (isHeld ? nowMs : untilMs) && dueAt <= dueAtMax) continue
      found.push(blobId)
      if (found.length === QUESTION_BLOBS_MAX) break
    }
    return found
  }

  /** Removes blobs of the queue that neither others nor this process reads. */
  async #remove(blobIds: readonly BlobId[], heldElsewhere: ReadonlySet<BlobId>): Promise<number> {
    const { blobs, clock, holds } = this.#options
    // From here on no body of this process begins with one of them.
    const heldHere = holds.endEpoch(blobIds)
    const free: BlobId[] = []
    for (const blobId of blobIds) {
      if (!heldHere.has(blobId) && !heldElsewhere.has(blobId)) free.push(blobId)
      else this.#wait(blobId, { dueAt: clock.now() + HELD_RETRY_MS, isHeld: true })
    }
    for (let at = 0; at < free.length; at += BATCH_SIZE) {
      const batch = free.slice(at, at + BATCH_SIZE)
      await blobs.delete(batch)
      for (const blobId of batch) this.#waiting.delete(blobId)
    }
    return free.length
  }

  /** At the end of the queue, so that blobs that stay for long do not keep others from their turn. */
  #wait(blobId: BlobId, waiting: Waiting): void {
    this.#waiting.delete(blobId)
    this.#waiting.set(blobId, waiting)
  }
}
