import { DAY_MS, HOUR_MS } from '../../base/milliseconds.ts'
import { readTextPart } from '../../base/key.ts'
import type { ServiceContext } from '../../service/context.ts'
import { blobReferencesRange } from '../../service/keyspace.ts'
import type { DamagedRecord } from '../../storage/metadata-store.ts'
import type { BlobId } from '../../storage/blob-store.ts'
import { listStates, writeState, type BackupState } from '../backup/backup-state.ts'
import { cleanTarget } from '../backup/clean-target.ts'
import { copyBlobs } from '../backup/copy-blobs.ts'
import { foldedRuns } from '../backup/merge-runs.ts'
import { newStateId, targetBlobId } from '../backup/names.ts'
import type { Retention } from '../backup/retention.ts'
import type { RunEntry, RunInfo } from '../backup/run-format.ts'
import { writeRun } from '../backup/run-writer.ts'
import { momentAfter, StateTaker } from '../backup/state-taker.ts'
import { TargetLock } from '../backup/target-lock.ts'
import { claimTarget, openTarget, type BackupTarget } from '../backup/target.ts'
import { readStoreIdentity } from '../store/store-identity.ts'
import { changedRecords, readLoggedChanges, type LoggedChanges } from './mirror-changes.ts'
import { changeMirrorMark, readMirrorMark, type MirrorMark } from './mirror-mark.ts'
import { deleteNotes, dropNotes } from './note-limit.ts'

/** A state of the mirror is read from so many runs at most: more are made two. */
const RUNS_MAX = 24
/** So often everything is compared, whatever commits noted. */
const COMPARE_INTERVAL_MS = DAY_MS
const CLEAN_INTERVAL_MS = HOUR_MS
/** So often at most for the sake of another process that keeps another mirror, or did away with what was noted. */
const OTHERS_COMPARE_INTERVAL_MS = 10 * 60_000

interface MirrorOptions {
  readonly context: ServiceContext
  /** The setting's word. */
  readonly to: string
  readonly retention: Retention
  /** Told of what the store could not give. */
  readonly onDamage: (what: string) => void
}

/** What one round did. */
export interface MirrorRound {
  readonly records: number
  readonly blobs: number
  /** Whether everything was compared, rather than what commits noted. */
  readonly isWhole: boolean
  /**
   * Why everything was compared out of turn. `notes`: too much had been noted. `others`: another server of the store has another mirror, or was started
   * without one.
   */
  readonly reason?: 'notes' | 'others'
}

/**
 * Keeps a second copy of a store near, in the form of backups: each round takes over what changed since the last one, as a state of one instant. The first round of a process
 * compares everything, since it cannot know what was written by processes that note nothing.
 */
export class Mirror {
  readonly #options: MirrorOptions
  readonly #target: BackupTarget
  readonly #lock: TargetLock
  #states: readonly BackupState[]
  #hasUnreadable: boolean
  #comparedAt = -Infinity
  #cleanedAt = -Infinity
  #oldestAt: number | null = null
  #sawOthers = false

  /** Opens the place and takes it for this process. Throws ConfigurationError and StartFailure. */
  static async open(options: MirrorOptions): Promise<Mirror> {
    const { context, to } = options
    const identity = await readStoreIdentity(context.metadata)
    const target = await openTarget('mirror', to, { isMade: true })
    try {
      const lock = await TargetLock.take(target)
      try {
        await claimTarget(target, { storeId: identity?.storeId ?? '', blobs: context.blobs, lock })
        // Commands note from now on what they change.
        await changeMirrorMark(context.metadata, (mark) => mark ?? {})
        return new Mirror(options, target, lock, await listStates(target.store))
      } catch (error) {
        await lock.release()
        throw error
      }
    } catch (error) {
      await target.store.close().catch(() => undefined)
      throw error
    }
  }

  private constructor(
    options: MirrorOptions,
    target: BackupTarget,
    lock: TargetLock,
    { states, unreadable }: Awaited<ReturnType<typeof listStates>>,
  ) {
    this.#options = options
    this.#target = target
    this.#lock = lock
    this.#states = states
    this.#hasUnreadable = unreadable.length > 0
  }

  /** Epoch milliseconds: when the oldest change was made that a failed round left; null: none that is known. */
  get oldestAt(): number | null {
    return this.#oldestAt
  }

  /** Whether there was a round: the next one is a short one, as a rule. */
  get isNear(): boolean {
    return this.#comparedAt > -Infinity
  }

  /** Takes over what changed. Rejects when the mirror, or the store, does not answer; the next round then does it. `isShort`: a
   * comparison of everything is left to another round. */
  async round(signal?: AbortSignal, isShort = false): Promise<MirrorRound> {
    const { context } = this.#options
    const { metadata, clock } = context
    this.#lock.assertHeld()
    const mark = await readMirrorMark(metadata)
    this.#sawOthers ||= this.isNear && mark?.stateId !== this.#states.at(-1)?.id
    // What rounds left that failed, of a full disk for one, would fill it further.
    if (!this.isNear && !isShort) await this.#removeUnneeded(clock.now(), true)
    const comparedMsAgo = Math.abs(clock.now() - this.#comparedAt)
    const reason = this.isNear ? this.#reasonFor(mark, comparedMsAgo) : undefined
    const isCompared = comparedMsAgo < COMPARE_INTERVAL_MS && reason === undefined
    const ledger = await context.blobLedger.open()
    const release = await ledger.holdWhere(() => true)
    try {
      const snapshot = await metadata.snapshot()
      let changes: LoggedChanges
      let run: RunInfo | null = null
      const at = clock.now()
      const newBlobs: BlobId[] = []
      try {
        changes = await readLoggedChanges(snapshot)
        this.#oldestAt = changes.oldestAt
        if (isCompared && !changes.isIncomplete && changes.keys.length > 0)
          run = await writeRun(
            this.#target.store,
            noting(
              changedRecords(snapshot, changes.keys, (error) => this.#tell(error)),
              newBlobs,
            ),
          )
      } finally {
        await snapshot.close()
      }
      const isWhole = !isCompared || changes.isIncomplete
      if (isWhole && isShort) return { records: 0, blobs: 0, isWhole: false }
      if (!isWhole && changes.logKeys.length === 0) return { records: 0, blobs: 0, isWhole }
      if (changes.isIncomplete) await dropNotes(metadata)
      const notesLost = changes.isIncomplete ? (await readMirrorMark(metadata))?.notesLost : mark?.notesLost
      const done = isWhole
        ? await this.#compare(notesLost, signal)
        : await this.#extend({ at, run, newBlobs, signal })
      await deleteNotes(metadata, changes.logKeys)
      if (isWhole) {
        this.#comparedAt = at
        this.#sawOthers = false
      }
      this.#oldestAt = null
      await this.#clean()
      const why = changes.isIncomplete ? 'notes' : reason
      return { ...done, isWhole, ...(isWhole && why && { reason: why }) }
    } finally {
      release()
    }
  }

  /** Never rejects. */
  async close(): Promise<void> {
    await this.#lock.release()
    // What stays in a place that does not answer is removed by whoever opens it next.
    await this.#target.store.close().catch(() => undefined)
  }

  /** Why what was noted since the last comparison is not all. */
  #reasonFor(mark: MirrorMark | null, comparedMsAgo: number): 'notes' | 'others' | undefined {
    if (mark?.notesLost !== undefined) return 'notes'
    return this.#sawOthers && comparedMsAgo >= OTHERS_COMPARE_INTERVAL_MS ? 'others' : undefined
  }

  /** A state of everything that differs from the newest one. `notesLost`: as the mark had it before. */
  async #compare(
    notesLost: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ records: number; blobs: number }> {
    const { context } = this.#options
    const identity = await readStoreIdentity(context.metadata)
    const taker = new StateTaker({
      storeId: identity?.storeId ?? '',
      source: context,
      target: this.#target,
      clock: context.clock,
      comparesVersions: true,
      onReached: () => undefined,
      ...(signal && { signal }),
    })
    const state = await taker.take(this.#states.at(-1) ?? null)
    for (const { kind, name, reason } of state.damage) this.#options.onDamage(`${kind} ${name}: ${reason}`)
    await this.#add(state, notesLost)
    return { records: state.added.records, blobs: state.added.blobs }
  }

  /** The newest state with one run more. */
  async #extend(change: {
    readonly at: number
    readonly run: RunInfo | null
    readonly newBlobs: readonly BlobId[]
    readonly signal?: AbortSignal | undefined
  }): Promise<{ records: number; blobs: number }> {
    const before = this.#states.at(-1)
    if (!before || !change.run) return { records: 0, blobs: 0 }
    const { context } = this.#options
    const at = momentAfter(before, change.at)
    const added = {
      records: change.run.entries,
      blobs: 0,
      bytes: change.run.keyBytes + change.run.valueBytes,
    }
    const ids = async function* () {
      yield* change.newBlobs
    }
    await copyBlobs(ids(), {
      from: context.blobs,
      to: this.#target.store,
      idThere: targetBlobId,
      signal: change.signal,
      onCopied: (_id, sizeBytes) => {
        added.blobs++
        added.bytes += sizeBytes
      },
      onDamage: ({ kind, name, reason }) => this.#options.onDamage(`${kind} ${name}: ${reason}`),
    })
    await this.#add({
      ...before,
      id: newStateId(at),
      at,
      finishedAt: context.clock.now(),
      runs: await this.#folded([...before.runs, change.run]),
      blobs: before.blobs + added.blobs,
      added,
      damage: [],
      damageCount: 0,
    })
    return { records: added.records, blobs: added.blobs }
  }

  async #folded(runs: readonly RunInfo[]): Promise<readonly RunInfo[]> {
    const [first, ...rest] = runs
    if (!first || runs.length <= RUNS_MAX) return runs
    const folded = await writeRun(this.#target.store, foldedRuns(this.#target.store, rest))
    return folded ? [first, folded] : [first]
  }

  /** `notesLost`: what the state makes good. */
  async #add(state: Omit<BackupState, 'format'>, notesLost?: string): Promise<void> {
    this.#lock.assertHeld()
    await writeState(this.#target.store, state)
    this.#states = [...this.#states, { format: 1, ...state }]
    await changeMirrorMark(this.#options.context.metadata, (mark) => ({
      stateId: state.id,
      // What was dropped meanwhile is for the next round.
      ...(mark?.notesLost !== undefined && mark.notesLost !== notesLost && { notesLost: mark.notesLost }),
    }))
  }

  async #clean(): Promise<void> {
    const nowMs = this.#options.context.clock.now()
    if (Math.abs(nowMs - this.#cleanedAt) < CLEAN_INTERVAL_MS) return
    await this.#removeUnneeded(nowMs, false)
    this.#cleanedAt = nowMs
  }

  async #removeUnneeded(nowMs: number, keepsBlobs: boolean): Promise<void> {
    const { retention } = this.#options
    await cleanTarget(this.#target.store, {
      states: this.#states,
      retention,
      nowMs,
      hasUnreadable: this.#hasUnreadable,
      keepsBlobs,
      assertHeld: () => this.#lock.assertHeld(),
    })
    const { states, unreadable } = await listStates(this.#target.store)
    this.#states = states
    this.#hasUnreadable = unreadable.length > 0
  }

  #tell({ message }: DamagedRecord): void {
    this.#options.onDamage(message)
  }
}

/** Passes entries on, and notes the blobs to which a reference is among them. */
async function* noting(entries: AsyncIterable<RunEntry>, blobs: BlobId[]): AsyncGenerator<RunEntry> {
  const [tag] = blobReferencesRange().start
  for await (const entry of entries) {
    if (entry.key[0] === tag && entry.value !== null) blobs.push(readTextPart(entry.key, 1).text)
    yield entry
  }
}
