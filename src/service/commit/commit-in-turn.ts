import { setTimeout as sleep } from 'node:timers/promises'
import {
  StoreFull,
  StoreUnavailable,
  type CommitOutcome,
  type MetadataStore,
} from '../../storage/metadata-store.ts'
import { DomainError } from '../errors/domain-error.ts'
import { StaleRead, type Attempt } from './attempt.ts'
import type { CommitParts } from './commit-parts.ts'
import { JoinedChange } from './joined-change.ts'
import { storeChange } from './store-change.ts'
import { newWriter, type Decision, type Writer } from './writer.ts'

/** Attempts that come at once; what makes them fail are other processes, which take no turns with this one. */
const ATTEMPTS_WITHOUT_DELAY = 2
const DELAY_MS_MAX = 100
/** Writers whose changes are committed at once. */
const TOGETHER_MAX = 128
/** Who has waited for so long behind others whom the store did not answer is told the same, and does not wait once more for itself. */
const SILENCE_MS_MAX = 1_000
/** So often a writer decides anew on top of others before it is left for the next commit. */
const DECISIONS_MAX = 3

/**
 * Reads, decides and commits; when another writer came between, reads and decides anew. `turn` (see turns.ts) names the record that the writers
 * are after: those of this process come one after the other, in the order in which they came, and those of several processes wait a random
 * time that grows, so that none is passed by for ever. `prepare` must not ask for a turn of the same name; it throws to refuse, and StaleRead to be
 * called again. Throws `RecordBusy` after 10 seconds.
 */
export function commitInTurn<T>(
  context: CommitParts,
  turn: string,
  prepare: () => Promise<Attempt<T>>,
): Promise<T> {
  return enter(context, turn, () => prepare(), { isAlone: true })
}

/**
 * As {@link commitInTurn}, for changes of a bucket's content: those that wait for the same turn are committed at once. Each is decided on as if those before it were
 * in the store, and answered when all of them are. `prepare` reads through the context that it is given, and through nothing else, and changes nothing by itself.
 */
export function commitTogether<C extends CommitParts, T>(
  context: C,
  turn: string,
  prepare: (context: C) => Promise<Attempt<T>>,
): Promise<T> {
  const onTop = (metadata: MetadataStore) => prepare({ ...context, metadata })
  return enter(context, turn, onTop, { isAlone: false })
}

function enter<T>(
  context: CommitParts,
  turn: string,
  prepare: (metadata: MetadataStore) => Promise<Attempt<T>>,
  options: { readonly isAlone: boolean },
): Promise<T> {
  const { writer, result } = newWriter(prepare, options)
  context.turns.enter(turn, writer, (queue) => serve(context, queue))
  return result
}

/** Serves the first of those who wait, with those behind it whose changes can be committed along; who has to decide anew is first in the queue again. */
async function serve(context: CommitParts, queue: Writer[]): Promise<void> {
  const members = takeFirst(queue)
  const [first, ...others] = members
  if (!first) return
  if (first.attempts > 0 && performance.now() >= first.giveUpAt) {
    queue.unshift(...others)
    first.refuse(new DomainError('RecordBusy'))
    return
  }
  if (first.attempts >= ATTEMPTS_WITHOUT_DELAY)
    await sleep(Math.random() * Math.min(DELAY_MS_MAX, 2 ** (first.attempts + 1)))
  try {
    const again = others.length === 0 ? await serveOne(context, first) : await serveAll(context, members)
    queue.unshift(...again)
  } catch (error) {
    // A fault of this program must not leave anybody waiting; who was answered already does not hear of it.
    for (const { refuse } of members) refuse(error)
  }
  const silence = members.map(({ refusal }) => refusal).find(isSilence)
  if (silence) refuseWaiting(queue, silence)
}

/** Nothing was tried for those who wait, so that they hear of no unknown outcome; who came just now has its attempt. */
function refuseWaiting(queue: Writer[], cause: StoreUnavailable): void {
  const cameBefore = performance.now() - SILENCE_MS_MAX
  const isTried = ({ cameAt }: Writer): boolean => cameAt > cameBefore
  const refused = queue.filter((writer) => !isTried(writer))
  queue.splice(0, queue.length, ...queue.filter(isTried))
  for (const { refuse } of refused)
    refuse(new StoreUnavailable('the store did not answer those who came before', { cause }))
}

const isSilence = (error: unknown): error is StoreUnavailable =>
  error instanceof StoreUnavailable && !(error instanceof StoreFull)

function takeFirst(queue: Writer[]): Writer[] {
  const alone = queue.findIndex(({ isAlone }) => isAlone)
  const count = alone === 0 ? 1 : Math.min(alone < 0 ? queue.length : alone, TOGETHER_MAX)
  return queue.splice(0, count)
}

/** Gives the writer when it has to decide anew. */
async function serveOne(context: CommitParts, writer: Writer): Promise<Writer[]> {
  writer.attempts++
  try {
    const { change, whenNotEmpty, answer } = await writer.decide(context.metadata)
    const outcome = change === null ? 'ok' : await storeChange(context, change)
    if (outcome === 'ok') answer()
    else if (outcome === 'not-empty' && whenNotEmpty) throw whenNotEmpty()
    else return [writer]
  } catch (error) {
    if (error instanceof StaleRead) return [writer]
    writer.refuse(error)
  }
  return []
}

/** A writer whose answer rests on changes that are not committed yet. */
interface Held {
  readonly writer: Writer
  readonly tell: () => void
}

/** Gives the writers that have to decide anew, in their order. */
async function serveAll(context: CommitParts, members: readonly Writer[]): Promise<Writer[]> {
  const joined = new JoinedChange(context.metadata)
  const again: Writer[] = []
  const held: Held[] = []
  for (const [at, writer] of members.entries()) {
    if (joined.isFull) {
      again.push(...members.slice(at))
      break
    }
    writer.attempts++
    const tell = await decideOnTop(joined, writer)
    if (!tell) again.push(writer)
    // What was decided on what the store has is true whatever comes of the commit.
    else if (joined.isEmpty) tell()
    else held.push({ writer, tell })
  }
  if (joined.isEmpty) return again
  let outcome: CommitOutcome
  try {
    outcome = await storeChange(context, joined.toChange())
  } catch (error) {
    if (isOfOne(error)) return [...alone(held), ...again]
    for (const { writer } of held) writer.refuse(error)
    return again
  }
  if (outcome === 'ok') {
    for (const { tell } of held) tell()
    return again
  }
  // Which one met something in a range that was to be empty cannot be told.
  const anew = outcome === 'not-empty' ? alone(held) : held.map(({ writer }) => writer)
  return [...anew, ...again]
}

/** Decides on top of what others are about to change. Gives what tells the writer, once that is in the store; null: it has to decide anew. */
async function decideOnTop(joined: JoinedChange, writer: Writer): Promise<(() => void) | null> {
  for (let decisions = 0; decisions < DECISIONS_MAX; decisions++) {
    let decision: Decision
    try {
      decision = await writer.decide(joined.metadata)
    } catch (error) {
      return error instanceof StaleRead ? null : () => writer.refuse(error)
    }
    const { change, whenNotEmpty, answer } = decision
    if (change === null) return answer
    const outcome = joined.add(change)
    if (outcome === 'ok') return answer
    if (outcome === 'not-empty' && whenNotEmpty) return () => writer.refuse(whenNotEmpty())
    if (outcome === 'apart') {
      writer.isAlone = true
      return null
    }
  }
  return null
}

/** Whether nothing was changed because of what one of several changes is: one brings bytes to a full disk, say, where others only delete. */
const isOfOne = (error: unknown): boolean =>
  error instanceof StoreFull || !(error instanceof StoreUnavailable)

function alone(held: readonly Held[]): Writer[] {
  for (const { writer } of held) writer.isAlone = true
  return held.map(({ writer }) => writer)
}
