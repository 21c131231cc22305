import type { Attempt } from '../commit/attempt.ts'
import { commitInTurn } from '../commit/commit-in-turn.ts'
import { STORE_TURNS } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { isDomainError } from '../errors/domain-error.ts'
import { credentialKey, lastUsedKey } from '../keyspace.ts'
import { cutAgent, shownAgent } from '../key-uses/user-of-key.ts'
import { lastUsedCodec } from '../records/credential.ts'
import type { LastUsedRecord } from '../records/credential.ts'

/** What a key was used for, and by whom. */
interface UseOfKey {
  readonly region: string
  readonly serviceName: string
  readonly operation: string
  readonly address: string
  /** As the client called itself. */
  readonly agent: string | undefined
}

interface Use extends LastUsedRecord {
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
 * Remembers when each access key was last used, exact to the second, without a write for each request. The first use of a key that was not
 * written lately is written at once, so that every server shows it; later ones are gathered and written every few seconds. One for each process;
 * close it when the server stops.
 */
export class AccessKeyUses {
  readonly #context: ServiceContext
  readonly #uses = new Map<string, Use>()
  readonly #onFailure: (error: unknown) => void
  #timer: NodeJS.Timeout | null = null
  #flushing: Promise<void> | null = null
  /** A first use came while a flush was under way. */
  #flushesAgain = false
  #isClosed = false

  /** `onFailure` hears of writes that failed; what they carried stays and is tried again. */
  constructor(context: ServiceContext, onFailure: (error: unknown) => void = () => undefined) {
    this.#context = context
    this.#onFailure = onFailure
  }

  /** Notes that a key was used `at` (epoch milliseconds), and for what. Called for each verified request: cheap, and never waits. */
  recordUse(accessKeyId: string, at: number, use: UseOfKey): void {
    const { region, serviceName, operation, address } = use
    const agent = cutAgent(use.agent)
    const lastUsedDate = at - (at % 1000)
    const known = this.#uses.get(accessKeyId)
    if (known) {
      if (lastUsedDate < known.lastUsedDate) return
      const isSame =
        lastUsedDate === known.lastUsedDate &&
        known.operation === operation &&
        known.address === address &&
        known.agent === agent &&
        known.serviceName === serviceName &&
        known.region === region
      if (isSame) return
    } else if (this.#uses.size >= KEYS_MAX) {
      this.#startFlush()
      return
    }
    const flushedAt = known?.flushedAt ?? 0
    this.#uses.set(accessKeyId, {
      lastUsedDate,
      region,
      serviceName,
      operation,
      address,
      agent,
      isPending: true,
      flushedAt,
    })
    if (this.#context.clock.now() - flushedAt >= FLUSH_INTERVAL_MS) this.#startFlush()
    else this.#schedule()
  }

  /** The last use of each key, this process's pending ones included; a key that was never used is absent. */
  async read(accessKeyIds: readonly string[]): Promise<Map<string, LastUsedRecord>> {
    const entries = await this.#context.metadata.getMany(accessKeyIds.map(lastUsedKey))
    const lastUses = new Map<string, LastUsedRecord>()
    accessKeyIds.forEach((accessKeyId, index) => {
      const entry = entries[index]
      const stored = entry ? lastUsedCodec.decode(entry.value) : null
      const own = this.#uses.get(accessKeyId)
      const latest = own && (!stored || own.lastUsedDate >= stored.lastUsedDate) ? own : stored
      if (latest) lastUses.set(accessKeyId, toRecord(latest))
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
    if (this.#flushing) {
      this.#flushesAgain = true
      return
    }
    this.#beginFlush().then(
      () => {
        if (!this.#flushesAgain) return
        this.#flushesAgain = false
        this.#startFlush()
      },
      (error: unknown) => {
        this.#onFailure(error)
        this.#schedule()
      },
    )
  }

  #beginFlush(): Promise<void> {
    const flushing = this.#writePending().finally(() => {
      this.#flushing = null
    })
    this.#flushing = flushing
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

  /** Writes the uses of some keys in one commit. A key deleted meanwhile is forgotten, and a later use written elsewhere stays. */
  async #write(accessKeyIds: readonly string[]): Promise<void> {
    let written: readonly Written[]
    try {
      written = await commitInTurn(this.#context, STORE_TURNS.lastUses, () => this.#prepare(accessKeyIds))
    } catch (error) {
      if (!isDomainError(error, 'RecordBusy')) throw error
      // Another server keeps using these keys at this moment: what it writes is as good, and the next flush tries again.
      this.#schedule()
      return
    }
    for (const { accessKeyId, use } of written) {
      use.isPending = false
      use.flushedAt = this.#context.clock.now()
      // A use noted while the commit was under way waits for the next one.
      const current = this.#uses.get(accessKeyId)
      if (current) current.flushedAt = use.flushedAt
      if (current?.isPending === true) this.#schedule()
    }
  }

  async #prepare(accessKeyIds: readonly string[]): Promise<Attempt<readonly Written[]>> {
    const entries = await this.#context.metadata.getMany(
      accessKeyIds.flatMap((id) => [credentialKey(id), lastUsedKey(id)]),
    )
    const written: Written[] = []
    const checks = []
    const sets = []
    for (const [index, accessKeyId] of accessKeyIds.entries()) {
      const [credential, stored] = [entries[2 * index], entries[2 * index + 1]]
      const use = this.#uses.get(accessKeyId)
      if (!use) continue
      if (!credential) {
        this.#uses.delete(accessKeyId)
        continue
      }
      written.push({ accessKeyId, use })
      if (stored && lastUsedCodec.decode(stored.value).lastUsedDate > use.lastUsedDate) continue
      const key = lastUsedKey(accessKeyId)
      checks.push(
        { key: credential.key, version: credential.version },
        { key, version: stored?.version ?? null },
      )
      sets.push({ key, value: lastUsedCodec.encode(toRecord(use)) })
    }
    return { change: sets.length > 0 ? { checks, sets } : null, result: written }
  }
}

interface Written {
  readonly accessKeyId: string
  readonly use: Use
}

function toRecord({
  lastUsedDate,
  region,
  serviceName,
  operation,
  address,
  agent = '',
}: LastUsedRecord): LastUsedRecord {
  return {
    lastUsedDate,
    region,
    serviceName,
    ...(operation !== undefined && { operation }),
    ...(address !== undefined && { address }),
    ...(agent !== '' && { agent: shownAgent(agent) }),
  }
}
