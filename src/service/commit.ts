import { setTimeout as sleep } from 'node:timers/promises'
import type { Change } from '../storage/metadata-store.ts'
import type { ServiceContext } from './context.ts'

/** What one attempt came to: the change to commit, and what to answer when it is in. */
export interface Attempt<T> {
  readonly change: Change
  readonly result: T
  /** The error when one of the change's ranges is not empty. */
  readonly whenNotEmpty?: () => Error
}

/** Others kept changing the record for as long as a request may take: the same request later has a chance. Nothing was changed. */
export class RecordBusy extends Error {
  override readonly name = 'RecordBusy'
}

/** How long a request waits for its turn and tries, in all. */
const WAIT_MS_MAX = 10_000
/** Attempts that come at once; what makes them fail are other processes, which take no turns with this one. */
const ATTEMPTS_WITHOUT_DELAY = 2
const DELAY_MS_MAX = 100

/**
 * Reads, decides and commits; when another writer came between, reads and decides anew. `turn` names the record that the writers are
 * after: those of this process come one after the other, in the order in which they came, and those of several processes wait a random
 * time that grows, so that none is passed by for ever. `prepare` must not ask for a turn of the same name; it throws to refuse. Throws {@link RecordBusy} after 10 seconds.
 */
export async function commitRetrying<T>(
  context: ServiceContext,
  turn: string,
  prepare: () => Promise<Attempt<T>>,
): Promise<T> {
  const giveUpAt = performance.now() + WAIT_MS_MAX
  return context.turns.take(turn, async () => {
    for (let attempt = 1; performance.now() < giveUpAt; attempt++) {
      const { change, result, whenNotEmpty } = await prepare()
      const outcome = await context.metadata.commit(change)
      if (outcome === 'ok') return result
      if (outcome === 'not-empty' && whenNotEmpty) throw whenNotEmpty()
      if (attempt >= ATTEMPTS_WITHOUT_DELAY) await sleep(Math.random() * Math.min(DELAY_MS_MAX, 2 ** attempt))
    }
    throw new RecordBusy('others kept changing the record')
  })
}

/** The turn of a bucket's own record and of what is checked along with it. */
export const bucketTurn = (bucketName: string): string => `bucket ${bucketName}`

/** The turn of an account's own record, which is written with each bucket that it gets. */
export const accountTurn = (accountId: string): string => `account ${accountId}`
