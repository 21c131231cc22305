import { randomBytes } from 'node:crypto'
import { StoreUnavailable, type MetadataSnapshot } from '../../src/storage/metadata-store.ts'
import type { CommitSession } from '../../src/storage/postgres/commits.ts'
import { PostgresMetadataStore, type StoreSessions } from '../../src/storage/postgres/metadata-store.ts'
import type { PreparedQuery } from '../../src/storage/postgres/session.ts'
import type { Row, SharedDatabase } from './shared-database.ts'
import type { SimulatedProcess } from './simulated-process.ts'

const ANSWER_TIMEOUT_MS = 5_000
const NETWORK_MS = 8

/** A connection: what goes over it comes late, or never. */
class SimulatedSession implements CommitSession {
  readonly id = randomBytes(12)
  readonly #database: SharedDatabase
  readonly #process: SimulatedProcess
  readonly #machine: string
  isLost = false

  constructor(database: SharedDatabase, process: SimulatedProcess, machine: string) {
    this.#database = database
    this.#process = process
    this.#machine = machine
  }

  destroy(): void {
    this.isLost = true
  }

  query({ name }: PreparedQuery, values: readonly (Buffer | number)[]): Promise<readonly Row[]> {
    return this.#process.whileAlive(() => this.#ask(name, () => this.#database.run(name, values)))
  }

  async begin(): Promise<this> {
    await this.#process.whileAlive(() => this.#ask('begin', async () => this.#database.beginSession(this.id)))
    return this
  }

  /** Sends a request, which happens when it arrives, and waits for the answer. Either may be lost on the way. */
  #ask<T>(what: string, act: () => Promise<T>): Promise<T> {
    const { timeline, name } = this.#process
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        const lost = (): void => {
          this.isLost = true
          reject(new StoreUnavailable(`no response within ${ANSWER_TIMEOUT_MS} ms`))
        }
        // The process that waits may have ended.
        this.#process.after(ANSWER_TIMEOUT_MS, null, lost).catch(() => undefined)
      }
      const arrive = async (): Promise<void> => {
        if (!this.#database.reaches(this.#machine)) return giveUp()
        const answer = await act().then(
          (result) => () => resolve(result),
          (error: unknown) => () => reject(error instanceof Error ? error : new Error(String(error))),
        )
        timeline.plan(timeline.delayMs(NETWORK_MS), null, () => {
          if (!this.#process.isAlive) return
          if (this.#database.reaches(this.#machine)) answer()
          else giveUp()
        })
      }
      // What was sent arrives though its sender has ended meanwhile, and now and then long after it gave up.
      const isLate = this.#database.isLossy && timeline.chance(0.3)
      const delayMs = timeline.delayMs(NETWORK_MS) + (isLate ? 2 * ANSWER_TIMEOUT_MS : 0)
      timeline.plan(delayMs, `${name} ${what}`, () => void arrive())
      if (isLate) giveUp()
    })
  }
}

/** As the engine's pool, without its bounds. */
class SimulatedSessions implements StoreSessions<SimulatedSession> {
  readonly snapshot: () => Promise<MetadataSnapshot>
  readonly #open: () => Promise<SimulatedSession>
  readonly #idle: SimulatedSession[] = []

  constructor(open: () => Promise<SimulatedSession>, snapshot: () => Promise<MetadataSnapshot>) {
    this.#open = open
    this.snapshot = snapshot
  }

  async acquire(): Promise<SimulatedSession> {
    return await (this.#idle.pop() ?? this.#open())
  }

  release(session: SimulatedSession): void {
    if (!session.isLost) this.#idle.push(session)
  }

  async close(): Promise<void> {
    this.#idle.length = 0
  }
}

/** The real engine over connections of this process to the simulated database. */
export function sharedStore(
  database: SharedDatabase,
  process: SimulatedProcess,
  machine: string,
): PostgresMetadataStore<SimulatedSession> {
  const sessions = new SimulatedSessions(
    () => new SimulatedSession(database, process, machine).begin(),
    async () => {
      if (!database.reaches(machine)) throw new StoreUnavailable('no answer')
      return await database.snapshot()
    },
  )
  return new PostgresMetadataStore(ADDRESS, sessions)
}

const ADDRESS = {
  hosts: [{ host: 'simulated', port: 5432 }],
  database: 'simulated',
  user: 'simulated',
  tls: false,
  schema: 'simulated',
  connectionsMax: 10,
  waitingMax: 1_000,
  answerTimeoutMs: ANSWER_TIMEOUT_MS,
  isUnsafeAllowed: false,
} as const
