import type { Entry, Key } from '../metadata-store.ts'
import { StoreUnavailable } from '../metadata-store.ts'
import { byteArray, readBytes } from './byte-arrays.ts'
import type { PreparedQuery, Row } from './session.ts'

/** Runs a read on some session, again on another when the connection was lost and somebody waits still. */
type RunRead = (
  query: PreparedQuery,
  values: readonly (Buffer | number)[],
  isAwaited: () => boolean,
) => Promise<readonly Row[]>

/** Keys of one query at most, so that its answer stays small enough to hold. */
const KEYS_PER_QUERY_MAX = 64

interface WaitingRead {
  readonly keys: readonly Key[]
  /** False once its caller was told that there is no response. */
  readonly isAwaited: () => boolean
  readonly resolve: (entries: (Entry | null)[]) => void
  readonly reject: (error: unknown) => void
}

/**
 * Reads of single keys. While `runningMax` queries are under way, further reads wait and share the next query: under load one round trip serves
 * many requests, without load none waits. Each read is still one snapshot, taken after it was asked for.
 */
export class KeyReads {
  readonly #run: RunRead
  readonly #query: PreparedQuery
  readonly #runningMax: number
  readonly #waitingMax: number
  #waiting: WaitingRead[] = []
  #runningCount = 0

  constructor(options: { run: RunRead; schema: string; runningMax: number; waitingMax: number }) {
    this.#run = options.run
    this.#query = {
      name: 'get-many',
      text: `select k, v, ver from ${options.schema}.kv where k = any ($1::bytea[])`,
    }
    this.#runningMax = options.runningMax
    this.#waitingMax = options.waitingMax
  }

  getMany(keys: readonly Key[], isAwaited: () => boolean): Promise<(Entry | null)[]> {
    return new Promise((resolve, reject) => {
      const read = { keys, isAwaited, resolve, reject }
      if (this.#waiting.length >= this.#waitingMax) this.#waiting = this.#waiting.filter(isWanted)
      if (this.#runningCount < this.#runningMax) void this.#runTogether([read])
      else if (this.#waiting.length < this.#waitingMax) this.#waiting.push(read)
      else reject(new StoreUnavailable(`${this.#waiting.length} reads wait for PostgreSQL already`))
    })
  }

  /** Never rejects: a failure goes to the reads. */
  async #runTogether(reads: readonly WaitingRead[]): Promise<void> {
    this.#runningCount++
    try {
      const keys = reads.length === 1 ? (reads[0]?.keys ?? []) : reads.flatMap((read) => read.keys)
      const isAnyAwaited = (): boolean => reads.some(isWanted)
      const rows = await this.#run(this.#query, [byteArray(keys)], isAnyAwaited)
      const rowsByKey = new Map(rows.map((row) => [row[0], row]))
      for (const read of reads) read.resolve(read.keys.map((key) => entryFor(key, rowsByKey)))
    } catch (error) {
      for (const read of reads) read.reject(error)
    } finally {
      this.#runningCount--
    }
    const next = this.#takeWaiting()
    if (next.length > 0) void this.#runTogether(next)
  }

  #takeWaiting(): readonly WaitingRead[] {
    let keyCount = 0
    let readCount = 0
    for (const { keys } of this.#waiting) {
      keyCount += keys.length
      if (readCount > 0 && keyCount > KEYS_PER_QUERY_MAX) break
      readCount++
    }
    return this.#waiting.splice(0, readCount)
  }
}

const isWanted = ({ isAwaited }: WaitingRead): boolean => isAwaited()

function entryFor(key: Key, rowsByKey: ReadonlyMap<string | null | undefined, Row>): Entry | null {
  const row = rowsByKey.get(`\\x${viewOf(key).toString('hex')}`)
  return row ? readEntry(row) : null
}

/** Reads a row of key, value, version. */
export function readEntry(row: Row): Entry {
  const [key, value, version] = row
  if (typeof key !== 'string' || typeof value !== 'string' || typeof version !== 'string')
    throw new Error('an entry must have a key, a value and a version')
  return { key: readBytes(key), value: readBytes(value), version }
}

/** The same bytes as a Buffer, which the driver wants; no copy. */
export const viewOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
