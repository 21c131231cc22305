import { prefixEnd } from '../../base/key.ts'
import { assertChange } from '../change-limits.ts'
import {
  CommitUnknown,
  StoreUnavailable,
  type Change,
  type CommitOutcome,
  type DelimitedScanRange,
  type Entry,
  type Key,
  type ListItem,
  type MetadataSnapshot,
  type MetadataStore,
  type ScanRange,
} from '../metadata-store.ts'
import { describeAddress, type PostgresAddress } from './address.ts'
import { readBytes } from './byte-arrays.ts'
import { Commits, pause, RETRY_PAUSES_MS, type CommitSession, type CommitSessions } from './commits.ts'
import { failureKind, unavailable } from './failures.ts'
import { KeyReads, readEntry, viewOf } from './reads.ts'
import type { PreparedQuery, Row } from './session.ts'

/** Where its connections come from. */
export interface StoreSessions<S extends CommitSession> extends CommitSessions<S> {
  snapshot(): Promise<MetadataSnapshot>
  close(): Promise<void>
}

const VALUE_WHOLE = 2 ** 31 - 1

/**
 * The metadata of many machines in one PostgreSQL database. It reads and writes the primary only, so that every process sees each acknowledged
 * commit at once. Open one with `openPostgresMetadataStore`.
 */
export class PostgresMetadataStore<S extends CommitSession> implements MetadataStore {
  readonly #where: string
  readonly #answerTimeoutMs: number
  readonly #pool: StoreSessions<S>
  readonly #commits: Commits<S>
  readonly #keyReads: KeyReads
  readonly #scanQuery: PreparedQuery
  readonly #reverseScanQuery: PreparedQuery
  readonly #delimitedScanQuery: PreparedQuery
  #isClosed = false

  /** `pool`: of sessions at `address`. */
  constructor(address: PostgresAddress, pool: StoreSessions<S>) {
    const { schema } = address
    this.#where = describeAddress(address)
    this.#answerTimeoutMs = address.answerTimeoutMs
    this.#pool = pool
    this.#commits = new Commits(this.#pool, schema)
    this.#keyReads = new KeyReads({
      run: (query, values, isAwaited) => this.#read(query, values, isAwaited),
      schema,
      // The other half is for commits and scans: a flood of reads must not keep them waiting.
      runningMax: Math.max(1, address.connectionsMax >> 1),
      waitingMax: address.waitingMax,
    })
    const scan = (order: string) =>
      `select k, substring(v from 1 for $4::int), ver from ${schema}.kv where k >= $1::bytea and k < $2::bytea order by k ${order} limit $3::int`
    this.#scanQuery = { name: 'scan', text: scan('asc') }
    this.#reverseScanQuery = { name: 'scan-reverse', text: scan('desc') }
    this.#delimitedScanQuery = {
      name: 'scan-delimited',
      text: `select k, v, ver, is_prefix from ${schema}.scan_delimited($1::bytea, $2::bytea, $3::bytea, $4::bytea, $5::int, $6::int)`,
    }
  }

  async getMany(keys: readonly Key[]): Promise<(Entry | null)[]> {
    this.#assertOpen()
    if (keys.length === 0) return []
    return await this.#inTime((isAwaited) => this.#keyReads.getMany(keys, isAwaited), this.#lateRead)
  }

  async scan(range: ScanRange): Promise<Entry[]> {
    this.#assertOpen()
    const rows = await this.#readInTime(range.reverse ? this.#reverseScanQuery : this.#scanQuery, [
      viewOf(range.start),
      viewOf(range.end),
      range.limit,
      range.keysOnly ? 0 : (range.valueBytesMax ?? VALUE_WHOLE),
    ])
    return rows.map(readEntry)
  }

  async scanDelimited(range: DelimitedScanRange): Promise<ListItem[]> {
    this.#assertOpen()
    const { prefix, delimiter, limit, valueBytesMax = VALUE_WHOLE } = range
    const behind = prefixEnd(prefix)
    const rows = await this.#readInTime(this.#delimitedScanQuery, [
      viewOf(prefix),
      viewOf(Buffer.compare(range.start, prefix) < 0 ? prefix : range.start),
      viewOf(behind && Buffer.compare(behind, range.end) < 0 ? behind : range.end),
      viewOf(delimiter),
      limit,
      valueBytesMax,
    ])
    return rows.map((row) =>
      row[3] === 't'
        ? { type: 'prefix', prefix: readBytes(row[0] ?? '') }
        : { type: 'entry', entry: readEntry(row) },
    )
  }

  async snapshot(): Promise<MetadataSnapshot> {
    this.#assertOpen()
    return await this.#pool.snapshot()
  }

  async commit(change: Change): Promise<CommitOutcome> {
    this.#assertOpen()
    assertChange(change)
    try {
      // What became of one that is not answered is found out as well, for the store's sake; its caller does not wait for that.
      return await this.#inTime((isAwaited) => this.#commits.commit(change, isAwaited), this.#lateCommit)
    } catch (error) {
      throw error instanceof RangeError ? error : unavailable(this.#where, error)
    }
  }

  /**
   * What takes longer than one answer may, waiting for a connection and further attempts included, is given up for its caller: a server that hangs keeps many calls waiting,
   * and each would have to wait for those before it and then for itself.
   */
  async #inTime<T>(call: (isAwaited: () => boolean) => Promise<T>, late: () => Error): Promise<T> {
    let isAwaited = true
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(late()), this.#answerTimeoutMs)
    })
    const calling = call(() => isAwaited)
    calling.catch(() => undefined)
    try {
      return await Promise.race([calling, tooLong])
    } finally {
      isAwaited = false
      clearTimeout(timer)
    }
  }

  readonly #lateRead = (): Error =>
    new StoreUnavailable(`${this.#where}: no response to a read within ${this.#answerTimeoutMs} ms`)

  readonly #lateCommit = (): Error =>
    new CommitUnknown(
      `no response to a commit within ${this.#answerTimeoutMs} ms, and whether it happened is not known`,
    )

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#pool.close()
  }

  #readInTime(query: PreparedQuery, values: readonly (Buffer | number)[]): Promise<readonly Row[]> {
    return this.#inTime((isAwaited) => this.#read(query, values, isAwaited), this.#lateRead)
  }

  /** Reads on any session; on another one when the connection breaks, for as long as the pauses last and somebody waits. */
  async #read(
    query: PreparedQuery,
    values: readonly (Buffer | number)[],
    isAwaited: () => boolean,
  ): Promise<readonly Row[]> {
    let failure: unknown
    for (const pauseMs of RETRY_PAUSES_MS) {
      if (pauseMs > 0) await pause(pauseMs)
      if (!isAwaited()) break
      try {
        return await this.#readOnce(query, values)
      } catch (error) {
        failure = error
        if (error instanceof StoreUnavailable || failureKind(error) === 'refused') break
      }
    }
    throw unavailable(this.#where, failure)
  }

  async #readOnce(query: PreparedQuery, values: readonly (Buffer | number)[]): Promise<readonly Row[]> {
    const session = await this.#pool.acquire()
    try {
      return await session.query(query, values)
    } catch (error) {
      if (failureKind(error) === 'lost') session.destroy()
      throw error
    } finally {
      this.#pool.release(session)
    }
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new StoreUnavailable('the metadata store is closed')
  }
}
