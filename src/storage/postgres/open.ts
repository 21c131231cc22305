import type { Client } from 'pg'
import { StoreUnavailable } from '../metadata-store.ts'
import { describeAddress, parsePostgresUrl, type PostgresAddress } from './address.ts'
import { unavailable } from './failures.ts'
import { PostgresMetadataStore } from './metadata-store.ts'
import { SessionPool } from './session-pool.ts'
import type { Session } from './session.ts'
import {
  migrateSchema,
  NewerSchema,
  readSchemaVersion,
  SCHEMA_VERSION,
  type SchemaMigration,
} from './schema.ts'
import { connect, forgetOldSessions } from './session.ts'

/** The store cannot be opened as it is; the message says what to do. Trying again does not help. */
export class UnsuitableStore extends Error {
  override readonly name = 'UnsuitableStore'
}

/**
 * Opens the store that a `postgres://` URL names, after looking whether the server can be reached, keeps what it acknowledges, takes writes, and
 * has the schema of this release. `onWarning` hears what should be otherwise and is no reason not to start. Throws RangeError for a wrong URL, UnsuitableStore, or StoreUnavailable.
 */
export async function openPostgresMetadataStore(
  url: string,
  onWarning: (message: string) => void = () => undefined,
): Promise<PostgresMetadataStore<Session>> {
  const address = parsePostgresUrl(url)
  await withClient(address, async (client) => {
    await assertDurable(client, address)
    if ((await settingOf(client, 'data_checksums')) === 'off')
      onWarning(
        `${describeAddress(address)}: the server has data_checksums = off: it does not notice when its disk changes pages. Each record is checked when it is read, indexes and counters are not. Turn them on with pg_checksums --enable, or initdb --data-checksums`,
      )
    const version = await readSchemaVersion(client, address.schema)
    if (version === null || version < SCHEMA_VERSION)
      throw new UnsuitableStore(
        `${describeAddress(address)}: schema ${address.schema} ${version === null ? 'does not exist' : `has version ${version}, ${SCHEMA_VERSION} is needed`}. Run \`lugsail store migrate\` first`,
      )
    if (version > SCHEMA_VERSION)
      throw new UnsuitableStore(
        `${describeAddress(address)}: ${new NewerSchema(address.schema, version).message}`,
      )
    await forgetOldSessions(client, address.schema)
  })
  return new PostgresMetadataStore(address, new SessionPool(address))
}

/** Makes the schema of the store that a `postgres://` URL names, or brings it to this release. Fails as {@link openPostgresMetadataStore} does. */
export async function migratePostgresStore(url: string): Promise<SchemaMigration> {
  const address = parsePostgresUrl(url)
  return await withClient(address, async (client) => {
    try {
      return await migrateSchema(client, address.schema)
    } catch (error) {
      throw error instanceof NewerSchema
        ? new UnsuitableStore(`${describeAddress(address)}: ${error.message}`)
        : error
    }
  })
}

/** A connection to the first host that takes writes. */
async function withClient<T>(address: PostgresAddress, work: (client: Client) => Promise<T>): Promise<T> {
  const where = describeAddress(address)
  let failure: unknown
  for (const host of address.hosts) {
    let opened
    try {
      opened = await connect(address, host)
    } catch (error) {
      failure ??= error
      continue
    }
    const { client, socket } = opened
    client.on('error', () => undefined)
    try {
      if ((await settingOf(client, 'transaction_read_only')) === 'on') {
        failure ??= new StoreUnavailable(
          `${where}: ${host.host}:${host.port} is a standby, it takes no writes`,
        )
        continue
      }
      return await work(client)
    } catch (error) {
      throw error instanceof UnsuitableStore ? error : unavailable(where, error)
    } finally {
      await client.end().catch(() => undefined)
      socket.destroy()
    }
  }
  throw unavailable(where, failure)
}

/** What is acknowledged must be on disk: settings under which PostgreSQL itself breaks that are refused. */
async function assertDurable(client: Client, address: PostgresAddress): Promise<void> {
  if (address.isUnsafeAllowed) return
  for (const [name, ...allowed] of [
    ['fsync', 'on'],
    ['full_page_writes', 'on'],
    ['synchronous_commit', 'on', 'remote_apply', 'remote_write', 'local'],
  ] as const) {
    const value = await settingOf(client, name)
    if (!allowed.some((one) => one === value))
      throw new UnsuitableStore(
        `${describeAddress(address)}: the server has ${name} = ${value}, with which acknowledged writes can be lost; expected ${allowed.join(' or ')}. Change the server's setting, or add allow_unsafe_durability=true to the URL`,
      )
  }
}

async function settingOf(client: Client, name: string): Promise<string> {
  const result = await client.query<{ value: string }>('select current_setting($1) as value', [name])
  return result.rows[0]?.value ?? ''
}
