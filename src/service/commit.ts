import { setTimeout as sleep } from 'node:timers/promises'
import type { Change } from '../storage/metadata-store.ts'
import type { ServiceContext } from './context.ts'
import { ServiceError } from './errors.ts'

/** What one attempt came to: the change to commit, and what to answer when it is in. */
export interface Attempt<T> {
  readonly change: Change
  readonly result: T
  /** The error when one of the change's ranges is not empty. */
  readonly whenNotEmpty?: () => Error
}

const ATTEMPTS_MAX = 200
/** From then on a loser waits a random moment, so that many writers of one record do not keep step. */
const ATTEMPTS_WITHOUT_DELAY = 4
const DELAY_MS_MAX = 10

/**
 * Reads, decides and commits; when another writer came between, reads and decides anew. `prepare` throws to refuse. Throws
 * `ServiceUnavailableException` when others kept winning, which takes hundreds of writers of one record.
 */
export async function commitRetrying<T>(
  context: ServiceContext,
  prepare: () => Promise<Attempt<T>>,
): Promise<T> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const { change, result, whenNotEmpty } = await prepare()
    const outcome = await context.metadata.commit(change)
    if (outcome === 'ok') return result
    if (outcome === 'not-empty' && whenNotEmpty) throw whenNotEmpty()
    if (attempt >= ATTEMPTS_WITHOUT_DELAY) await sleep(Math.random() * DELAY_MS_MAX)
  }
  throw new ServiceError(
    'ServiceUnavailableException',
    'Too many requests change this resource at the same time. Try again.',
  )
}
