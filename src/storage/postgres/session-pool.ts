import { HOUR_MS } from '../../base/milliseconds.ts'
import { StoreUnavailable, type MetadataSnapshot } from '../metadata-store.ts'
import { describeAddress, type PostgresAddress } from './address.ts'
import { unavailable } from './failures.ts'
import { Session } from './session.ts'
import { openSnapshot } from './snapshot.ts'

const SESSION_LIFETIME_MS = HOUR_MS
const WAIT_TIMEOUT_MS = 5_000

interface Waiter {
  readonly resolve: (session: Session) => void
  readonly reject: (error: unknown) => void
  readonly timer: NodeJS.Timeout
}

/** A bounded set of sessions, with a bounded queue before it. */
export class SessionPool {
  readonly #address: PostgresAddress
  readonly #idle: Session[] = []
  readonly #waiting: Waiter[] = []
  #openCount = 0
  #hostIndex = 0
  #isClosed = false
  #onEmpty: (() => void) | null = null

  constructor(address: PostgresAddress) {
    this.#address = address
  }

  /**
   * A session for the caller alone, which gives it back with {@link release}. Rejects with StoreUnavailable when none can be opened, when too many
   * callers wait, or when none came free in time.
   */
  async acquire(): Promise<Session> {
    if (this.#isClosed) throw new StoreUnavailable('the metadata store is closed')
    const idle = this.#takeIdle()
    if (idle) return idle
    if (this.#openCount < this.#address.connectionsMax) return await this.#open()
    if (this.#waiting.length >= this.#address.waitingMax)
      throw new StoreUnavailable(
        `${describeAddress(this.#address)}: all ${this.#address.connectionsMax} connections are busy and ${this.#waiting.length} calls wait`,
      )
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
        reject(
          new StoreUnavailable(
            `${describeAddress(this.#address)}: no connection came free within ${WAIT_TIMEOUT_MS} ms`,
          ),
        )
      }, WAIT_TIMEOUT_MS)
      const waiter = { resolve, reject, timer }
      this.#waiting.push(waiter)
    })
  }

  /** Takes a session back; one that is lost or old is replaced when it is next needed. */
  release(session: Session): void {
    const isOld = performance.now() - session.openedAt > SESSION_LIFETIME_MS
    if (session.isLost || isOld || this.#isClosed) {
      this.#drop(session)
      return
    }
    const waiter = this.#takeWaiter()
    if (waiter) waiter.resolve(session)
    else this.#idle.push(session)
  }

  /** The state of this moment, on a connection besides those of the pool. */
  snapshot(): Promise<MetadataSnapshot> {
    return openSnapshot(this.#address)
  }

  /** Waits for sessions in use, then closes all. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#failWaiters(new StoreUnavailable('the metadata store is closed'))
    for (const session of this.#idle.splice(0)) this.#drop(session)
    if (this.#openCount > 0) await new Promise<void>((resolve) => (this.#onEmpty = resolve))
  }

  #takeIdle(): Session | undefined {
    for (let session = this.#idle.pop(); session; session = this.#idle.pop()) {
      if (!session.isLost) return session
      this.#drop(session)
    }
    return undefined
  }

  async #open(): Promise<Session> {
    this.#openCount++
    try {
      return await this.#openAnyHost()
    } catch (error) {
      this.#openCount--
      // Whoever waits for a session waits in vain while none can be opened.
      if (this.#openCount === 0) {
        this.#failWaiters(error)
        this.#onEmpty?.()
      }
      throw error
    }
  }

  /** Tries each host once, the one that served last first: after a failover the new primary is found. */
  async #openAnyHost(): Promise<Session> {
    const { hosts } = this.#address
    let failure: unknown
    for (let attempt = 0; attempt < hosts.length; attempt++) {
      const index = (this.#hostIndex + attempt) % hosts.length
      const host = hosts[index]
      if (!host) break
      try {
        const session = await Session.open(this.#address, host)
        this.#hostIndex = index
        return session
      } catch (error) {
        failure ??= error
      }
    }
    throw unavailable(describeAddress(this.#address), failure)
  }

  /** Forgets a session, and opens another for whoever waits. */
  #drop(session: Session): void {
    // Its connection may be broken already; it is given up either way.
    if (session.isLost) session.destroy()
    else session.close().catch(() => session.destroy())
    this.#openCount--
    if (this.#isClosed) {
      if (this.#openCount === 0) this.#onEmpty?.()
      return
    }
    const waiter = this.#takeWaiter()
    if (waiter) this.#open().then(waiter.resolve, waiter.reject)
  }

  /** Once taken, a waiter is served or refused by whoever took it, no more by its timer. */
  #takeWaiter(): Waiter | undefined {
    const waiter = this.#waiting.shift()
    clearTimeout(waiter?.timer)
    return waiter
  }

  #failWaiters(error: unknown): void {
    for (let waiter = this.#takeWaiter(); waiter; waiter = this.#takeWaiter()) waiter.reject(error)
  }
}
