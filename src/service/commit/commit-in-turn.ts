import { setTimeout as sleep } from 'node:timers/promises'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { StaleRead, type Attempt } from './attempt.ts'
import { storeChange } from './store-change.ts'

/** How long a request waits for its turn and tries again, in all; its first attempt it has whenever its turn comes. */
const WAIT_MS_MAX = 10_000
/** Attempts that come at once; what makes them fail are other processes, which take no turns with this one. */
const ATTEMPTS_WITHOUT_DELAY = 2
const DELAY_MS_MAX = 100

/**
 * Reads, decides and commits; when another writer came between, reads and decides anew. `turn` (see turns.ts) names the record that the writers
 * are after: those of this process come one after the other, in the order in which they came, and those of several processes wait a random
 * time that grows, so that none is passed by for ever. `prepare` must not ask for a turn of the same name; it throws to refuse, and StaleRead to be
 * called again. Throws `RecordBusy` after 10 seconds.
 */
export async function commitInTurn<T>(
  context: ServiceContext,
  turn: string,
  prepare: () => Promise<Attempt<T>>,
): Promise<T> {
  const giveUpAt = performance.now() + WAIT_MS_MAX
  return context.turns.take(turn, async () => {
    for (let attempt = 1; attempt === 1 || performance.now() < giveUpAt; attempt++) {
      if (attempt > ATTEMPTS_WITHOUT_DELAY) await sleep(Math.random() * Math.min(DELAY_MS_MAX, 2 ** attempt))
      const decided = await unlessStale(prepare)
      if (!decided) continue
      const { change, result, whenNotEmpty } = decided
      if (change === null) return result
      const outcome = await storeChange(context, change)
      if (outcome === 'ok') return result
      if (outcome === 'not-empty' && whenNotEmpty) throw whenNotEmpty()
    }
    throw new DomainError('RecordBusy')
  })
}

async function unlessStale<T>(prepare: () => Promise<Attempt<T>>): Promise<Attempt<T> | null> {
  try {
    return await prepare()
  } catch (error) {
    if (error instanceof StaleRead) return null
    throw error
  }
}
