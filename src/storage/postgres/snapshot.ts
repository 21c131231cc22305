import type { Socket } from 'node:net'
import type { Client } from 'pg'
import type { Entry, MetadataSnapshot, ScanRange } from '../metadata-store.ts'
import { describeAddress, type PostgresAddress } from './address.ts'
import { unavailable } from './failures.ts'
import { readEntry, viewOf } from './reads.ts'
import { connect, type Row } from './session.ts'

const VALUE_WHOLE = 2 ** 31 - 1

/**
 * One transaction of isolation level repeatable read, on a connection of its own. PostgreSQL keeps the rows that commits replace meanwhile, in all of the
 * database, until it is closed. Throws StoreUnavailable.
 */
export async function openSnapshot(address: PostgresAddress): Promise<MetadataSnapshot> {
  const where = describeAddress(address)
  let failure: unknown
  for (const host of address.hosts) {
    try {
      const opened = await connect(address, host)
      opened.client.on('error', () => undefined)
      const snapshot = new PostgresSnapshot(opened, address)
      try {
        if (await snapshot.begin()) return snapshot
        failure ??= new Error(`${host.host}:${host.port} is a standby`)
      } catch (error) {
        failure ??= error
      }
      await snapshot.close()
    } catch (error) {
      failure ??= error
    }
  }
  throw unavailable(where, failure)
}

class PostgresSnapshot implements MetadataSnapshot {
  readonly #client: Client
  readonly #socket: Socket
  readonly #address: PostgresAddress

  constructor({ client, socket }: { client: Client; socket: Socket }, address: PostgresAddress) {
    this.#client = client
    this.#socket = socket
    this.#address = address
  }

  /** Fixes the state; false when the host is no primary, and may be behind. */
  async begin(): Promise<boolean> {
    await this.#client.query('begin isolation level repeatable read read only')
    // Whoever reads it may write elsewhere between two pages for long.
    await this.#client.query('set local idle_in_transaction_session_timeout = 0')
    // The first query fixes the state.
    const { rows } = await this.#client.query<{ standby: boolean }>(
      `select pg_is_in_recovery() as standby, (select count(*) from ${this.#address.schema}.version)`,
    )
    return rows[0]?.standby === false
  }

  async scan(range: ScanRange): Promise<Entry[]> {
    const { schema } = this.#address
    const order = range.reverse ? 'desc' : 'asc'
    try {
      const { rows } = await this.#client.query<(string | null)[]>({
        name: `scan-${order}`,
        text: `select k, substring(v from 1 for $4::int), ver from ${schema}.kv where k >= $1::bytea and k < $2::bytea order by k ${order} limit $3::int`,
        values: [
          viewOf(range.start),
          viewOf(range.end),
          range.limit,
          range.keysOnly ? 0 : (range.valueBytesMax ?? VALUE_WHOLE),
        ],
        rowMode: 'array',
        types: AS_TEXT,
      })
      return rows.map((row: Row) => readEntry(row))
    } catch (error) {
      throw unavailable(describeAddress(this.#address), error)
    }
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined)
    this.#socket.destroy()
  }
}

const AS_TEXT = { getTypeParser: () => (value: string) => value }
