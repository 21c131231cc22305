import type { ServiceContext } from '../context.ts'
import type { KeyUseRecord } from '../records/key-use.ts'
import { isDomainError } from '../errors/domain-error.ts'
import { CommitUnknown } from '../../storage/metadata-store.ts'
import { dayOf } from '../usage/daily-usage.ts'
import { addUses, USERS_PER_KEY_MAX, USES_PER_COMMIT, type CountedUse } from './add-uses.ts'
import { cutAgent } from './user-of-key.ts'

/** Users not yet written; with so many the meter flushes at once. */
const USERS_MAX = 5_000
/** Users kept in memory while the store does not answer, of all keys together; what others do is then counted with their key's others, or lost. */
const USERS_KEPT_MAX = 20_000

/** A finished request whose signature was right. */
export interface KeyUse {
  readonly accountId: string
  readonly accessKeyId: string
  readonly address: string
  readonly agent: string | undefined
  /** Epoch milliseconds. */
  readonly at: number
  readonly receivedBytes: number
  readonly sentBytes: number
  readonly isRefused: boolean
}

type Counts = { -readonly [M in keyof Omit<KeyUseRecord, 'address' | 'agent'>]: KeyUseRecord[M] }

interface CountedUser extends Counts {
  /** Null: all users beyond those that are told apart. */
  readonly user: { readonly address: string; readonly agent: string } | null
}

interface CountedKey {
  readonly accountId: string
  readonly accessKeyId: string
  readonly day: number
  readonly users: Map<string, CountedUser>
}

/** What the users beyond the bound are counted under: no address and agent make this text. */
const OTHERS = ''

/**
 * Counts in memory who uses which access key, by address and agent, and adds it to the store now and then: no write per request. A crash loses
 * what was counted since the last flush, and a commit that may or may not have happened is not repeated. One for each process.
 */
export class KeyUseMeter {
  readonly #context: ServiceContext
  readonly #onLoss: (requests: number) => void
  #keys = new Map<string, CountedKey>()
  #userCount = 0
  #flushing: Promise<void> = Promise.resolve()

  /** `onLoss` hears of requests that are not counted, since too many users wait for a store that does not answer. */
  constructor(context: ServiceContext, onLoss: (requests: number) => void = () => undefined) {
    this.#context = context
    this.#onLoss = onLoss
  }

  /** Counts a request. Never fails and never waits. */
  count({ accountId, accessKeyId, address, agent, at, receivedBytes, sentBytes, isRefused }: KeyUse): void {
    const user = { address, agent: cutAgent(agent) }
    const key = { accountId, accessKeyId, day: dayOf(at) }
    const counts = {
      first: at,
      last: at,
      requests: 1,
      receivedBytes,
      sentBytes,
      refusals: isRefused ? 1 : 0,
    }
    if (this.#add(key, user, counts) && this.#userCount === USERS_MAX)
      // A store that does not answer now is tried again by the next flush; the counts come back.
      this.flush().catch(() => undefined)
  }

  /** To be called every few seconds and before the end: adds what was counted. Rejects with StoreUnavailable; what is surely not in the
   * store is then kept for the next flush. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(
      () => this.#flushOnce(),
      () => this.#flushOnce(),
    )
    return this.#flushing
  }

  /** Whether a user was added who was not there before. */
  #add(key: Omit<CountedKey, 'users'>, user: CountedUser['user'], counts: Counts): boolean {
    const id = `${key.day} ${key.accountId} ${key.accessKeyId}`
    const isFull = this.#userCount >= USERS_KEPT_MAX
    let counted = this.#keys.get(id)
    if (!counted) {
      if (isFull) {
        this.#onLoss(counts.requests)
        return false
      }
      this.#keys.set(id, (counted = { ...key, users: new Map() }))
    }
    const { users } = counted
    const name = user === null ? OTHERS : `${user.address}\n${user.agent}`
    const known = users.get(name)
    if (known) {
      addCounts(known, counts)
      return false
    }
    if (user !== null && (isFull || users.size >= USERS_PER_KEY_MAX)) return this.#add(key, null, counts)
    users.set(name, { user, ...counts })
    this.#userCount++
    return true
  }

  async #flushOnce(): Promise<void> {
    const uses = [...this.#keys.values()].flatMap(({ users, ...key }) =>
      [...users.values()].map((counted): CountedUse => ({ ...key, ...counted })),
    )
    this.#keys = new Map()
    this.#userCount = 0
    for (let at = 0; at < uses.length; at += USES_PER_COMMIT) {
      try {
        await addUses(this.#context, uses.slice(at, at + USES_PER_COMMIT))
      } catch (error) {
        // What may be in the store already is not counted again.
        const from = error instanceof CommitUnknown ? at + USES_PER_COMMIT : at
        for (const { user, accountId, accessKeyId, day, ...counts } of uses.slice(from))
          this.#add({ accountId, accessKeyId, day }, user, counts)
        // Other gateways write to these rows at this moment: the next flush tries again.
        if (isDomainError(error, 'RecordBusy')) return
        throw error
      }
    }
  }
}

function addCounts(to: Counts, { first, last, requests, receivedBytes, sentBytes, refusals }: Counts): void {
  if (first < to.first) to.first = first
  if (last > to.last) to.last = last
  to.requests += requests
  to.receivedBytes += receivedBytes
  to.sentBytes += sentBytes
  to.refusals += refusals
}
