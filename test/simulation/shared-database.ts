import { DatabaseError } from 'pg'
import type {
  Change,
  CommitOutcome,
  Entry,
  ListItem,
  MetadataSnapshot,
} from '../../src/storage/metadata-store.ts'
import { MemoryMetadataStore } from '../../src/storage/memory/metadata-store.ts'
import { SESSION_ENDED } from '../../src/storage/postgres/commit-function.ts'
import type { Timeline } from './timeline.ts'

/** One row of an answer, as the server writes it. */
export type Row = (string | null)[]

/**
 * The database that several gateways share, as the PostgreSQL engine sees it: each statement happens at once and for good, or not at all. Gateways can be cut
 * off from it, and it can be down for a while.
 */
export class SharedDatabase {
  readonly timeline: Timeline
  readonly #entries = new MemoryMetadataStore()
  /** Of each key: the commit that wrote it, in hexadecimal digits. */
  readonly #versions = new Map<string, string>()
  readonly #sessions = new Map<string, string>()
  readonly #cutOff = new Set<string>()
  isUp = true
  /** Whether messages may come late by so much that nobody waits for them any more. */
  isLossy = false

  constructor(timeline: Timeline) {
    this.timeline = timeline
  }

  cutOff(machine: string): void {
    this.#cutOff.add(machine)
  }

  connect(machine: string): void {
    this.#cutOff.delete(machine)
  }

  reaches(machine: string): boolean {
    return this.isUp && !this.#cutOff.has(machine)
  }

  beginSession(id: Buffer): void {
    this.#sessions.set(id.toString('hex'), '')
  }

  /** What the statement of that name gives; its arguments as the driver sends them. */
  async run(name: string, values: readonly (Buffer | number)[]): Promise<Row[]> {
    const bytes = (at: number): Buffer => {
      const value = values[at]
      if (!Buffer.isBuffer(value)) throw new RangeError(`argument ${at} of ${name} is not bytes`)
      return value
    }
    const array = (at: number): (Buffer | null)[] => readArray(bytes(at))
    const keys = (at: number): Buffer[] => array(at).flatMap((key) => (key ? [key] : []))
    const count = (at: number): number => Number(values[at])
    switch (name) {
      case 'get-many': {
        const entries = await this.#entries.getMany(keys(0))
        return entries.flatMap((entry) => (entry ? [this.#row(entry)] : []))
      }
      case 'scan':
      case 'scan-reverse': {
        const reverse = name === 'scan-reverse'
        const range = { start: bytes(0), end: bytes(1), limit: count(2), valueBytesMax: count(3), reverse }
        return (await this.#entries.scan(range)).map((entry) => this.#row(entry))
      }
      case 'scan-delimited': {
        const [prefix, start, end, delimiter] = [bytes(0), bytes(1), bytes(2), bytes(3)]
        const items = await this.#entries.scanDelimited({
          ...{ prefix, start, end, delimiter },
          limit: count(4),
          valueBytesMax: count(5),
        })
        return items.map((item) => this.#itemRow(item))
      }
      case 'commit':
        return [[await this.#commit(bytes(0), bytes(1), { array, keys })]]
      case 'end-session': {
        const id = bytes(0).toString('hex')
        const last = this.#sessions.get(id)
        this.#sessions.delete(id)
        return last === undefined ? [] : [[`\\x${last}`]]
      }
      default:
        throw new RangeError(`there is no statement ${name}`)
    }
  }

  /** The state of this moment, as the engine reads it. */
  async snapshot(): Promise<MetadataSnapshot> {
    const versions = new Map(this.#versions)
    const snapshot = await this.#entries.snapshot()
    return {
      scan: async (range) =>
        (await snapshot.scan(range)).map((entry) => ({ ...entry, version: versionOf(versions, entry.key) })),
      close: () => snapshot.close(),
    }
  }

  async #commit(
    sessionId: Buffer,
    commitId: Buffer,
    {
      array,
      keys,
    }: { readonly array: (at: number) => (Buffer | null)[]; readonly keys: (at: number) => Buffer[] },
  ): Promise<CommitOutcome> {
    const session = sessionId.toString('hex')
    const versions = array(3)
    const isStale = keys(2).some(
      (key, at) => this.#versions.get(hexOf(key)) !== versions[at]?.toString('hex'),
    )
    if (isStale) return 'conflict'
    const ends = keys(5)
    const emptyRanges = keys(4).map((start, at) => ({ start, end: ends[at] ?? start }))
    const values = keys(10)
    const amounts = keys(12)
    const change: Change = {
      emptyRanges,
      deletes: keys(8),
      sets: keys(9).map((key, at) => ({ key, value: values[at] ?? Buffer.alloc(0) })),
      adds: keys(11).map((key, at) => ({ key, amounts: amountsOf(amounts[at] ?? Buffer.alloc(0)) })),
    }
    if (!this.#sessions.has(session)) throw sessionEnded()
    const outcome = await this.#entries.commit(change)
    if (outcome !== 'ok') return outcome
    const version = commitId.toString('hex')
    for (const key of change.deletes ?? []) this.#versions.delete(hexOf(key))
    for (const { key } of [...(change.sets ?? []), ...(change.adds ?? [])])
      this.#versions.set(hexOf(key), version)
    this.#sessions.set(session, version)
    return 'ok'
  }

  #row({ key, value }: Entry): Row {
    return [`\\x${key.toString('hex')}`, `\\x${value.toString('hex')}`, versionOf(this.#versions, key)]
  }

  #itemRow(item: ListItem): Row {
    return item.type === 'entry'
      ? [...this.#row(item.entry), 'f']
      : [`\\x${item.prefix.toString('hex')}`, '\\x', '\\x', 't']
  }
}

const versionOf = (versions: ReadonlyMap<string, string>, key: Uint8Array): string =>
  `\\x${versions.get(hexOf(key)) ?? ''}`

const hexOf = (key: Uint8Array): string =>
  Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('hex')

/** As the server answers a commit whose session is gone. */
function sessionEnded(): DatabaseError {
  const message = 'this session was ended'
  const error = new DatabaseError(message, message.length, 'error')
  error.code = SESSION_ENDED
  error.severity = 'ERROR'
  return error
}

/** Reads an array as `byteArray` of the engine writes it. */
function readArray(bytes: Buffer): (Buffer | null)[] {
  if (bytes.readInt32BE(0) === 0) return []
  const elements: (Buffer | null)[] = []
  let at = 20
  for (let left = bytes.readInt32BE(12); left > 0; left--) {
    const length = bytes.readInt32BE(at)
    at += 4
    elements.push(length < 0 ? null : Buffer.from(bytes.subarray(at, at + length)))
    at += Math.max(0, length)
  }
  return elements
}

function amountsOf(row: Buffer): number[] {
  return Array.from({ length: row.length / 8 }, (_, column) => Number(row.readBigInt64BE(column * 8)))
}
