import type { Client } from 'pg'
import { addCountersFunction, commitFunction } from './commit-function.ts'
import { prefixEndFunction, scanDelimitedFunction } from './scan-function.ts'

/** The layout of the tables and the meaning of the functions; raised with each change of either, and where older programs could not read what is stored in them. */
export const SCHEMA_VERSION = 3

/**
 * The steps that lead from one schema version to the next; step 0 makes version 1 in an empty schema. `schema` is a quoted identifier. Functions are
 * made as this release has them, by `create or replace`, so a step that changes one is only that function.
 *
 *     kv        one row an entry: key, value, version (the id of the commit that wrote it)
 *     sessions  one row a connection of a running program: the id of its last commit
 *     version   one row: the schema version
 */
const MIGRATIONS: readonly ((schema: string) => readonly string[])[] = [
  (schema) => [
    `create table ${schema}.kv (k bytea primary key, v bytea not null, ver bytea not null)`,
    // Values are bodies and short records: compressing them costs time and gains nothing, and slices of what is not compressed are cheap.
    `alter table ${schema}.kv alter v set storage external`,
    // Vacuum sooner than the default of 20 % of a table, which in a table of a billion rows is never.
    `alter table ${schema}.kv set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02, fillfactor = 90)`,
    `create table ${schema}.sessions (id bytea primary key, last_commit bytea, opened_at timestamptz not null default now())
      with (fillfactor = 10, autovacuum_vacuum_threshold = 1000)`,
    `create table ${schema}.version (version int not null)`,
    addCountersFunction(schema),
    commitFunction(schema),
    prefixEndFunction(schema),
    scanDelimitedFunction(schema),
    `insert into ${schema}.version values (1)`,
  ],
  // Version 2: a commit of more than 256 keys locked out all others also when it named half of them twice, to check and to write them.
  (schema) => [commitFunction(schema)],
  // Version 3: records of objects have a form that programs of before do not read. It ends the sessions of those that are running.
  () => [],
]

/** What a migration did: the versions before (0: there was no schema) and after. */
export interface SchemaMigration {
  readonly from: number
  readonly to: number
}

/**
 * Makes the schema, or brings it to {@link SCHEMA_VERSION}, in one transaction; several at once wait for each other. Programs that are
 * connected notice: their sessions end. Throws when the schema is newer than this program.
 */
export async function migrateSchema(client: Client, schema: string): Promise<SchemaMigration> {
  await client.query('begin')
  try {
    // As long as it takes, also to wait for another one: a step may rewrite a large table.
    await client.query('set local statement_timeout = 0')
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`lugsail schema ${schema}`])
    const from = (await readSchemaVersion(client, schema)) ?? 0
    if (from > SCHEMA_VERSION) throw new NewerSchema(schema, from)
    if (from === 0) await client.query(`create schema if not exists ${schema}`)
    for (const step of MIGRATIONS.slice(from))
      for (const statement of step(schema)) await client.query(statement)
    if (from < SCHEMA_VERSION) {
      await client.query(`update ${schema}.version set version = ${SCHEMA_VERSION}`)
      await client.query(`delete from ${schema}.sessions`)
    }
    await client.query('commit')
    return { from, to: SCHEMA_VERSION }
  } catch (error) {
    // The failure that matters is the first one; a connection that is gone rolls back by itself.
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

/** The version of the schema; null when there is none. */
export async function readSchemaVersion(client: Client, schema: string): Promise<number | null> {
  const found = await client.query<{ exists: boolean }>('select to_regclass($1) is not null as exists', [
    `${schema}.version`,
  ])
  if (!found.rows[0]?.exists) return null
  const version = await client.query<{ version: number }>(`select version from ${schema}.version`)
  return version.rows[0]?.version ?? null
}

/** The schema was made by a later release than this one. */
export class NewerSchema extends Error {
  override readonly name = 'NewerSchema'

  constructor(schema: string, version: number) {
    super(
      `the schema ${schema} has version ${version} and this program knows versions up to ${SCHEMA_VERSION}: use the release that migrated it, or a later one`,
    )
  }
}
