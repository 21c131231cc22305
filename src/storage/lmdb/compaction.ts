import { renameSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { getLastVersion } from 'lmdb'
import { keyAfter } from '../../base/key.ts'
import { syncFolder } from '../../base/sync-folder.ts'
import { CompactionFailed, KEY_BYTES_MAX, type CompactOptions, type Compaction } from '../metadata-store.ts'
import { copyOf } from './buffers.ts'
import { ChangeJournal, JournalBroken } from './change-journal.ts'
import type { CommitQueue } from './commit-queue.ts'
import { Draft, type CopiedState } from './draft.ts'
import { assertInPlace, transact, type Environment, type OpenedEnvironment } from './environment.ts'
import { removeLeftovers } from './leftovers.ts'
import type { LiveEnvironment } from './live-environment.ts'
import { waitForReaders } from './long-readers.ts'
import { NamedRests } from './named-rests.ts'
import type { Row, RowReader } from './row-reader.ts'
import { LmdbSnapshot } from './snapshot.ts'
import { spaceOf } from './space.ts'

/** What is read at a time, and what is written in a transaction of the new file. */
const PAGE_BYTES = 256 * 1024
const PAGE_ROWS_MAX = 512
const BATCH_BYTES = 16 * 1024 * 1024
/** Keys that were changed and are copied again at a time. */
const KEYS_PER_ROUND = 2_000
/** With so few keys left, by their bytes, commits are made to wait for them. */
const LAST_BYTES = 64 * 1024
/** While they wait no more than so many are copied; else they go on, and it is tried again. */
const LAST_BYTES_MAX = 8 * LAST_BYTES
const LAST_ATTEMPTS_MAX = 20
/** Room is made beforehand for so many. */
const LAST_KEYS = 1_000
/** Rounds of copying what was changed meanwhile; one that has to be so many does not keep up. */
const ROUNDS_MAX = 1_000
/** Room on the disk that is left to others. */
const ROOM_BYTES_LEFT = 16 * 1024 * 1024

/** Behind the keys of all entries and rests of values, before the one of the format. */
const END = Buffer.alloc(KEY_BYTES_MAX + 1, 0xff)

/**
 * Makes a new file of what is in the environment's, in order of key, and puts it in its place; other processes that have the old one open find that out by themselves. How, and why
 * no commit is lost: docs/decisions/compaction.md. Rejects as {@link MetadataStore.compact} says.
 */
export async function compact(parts: Parts): Promise<Compaction> {
  const { live } = parts
  // Another process may have compacted the store this moment.
  if (live.reopening) await live.reopening
  const { path } = live.opened.file
  await assertRoom(live.opened)
  const journal = ChangeJournal.begin(path)
  if (!journal) throw new CompactionFailed('another compaction of the store goes on')
  let draft: Draft | undefined
  try {
    draft = Draft.make(path)
    return await new Run({ ...parts, journal, draft }).run()
  } catch (error) {
    if (error instanceof JournalBroken) throw new CompactionFailed(error.message, { cause: error })
    throw error
  } finally {
    await draft?.close()
    journal.end()
    removeLeftovers(path)
    await live.follow()
  }
}

interface Parts {
  readonly live: LiveEnvironment
  readonly commits: CommitQueue
  readonly rows: RowReader
  readonly options: CompactOptions
}

interface RunParts extends Parts {
  readonly journal: ChangeJournal
  readonly draft: Draft
}

class Run {
  readonly #live: LiveEnvironment
  readonly #commits: CommitQueue
  readonly #rows: RowReader
  readonly #options: CompactOptions
  readonly #journal: ChangeJournal
  readonly #draft: Draft
  readonly #startedAt = performance.now()
  #copied = 0
  /** Rests that no entry has. */
  #leftOut = 0
  #copiedAgain = 0

  constructor({ live, commits, rows, options, journal, draft }: RunParts) {
    this.#live = live
    this.#commits = commits
    this.#rows = rows
    this.#options = options
    this.#journal = journal
    this.#draft = draft
  }

  async run(): Promise<Compaction> {
    const bytesBefore = this.#live.opened.file.bytes
    await this.#copyAll()
    for (let attempt = 1; ; attempt++) {
      await this.#catchUp()
      // Most of it is synced before anybody waits for it.
      await this.#draft.file.sync()
      await waitForReaders(this.#live, this.#commits, this.#options.signal)
      await this.#catchUp()
      await this.#outnumberDraft()
      await this.#draft.file.sync()
      this.#draft.makeRoomFor(LAST_KEYS, 0)
      const last = await this.#takePlace()
      if (last) {
        const durationMs = performance.now() - this.#startedAt
        return { ...last, bytesBefore, copiedAgain: this.#copiedAgain, durationMs }
      }
      if (attempt === LAST_ATTEMPTS_MAX) throw tooSlow()
    }
  }

  async #copyAll(): Promise<void> {
    await this.#journal.isKnown()
    // Whoever began a transaction before the journal was known has ended it then: the state that is copied has it.
    await this.#waitForWriters()
    const snapshot = await this.#live.read(() => new LmdbSnapshot(this.#live, this.#rows))
    try {
      const total = this.#live.opened.file.newestState().rows
      const named = new NamedRests(total)
      let batch: Row[] = []
      let batchBytes = 0
      for await (const page of this.#pages(snapshot)) {
        const wanted = page.filter((row) => named.isWanted(row))
        batchBytes += bytesOf(wanted)
        batch.push(...wanted)
        this.#copied += wanted.length
        this.#leftOut += page.length - wanted.length
        if (batchBytes >= BATCH_BYTES) {
          await this.#work(() => this.#draft.append(batch))
          batch = []
          batchBytes = 0
          this.#options.onProgress?.(this.#copied, total)
        }
      }
      await this.#work(() => this.#draft.append(batch))
      await this.#draft.appendFormat(this.#live.current)
      this.#options.onProgress?.(this.#copied, total)
    } finally {
      await snapshot.close()
    }
  }

  async *#pages(snapshot: LmdbSnapshot): AsyncGenerator<Row[], void, undefined> {
    let start: Buffer = Buffer.alloc(1)
    let limit = 16
    for (;;) {
      const range = { start, end: END, limit }
      const page = await this.#work(async () => snapshot.scanRows(range))
      yield page
      const last = page.at(-1)
      if (!last || page.length < limit) return
      start = keyAfter(last.key)
      limit = Math.min(PAGE_ROWS_MAX, Math.max(1, Math.floor((PAGE_BYTES * limit) / bytesOf(page))))
    }
  }

  /** Copies again what was changed, until little is left. */
  async #catchUp(): Promise<void> {
    for (let round = 1; this.#journal.waitingBytes > LAST_BYTES; round++) {
      if (round > ROUNDS_MAX) throw tooSlow()
      const keys = this.#takeKeys(KEYS_PER_ROUND)
      // Keys are noted before the transaction that changes them is over.
      await this.#waitForWriters()
      const states = await this.#live.read((environment) => keys.map((key) => stateOf(environment, key)))
      await this.#work(() => this.#draft.set(states))
      this.#copiedAgain += keys.length
    }
  }

  /** The keys that were noted, each once: `countMin` or a few more, or as many as there are. */
  #takeKeys(countMin: number): Buffer[] {
    const keys = new Map<string, Buffer>()
    while (keys.size < countMin) {
      const noted = this.#journal.read()
      if (!noted) break
      for (const key of noted) keys.set(key.toString('latin1'), key)
    }
    return [...keys.values()]
  }

  /** The new file's own transactions have lower numbers than the one whose state it will have: pages and what is free bear such numbers. */
  async #outnumberDraft(): Promise<void> {
    while (
      this.#live.opened.file.newestState().transactionId <=
      this.#draft.file.newestState().transactionId + 2
    )
      await this.#commits.commitNothing()
  }

  /** The last step: nobody commits, what is left is copied, and the new file takes the place of the old one. Null when too much is left. */
  #takePlace(): Promise<Pick<Compaction, 'bytesAfter' | 'entries' | 'pauseMs'> | null> {
    return this.#commits.alone(() =>
      this.#live.write((opened) =>
        transact(opened.environment, async () => {
          const lockedAt = performance.now()
          assertInPlace(opened)
          this.#assertJournal()
          if (this.#journal.waitingBytes > LAST_BYTES_MAX) return null
          const keys = this.#takeKeys(Infinity)
          if (this.#journal.waitingBytes > 0) throw new JournalBroken()
          await this.#draft.set(keys.map((key) => stateOf(opened.environment, key)))
          this.#copiedAgain += keys.length
          const { rows, transactionId } = opened.file.newestState()
          const made = this.#draft.file.newestState().rows
          if (made + this.#leftOut !== rows)
            throw new Error(
              `a compaction made ${made} rows of ${rows}, of which it left out ${this.#leftOut}`,
            )
          await this.#draft.finish(transactionId)
          this.#assertJournal()
          // Whoever gets the lock of writers next finds that its own file is no longer in its place.
          renameSync(this.#draft.file.path, opened.file.path)
          syncFolder(dirname(opened.file.path))
          const bytesAfter = this.#draft.file.bytes
          const entries = made - this.#draft.rests
          return { bytesAfter, entries, pauseMs: performance.now() - lockedAt }
        }),
      ),
    )
  }

  #assertJournal(): void {
    this.#options.signal?.throwIfAborted()
    if (!this.#journal.isWhole)
      throw new CompactionFailed(
        'it was ended from outside: it did not keep up, or was taken for one that is over',
      )
  }

  async #waitForWriters(): Promise<void> {
    await this.#commits.alone(() =>
      this.#live.write((opened) => transact(opened.environment, () => assertInPlace(opened))),
    )
    this.#assertJournal()
  }

  async #work<T>(work: () => Promise<T>): Promise<T> {
    const { signal, rest } = this.#options
    signal?.throwIfAborted()
    const startedAt = performance.now()
    const result = await work()
    await (rest ? rest(performance.now() - startedAt) : nextTurn())
    return result
  }
}

const bytesOf = (rows: readonly Row[]): number =>
  rows.reduce((sum, { key, value }) => sum + key.length + value.length, 0)

function stateOf(environment: Environment, key: Buffer): CopiedState {
  const value = environment.getBinaryFast(key)
  return value ? { key, value: copyOf(value), version: getLastVersion() } : { key, value: null }
}

const tooSlow = (): CompactionFailed =>
  new CompactionFailed('more is changed than it can copy; try again when there is less to do')

/** Throws {@link CompactionFailed} when the disk has no room for a second file. */
async function assertRoom(opened: OpenedEnvironment): Promise<void> {
  const { fileBytes, freeBytes } = spaceOf(opened)
  const { bavail, bsize } = await statfs(dirname(opened.file.path))
  const missing = fileBytes - freeBytes + ROOM_BYTES_LEFT - bavail * bsize
  if (missing > 0)
    throw new CompactionFailed(
      `the disk has no room for a second file beside the one in use: ${missing} bytes more are needed`,
    )
}
