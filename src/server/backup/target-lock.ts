import { setTimeout as pause } from 'node:timers/promises'
import type { BlobId, BlobStore } from '../../storage/blob-store.ts'
import { StartFailure } from '../configuration/errors.ts'
import { isSameProcess, ownProcess, type ProcessIdentity } from '../../base/process-identity.ts'
import { collect } from './collect.ts'
import { LOCK_PREFIX, newRandomName } from './names.ts'
import { allBlobIds } from './target-content.ts'
import type { BackupTarget } from './target.ts'

/** How often a holder says that it is alive. */
const BEAT_MS = 5_000
/** Who has said nothing for so long is gone. */
const SILENCE_MS = 4 * BEAT_MS
const LOOK_MS = 500
const COUNT_DIGITS = 9

/** Another process writes to the target. */
export class TargetTaken extends StartFailure {}

/**
 * Who may write to a target: one process at a time, by a blob of its own that is replaced again and again. Targets know no conditions, so whoever sees another's when
 * its own is there gives way: of two that come at the same moment none may get it.
 */
export class TargetLock {
  readonly #store: BlobStore
  readonly #owner = newRandomName()
  #count = 0
  #heldAt: number
  #beating: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  readonly #elapsed: () => number
  #isLost = false

  /** Throws TargetTaken when another process writes to the target. What a process left that was killed does not count. `elapsed`: milliseconds since any moment. */
  static async take(
    { store, shown }: BackupTarget,
    elapsed: () => number = () => performance.now(),
  ): Promise<TargetLock> {
    const lock = new TargetLock(store, elapsed)
    await lock.#say()
    try {
      for (const other of await lock.#others()) {
        if (await isAlive(store, other))
          throw new TargetTaken(
            `another backup is being written to ${shown}; wait for its end, or give this one a place of its own`,
          )
        await store.delete(await idsOf(store, ownerOf(other)))
      }
    } catch (error) {
      await lock.release()
      throw error
    }
    lock.#timer = setInterval(() => {
      lock.#beating = lock.#beating.then(() => lock.beat())
    }, BEAT_MS)
    lock.#timer.unref()
    return lock
  }

  private constructor(store: BlobStore, elapsed: () => number) {
    this.#store = store
    this.#elapsed = elapsed
    this.#heldAt = elapsed()
  }

  /** What the ids of its blobs begin with. */
  get prefix(): string {
    return `${LOCK_PREFIX}${this.#owner}-`
  }

  /** Throws StartFailure when the target did not take a sign of life for so long that another process may have begun. */
  assertHeld(): void {
    if (this.#elapsed() - this.#heldAt >= SILENCE_MS - BEAT_MS) this.#isLost = true
    if (!this.#isLost) return
    throw new StartFailure('the lock on the backup target could not be kept; the backup was given up')
  }

  /** Gives the target up; never rejects. */
  async release(): Promise<void> {
    clearInterval(this.#timer)
    await this.#beating
    await this.#store.delete([this.#id(this.#count), this.#id(this.#count - 1)]).catch(() => undefined)
  }

  /** Says that this process is alive; done every few seconds. Never rejects. */
  async beat(): Promise<void> {
    try {
      // Whoever was silent for too long, as a machine that slept, is taken for gone, and others may have begun: a lock that was lost is not taken again.
      this.assertHeld()
      await this.#say()
    } catch {
      // A missed beat shows in `assertHeld`.
    }
  }

  async #say(): Promise<void> {
    const startedAt = this.#elapsed()
    const bytes = Buffer.from(JSON.stringify(ownProcess()))
    await this.#store.put(
      this.#id(this.#count + 1),
      (async function* () {
        yield bytes
      })(),
      { sizeBytes: bytes.length },
    )
    this.#heldAt = startedAt
    this.#count++
    if (this.#count > 1) await this.#store.delete([this.#id(this.#count - 1)])
  }

  /** The newest blob of each other process. */
  async #others(): Promise<BlobId[]> {
    const found = new Map<string, BlobId>()
    for await (const { id } of allBlobIds(this.#store, LOCK_PREFIX))
      if (ownerOf(id) !== this.#owner) found.set(ownerOf(id), id)
    return [...found.values()]
  }

  #id(count: number): BlobId {
    return `${this.prefix}${String(Math.max(0, count)).padStart(COUNT_DIGITS, '0')}.c`
  }
}

const ownerOf = (id: BlobId): string => id.split('-')[1] ?? ''

async function idsOf(store: BlobStore, owner: string): Promise<BlobId[]> {
  const ids: BlobId[] = []
  for await (const { id } of allBlobIds(store, `${LOCK_PREFIX}${owner}-`)) ids.push(id)
  return ids
}

async function isAlive(store: BlobStore, id: BlobId): Promise<boolean> {
  const holder = await readHolder(store, id)
  const known = holder && isSameProcess(holder)
  if (known !== null) return known
  // A process that cannot be seen from here: it lives when it says so again.
  for (let waitedMs = 0; waitedMs < SILENCE_MS; waitedMs += LOOK_MS) {
    await pause(LOOK_MS)
    const ids = await idsOf(store, ownerOf(id))
    if (ids.length === 0) return false
    if (ids.at(-1) !== id) return true
  }
  return false
}

async function readHolder(store: BlobStore, id: BlobId): Promise<ProcessIdentity | null> {
  try {
    return JSON.parse((await collect(await store.get(id))).toString()) as ProcessIdentity
  } catch {
    return null
  }
}
