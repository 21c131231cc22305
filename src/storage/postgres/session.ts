import { randomBytes } from 'node:crypto'
import { Socket } from 'node:net'
import { Client } from 'pg'
import { StoreUnavailable } from '../metadata-store.ts'
import type { PostgresAddress } from './address.ts'
import { SCHEMA_VERSION } from './schema.ts'

/** A query with its plan kept in the server, under `name`. */
export interface PreparedQuery {
  readonly name: string
  readonly text: string
}

/** A row of a prepared query: texts as the server writes them. */
export type Row = readonly (string | null)[]

const CONNECT_TIMEOUT_MS = 3_000

/**
 * One connection, and its row in the table of sessions, in which each commit notes its id. That row makes the fate of a commit known for
 * certain after the connection is lost: see `fateOf` in commits.ts.
 */
export class Session {
  readonly id = randomBytes(12)
  readonly openedAt = performance.now()
  readonly #client: Client
  readonly #socket: Socket
  readonly #schema: string
  readonly #answerTimeoutMs: number
  #isLost = false

  private constructor(client: Client, socket: Socket, address: PostgresAddress) {
    this.#client = client
    this.#socket = socket
    this.#schema = address.schema
    this.#answerTimeoutMs = address.answerTimeoutMs
    // Errors of a connection that nobody is using; those under way reject their queries.
    client.on('error', () => (this.#isLost = true))
    client.on('end', () => (this.#isLost = true))
  }

  /** Connects to one host and registers the session; throws what the driver throws, or a StoreUnavailable for a wrong schema. */
  static async open(address: PostgresAddress, host: { host: string; port: number }): Promise<Session> {
    const { client, socket } = await connect(address, host)
    const session = new Session(client, socket, address)
    try {
      const registered = await session.query(
        {
          name: 'register',
          text: `insert into ${address.schema}.sessions (id, last_commit) select $1::bytea, '' from ${address.schema}.version where version = ${SCHEMA_VERSION} returning 1`,
        },
        [session.id],
      )
      if (registered.length === 0)
        throw new StoreUnavailable(
          `the schema ${address.schema} is not at version ${SCHEMA_VERSION}, which this program needs: run \`lugsail store migrate\`, or use the release that migrated it`,
        )
      return session
    } catch (error) {
      session.destroy()
      throw error
    }
  }

  /** Whether the connection was seen to break. */
  get isLost(): boolean {
    return this.#isLost
  }

  /**
   * Runs a query. Rejects with the driver's error; when the server does not answer in time the connection is cut, for its late answer could be
   * taken for that of the next query.
   */
  async query(query: PreparedQuery, values: readonly (Buffer | number)[]): Promise<readonly Row[]> {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.destroy()
        reject(new StoreUnavailable(`no response within ${this.#answerTimeoutMs} ms`))
      }, this.#answerTimeoutMs)
      this.#client
        .query<(string | null)[]>({ ...query, values: [...values], rowMode: 'array', types: AS_TEXT })
        .then(({ rows }) => resolve(rows), reject)
        .finally(() => clearTimeout(timer))
    })
  }

  /** Cuts the connection; a query under way rejects. */
  destroy(): void {
    this.#isLost = true
    this.#socket.destroy()
  }

  /** Strikes the session off the table and closes the connection. */
  async close(): Promise<void> {
    await this.query(
      { name: 'unregister', text: `delete from ${this.#schema}.sessions where id = $1::bytea` },
      [this.id],
    )
    this.#isLost = true
    await this.#client.end()
  }
}

/** Strikes off the table what programs that crashed left there. A session lives for hours; one that is struck off all the same is replaced. */
export async function forgetOldSessions(client: Client, schema: string): Promise<void> {
  await client.query(`delete from ${schema}.sessions where opened_at < now() - interval '1 day'`)
}

/** A connection without a session: for looking at the server and for migrations. The caller ends it. */
export async function connect(
  address: PostgresAddress,
  host: { host: string; port: number },
): Promise<{ client: Client; socket: Socket }> {
  const socket = new Socket()
  const client = new Client({
    host: host.host,
    port: host.port,
    database: address.database,
    user: address.user,
    ...(address.password === undefined ? {} : { password: address.password }),
    ssl: address.tls,
    stream: () => socket,
    application_name: 'lugsail',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // The server gives up when this side has: nothing runs for a caller that is gone.
    statement_timeout: address.answerTimeoutMs,
    // The one table is read and written by its key alone; statistics of a table that just grew must not suggest otherwise. The tables of one row
    // are scanned all the same, at a cost that looks huge then: compiling such a query for it took 400 ms for each connection.
    options: '-c enable_seqscan=off -c jit=off',
  })
  try {
    await client.connect()
  } catch (error) {
    socket.destroy()
    throw error
  }
  return { client, socket }
}

const asIs = (value: string) => value
const AS_TEXT = { getTypeParser: () => asIs }
