import type { Clock } from '../../base/clock.ts'
import type { Attempt } from '../commit/attempt.ts'
import { commitInTurn } from '../commit/commit-in-turn.ts'
import type { CommitParts } from '../commit/commit-parts.ts'
import { STORE_TURNS } from '../commit/turns.ts'
import { isDomainError } from '../errors/domain-error.ts'
import type { Entry, Key } from '../../storage/metadata-store.ts'
import { cutAgent, shownAgent } from '../key-uses/user-of-key.ts'
import { lastUsedCodec } from '../records/credential.ts'
import type { LastUsedRecord } from '../records/credential.ts'

/** What something was used for, and by whom. */
export interface NotedUse extends Omit<LastUsedRecord, 'lastUsedDate' | 'agent' | keyof UsedBy> {
  readonly operation: string
  readonly address: string
  /** As the client called itself. */
  readonly agent: string | undefined
}

/** By which session, where the thing itself does not tell who used it. */
type UsedBy = Pick<LastUsedRecord, 'sessionName' | 'accessKeyId'>

/** Where a thing lies, and where its last use does. */
export interface UsedRows {
  readonly owner: Key
  readonly lastUse: Key
}

/** What uses are noted of, `S`, by an id that no other has at the same time. */
interface UsedThing<S> {
  rowsOf(subject: S): UsedRows
  /** Whether the owner's entry is the thing itself, and not another of its name or id. */
  isThere(subject: S, entry: Entry): boolean
  /** Whether two uses are of one thing, by one user. */
  isSame(one: S, other: S): boolean
  /** By whom it was used. */
  usedBy(subject: S): UsedBy
}

/** What uses are noted and written with. */
export type LastUseParts = CommitParts & { readonly clock: Clock }

interface Use<S> extends Omit<NotedUse, 'agent'> {
  readonly subject: S
  /** Epoch milliseconds, whole seconds. */
  readonly lastUsedDate: number
  readonly agent: string
  isPending: boolean
  /** When it was last written from here; 0: not yet. */
  flushedAt: number
}

/** A use is durable at the latest this long afterwards; half of what is promised, so that a slow store still keeps the promise. */
export const FLUSH_INTERVAL_MS = 5_000

/** Keys remembered between flushes; a further one starts a flush, and until there is room again only known keys are noted. */
const KEYS_MAX = 20_000

const KEYS_PER_COMMIT = 50

/**
 * Remembers when each of its things was last used, exact to the second, without a write for each request. The first use of one that was not
 * written lately is written at once, so that every server shows it; later ones are gathered and written every few seconds. One for each process;
 * close it when the server stops.
 */
export class LastUseTable<S> {
  readonly #context: LastUseParts
  readonly #things: UsedThing<S>
  readonly #uses = new Map<string, Use<S>>()
  readonly #onFailure: (error: unknown) => void
  #timer: NodeJS.Timeout | null = null
  #flushing: Promise<void> | null = null
  /** A use that does not wait came while a flush was under way: another one follows. */
  #flushesAgain = false
  #isClosed = false

  /** `onFailure` hears of writes that failed; what they carried stays and is tried again. */
  constructor(context: LastUseParts, things: UsedThing<S>, onFailure: (error: unknown) => void) {
    this.#context = context
    this.#things = things
    this.#onFailure = onFailure
  }

  /** Notes that it was used `at` (epoch milliseconds), and for what. Called for each verified request: cheap, and never waits. */
  recordUse(id: string, subject: S, at: number, use: NotedUse): void {
    const agent = cutAgent(use.agent)
    const lastUsedDate = at - (at % 1000)
    const known = this.#uses.get(id)
    if (known) {
      if (lastUsedDate < known.lastUsedDate) return
      const isSame =
        lastUsedDate === known.lastUsedDate &&
        this.#things.isSame(known.subject, subject) &&
        known.agent === agent &&
        isSameUse(known, use)
      if (isSame) return
    } else if (this.#uses.size >= KEYS_MAX) {
      this.#startFlush()
      return
    }
    const flushedAt = known?.flushedAt ?? 0
    this.#uses.set(id, { ...use, lastUsedDate, agent, subject, isPending: true, flushedAt })
    if (this.#context.clock.now() - flushedAt >= FLUSH_INTERVAL_MS) this.#startFlush()
    else this.#schedule()
  }

  /** The last use of each, by its id, this process's pending ones included; what was never used is absent. */
  async read(rows: ReadonlyMap<string, UsedRows>): Promise<Map<string, LastUsedRecord>> {
    const asked = [...rows]
    const entries = await this.#context.metadata.getMany(
      asked.flatMap(([, { owner, lastUse }]) => [owner, lastUse]),
    )
    const lastUses = new Map<string, LastUsedRecord>()
    asked.forEach(([id], index) => {
      const [owner, entry] = [entries[2 * index], entries[2 * index + 1]]
      const stored = entry ? lastUsedCodec.decode(entry.value) : null
      const own = this.#uses.get(id)
      const isThere = own && owner && this.#things.isThere(own.subject, owner)
      const isOwn = isThere && (!stored || own.lastUsedDate >= stored.lastUsedDate)
      const latest = isOwn ? this.#toRecord(own) : stored
      if (latest) lastUses.set(id, latest)
    })
    return lastUses
  }

  /** Writes what is pending; resolves when all that was noted before the call is durable. Rejects when the store cannot answer. */
  async flush(): Promise<void> {
    while (this.#flushing) await this.#flushing.catch(() => undefined)
    await this.#beginFlush()
  }

  /** Writes what is pending and stops. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    await this.flush()
  }

  #schedule(): void {
    if (this.#timer || this.#isClosed) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#startFlush()
    }, FLUSH_INTERVAL_MS)
    this.#timer.unref()
  }

  /** Flushes without anyone waiting for it. */
  #startFlush(): void {
    if (this.#flushing) this.#flushesAgain = true
    else this.#beginFlush().catch((error: unknown) => this.#onFailure(error))
  }

  #beginFlush(): Promise<void> {
    const flushing = this.#writePending().finally(() => {
      this.#flushing = null
    })
    this.#flushing = flushing
    flushing.then(
      () => {
        if (!this.#flushesAgain) return
        this.#flushesAgain = false
        this.#startFlush()
      },
      () => this.#schedule(),
    )
    return flushing
  }

  async #writePending(): Promise<void> {
    const now = this.#context.clock.now()
    const pending: string[] = []
    for (const [accessKeyId, use] of this.#uses) {
      if (use.isPending) pending.push(accessKeyId)
      else if (now - use.flushedAt >= FLUSH_INTERVAL_MS) this.#uses.delete(accessKeyId)
    }
    for (let from = 0; from < pending.length; from += KEYS_PER_COMMIT) {
      await this.#write(pending.slice(from, from + KEYS_PER_COMMIT))
    }
  }

  /** Writes the uses of some in one commit. What was deleted meanwhile is forgotten, and a later use written elsewhere stays. */
  async #write(ids: readonly string[]): Promise<void> {
    let written: readonly Written<S>[]
    try {
      written = await commitInTurn(this.#context, STORE_TURNS.lastUses, () => this.#prepare(ids))
    } catch (error) {
      if (!isDomainError(error, 'RecordBusy')) throw error
      // Another server keeps using these keys at this moment: what it writes is as good, and the next flush tries again.
      this.#schedule()
      return
    }
    for (const { id, use } of written) {
      use.isPending = false
      use.flushedAt = this.#context.clock.now()
      // A use noted while the commit was under way waits for the next one, which it began or will begin.
      const current = this.#uses.get(id)
      if (current) current.flushedAt = use.flushedAt
    }
  }

  async #prepare(ids: readonly string[]): Promise<Attempt<readonly Written<S>[]>> {
    const noted = ids.flatMap((id) => {
      const use = this.#uses.get(id)
      return use ? [{ id, use, ...this.#things.rowsOf(use.subject) }] : []
    })
    const entries = await this.#context.metadata.getMany(
      noted.flatMap(({ owner, lastUse }) => [owner, lastUse]),
    )
    const written: Written<S>[] = []
    const checks = []
    const sets = []
    for (const [index, { id, use, lastUse }] of noted.entries()) {
      const [owner, stored] = [entries[2 * index], entries[2 * index + 1]]
      if (!owner || !this.#things.isThere(use.subject, owner)) {
        this.#uses.delete(id)
        continue
      }
      written.push({ id, use })
      if (stored && lastUsedCodec.decode(stored.value).lastUsedDate > use.lastUsedDate) continue
      checks.push(
        { key: owner.key, version: owner.version },
        { key: lastUse, version: stored?.version ?? null },
      )
      sets.push({ key: lastUse, value: lastUsedCodec.encode(this.#toRecord(use)) })
    }
    return { change: sets.length > 0 ? { checks, sets } : null, result: written }
  }

  #toRecord({
    subject,
    lastUsedDate,
    region,
    serviceName,
    operation,
    address,
    agent,
  }: Use<S>): LastUsedRecord {
    const used = { lastUsedDate, region, serviceName, operation, address, ...this.#things.usedBy(subject) }
    return agent === '' ? used : { ...used, agent: shownAgent(agent) }
  }
}

interface Written<S> {
  readonly id: string
  readonly use: Use<S>
}

const isSameUse = <S>(known: Use<S>, use: NotedUse): boolean =>
  known.operation === use.operation &&
  known.address === use.address &&
  known.serviceName === use.serviceName &&
  known.region === use.region
