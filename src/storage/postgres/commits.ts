import { randomBytes } from 'node:crypto'
import type { Change, CommitOutcome, Version } from '../metadata-store.ts'
import { CommitUnknown, StoreUnavailable } from '../metadata-store.ts'
import { byteArray, readBytes } from './byte-arrays.ts'
import { failureKind } from './failures.ts'
import { scopeOfRange, scopesOfKey } from './scopes.ts'
import type { PreparedQuery, Session } from './session.ts'

/** Pauses between attempts; after the last one the caller hears that the store is unavailable. */
export const RETRY_PAUSES_MS: readonly number[] = [0, 50, 200, 500, 1000, 2000]

/** What a commit asks of its connection. */
export type CommitSession = Pick<Session, 'id' | 'query' | 'destroy'>

/** Where connections come from, and go back to: the pool, or the simulation's. */
export interface CommitSessions<S extends CommitSession> {
  acquire(): Promise<S>
  release(session: S): void
}

/** Commits of one process: makes their ids, and finds out what became of those whose connection was lost. */
export class Commits<S extends CommitSession> {
  readonly #pool: CommitSessions<S>
  readonly #commitQuery: PreparedQuery
  readonly #endSessionQuery: PreparedQuery
  /** Random for each process; a counter makes the ids of its commits differ. */
  readonly #idPrefix = randomBytes(8)
  #commitCount = 0

  constructor(pool: CommitSessions<S>, schema: string) {
    this.#pool = pool
    const parameters = ['bytea', 'bytea', ...Array.from({ length: 11 }, () => 'bytea[]')]
    this.#commitQuery = {
      name: 'commit',
      text: `select ${schema}.commit(${parameters.map((type, index) => `$${index + 1}::${type}`).join(', ')})`,
    }
    this.#endSessionQuery = {
      name: 'end-session',
      text: `delete from ${schema}.sessions where id = $1::bytea returning last_commit`,
    }
  }

  /**
   * Commits exactly once. Throws StoreUnavailable when the server refuses, and CommitUnknown when the fate of the commit could not be learnt in time. Is not
   * tried again once `isAwaited` says that nobody waits any more.
   */
  async commit(change: Change, isAwaited: () => boolean = () => true): Promise<CommitOutcome> {
    const commitId = this.#nextId()
    const values = parametersOf(change)
    for (const pauseMs of RETRY_PAUSES_MS) {
      if (pauseMs > 0) await pause(pauseMs)
      if (!isAwaited()) break
      const session = await this.#pool.acquire()
      const failure = await this.#tryCommit(session, [session.id, commitId, ...values])
      if (typeof failure === 'string') return failure
      const kind = failureKind(failure.error)
      if (kind === 'refused') throw failure.error
      if (kind === 'lost' && (await this.#fateOf(session, commitId, failure.error)) === 'committed')
        return 'ok'
    }
    throw new StoreUnavailable(`the commit did not get through in ${RETRY_PAUSES_MS.length} attempts`)
  }

  /** The outcome, or why there is none. The session is given back either way: others may need its place to find out what happened. */
  async #tryCommit(
    session: S,
    values: readonly Buffer[],
  ): Promise<CommitOutcome | { readonly error: unknown }> {
    try {
      const rows = await session.query(this.#commitQuery, values)
      return readOutcome(rows[0]?.[0])
    } catch (error) {
      if (failureKind(error) !== 'refused') session.destroy()
      return { error }
    } finally {
      this.#pool.release(session)
    }
  }

  /**
   * Whether the commit under way on a lost session won. Ends that session: its row is deleted, which waits for a commit that still runs in
   * the server and makes one that has not begun yet fail. So the answer is final.
   */
  async #fateOf(lost: S, commitId: Buffer, cause: unknown): Promise<'committed' | 'not-committed'> {
    for (const pauseMs of RETRY_PAUSES_MS) {
      if (pauseMs > 0) await pause(pauseMs)
      let session: S
      try {
        session = await this.#pool.acquire()
      } catch {
        continue
      }
      try {
        const [row] = await session.query(this.#endSessionQuery, [lost.id])
        if (!row) break
        return readBytes(row[0] ?? '').equals(commitId) ? 'committed' : 'not-committed'
      } catch (error) {
        // This deletion may have happened; then the next attempt finds no row and cannot tell.
        if (failureKind(error) === 'lost') session.destroy()
      } finally {
        this.#pool.release(session)
      }
    }
    throw new CommitUnknown(
      'the connection was lost during a commit, and whether it happened could not be learnt',
      { cause },
    )
  }

  #nextId(): Buffer {
    const id = Buffer.allocUnsafe(16)
    this.#idPrefix.copy(id)
    id.writeBigUInt64BE(BigInt(++this.#commitCount), 8)
    return id
  }
}

function parametersOf(change: Change): Buffer[] {
  const { checks = [], emptyRanges = [], deletes = [], sets = [], adds = [] } = change
  const writtenKeys = [...sets.map(({ key }) => key), ...deletes, ...adds.map(({ key }) => key)]
  return [
    byteArray(checks.map(({ key }) => key)),
    byteArray(checks.map(({ version }) => (version === null ? null : versionBytes(version)))),
    byteArray(emptyRanges.map(({ start }) => start)),
    byteArray(emptyRanges.map(({ end }) => end)),
    byteArray(emptyRanges.map(scopeOfRange)),
    byteArray(emptyRanges.length > 0 ? writtenKeys.flatMap(scopesOfKey) : []),
    byteArray(deletes),
    byteArray(sets.map(({ key }) => key)),
    byteArray(sets.map(({ value }) => value)),
    byteArray(adds.map(({ key }) => key)),
    byteArray(adds.map(({ amounts }) => counterRow(amounts))),
  ]
}

/** Versions are commit ids as the server writes them: `\x` and hexadecimal digits. */
function versionBytes(version: Version): Buffer {
  if (typeof version !== 'string') throw new RangeError(`version ${version} is not of this store`)
  return readBytes(version)
}

function counterRow(amounts: readonly number[]): Buffer {
  const row = Buffer.allocUnsafe(amounts.length * 8)
  for (const [column, amount] of amounts.entries()) row.writeBigInt64BE(BigInt(amount), column * 8)
  return row
}

function readOutcome(text: string | null | undefined): CommitOutcome {
  if (text === 'ok' || text === 'conflict' || text === 'not-empty') return text
  throw new Error(`a commit must end as ok, conflict or not-empty, got ${text ?? 'nothing'}`)
}

/** Resolves after so many milliseconds. */
export const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, durationMs))
