import type { Clock } from '../../base/clock.ts'
import type { ProcessLedger } from '../../service/blobs/process-ledger.ts'
import type { BlobId } from '../../storage/blob-store.ts'
import { StoreUnavailable } from '../../storage/metadata-store.ts'
import type { StoreEngines } from '../store/store-content.ts'
import { listStates, writeState, type BackupState, type UnreadableState } from './backup-state.ts'
import { cleanTarget, type Cleaning } from './clean-target.ts'
import type { Retention } from './retention.ts'
import { StateTaker, type OnBackupProgress } from './state-taker.ts'
import { TargetLock } from './target-lock.ts'
import { claimTarget, type BackupTarget } from './target.ts'

/** What a backup is taken of, and where to. */
export interface TakeBackupOptions {
  readonly storeId: string
  readonly source: StoreEngines & { readonly blobLedger: ProcessLedger }
  readonly target: BackupTarget
  readonly clock: Clock
  /** Which states stay; null: all. */
  readonly retention: Retention | null
  readonly onProgress?: OnBackupProgress
  readonly signal?: AbortSignal
}

/** What a backup did. */
export interface BackupReport {
  readonly state: BackupState
  /** Of states that lie in the target and cannot be read. */
  readonly unreadable: readonly UnreadableState[]
  readonly removed: Cleaning
}

/**
 * Backs up the state that the store has now: all records of one instant, and the bytes that they name, while others write. Only what the target does not hold yet is
 * written; what an earlier backup left that was cut off is used or removed. Nothing of it counts before its state is written, last.
 *
 * Damage in the store does not stop it; what the target refuses does. Throws ConfigurationError for a target that holds something else, StartFailure when
 * another backup is being written there.
 */
export async function takeBackup(options: TakeBackupOptions): Promise<BackupReport> {
  const { target } = options
  const lock = await TargetLock.take(target)
  try {
    await claimTarget(target, { storeId: options.storeId, blobs: options.source.blobs, lock })
    const { states, unreadable } = await listStates(target.store)
    const held: { from: BlobId | null } = { from: '' }
    const release = await holdBlobs(options, held)
    try {
      const taker = new StateTaker({
        ...options,
        comparesVersions: false,
        onReached: (id) => (held.from = id),
      })
      const taken = await taker.take(states.at(-1) ?? null)
      lock.assertHeld()
      await writeState(target.store, taken)
      const state: BackupState = { format: 1, ...taken }
      const removed = await cleanTarget(target.store, {
        states: [...states, state],
        retention: options.retention,
        nowMs: options.clock.now(),
        hasUnreadable: unreadable.length > 0,
        assertHeld: () => lock.assertHeld(),
      })
      return { state, unreadable, removed }
    } finally {
      release()
    }
  } finally {
    await lock.release()
  }
}

/** Blobs from `held.from` on stay where they are, whoever gives them up; null: none. */
async function holdBlobs(
  { source }: TakeBackupOptions,
  held: { readonly from: BlobId | null },
): Promise<() => void> {
  try {
    const ledger = await source.blobLedger.open()
    return await ledger.holdWhere((id) => held.from !== null && id >= held.from)
  } catch (error) {
    // A store that takes no writes gives no lease, and loses nothing either.
    if (!(error instanceof StoreUnavailable)) throw error
    return () => undefined
  }
}
