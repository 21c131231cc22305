import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DatabaseError, type Client } from 'pg'
import { StoreUnavailable } from '../metadata-store.ts'
import { byteArray, readBytes } from './byte-arrays.ts'
import { SESSION_ENDED } from './commit-function.ts'
import { failureKind, unavailable } from './failures.ts'
import { migrateSchema, NewerSchema, readSchemaVersion, SCHEMA_VERSION } from './schema.ts'

/** A server whose schema has a version, null: there is none; what it was asked, in order. `failsAt`: the beginning of a statement that it refuses. */
function serverOf(version: number | null, failsAt?: string) {
  const asked: string[] = []
  const query = async (text: string, values?: readonly unknown[]): Promise<{ rows: object[] }> => {
    asked.push(text.trim())
    if (failsAt !== undefined && text.startsWith(failsAt)) throw new Error('refused')
    if (text.includes('to_regclass'))
      return { rows: [{ exists: version !== null && values?.[0] === '"s".version' }] }
    if (text.startsWith('select version from')) return { rows: version === null ? [] : [{ version }] }
    return { rows: [] }
  }
  const has = (part: string): boolean => asked.some((text) => text.includes(part))
  return { client: { query } as unknown as Client, asked, has }
}

describe('the schema in PostgreSQL', () => {
  it('is made as a whole where there is none, in one transaction that others wait for', async () => {
    const { client, asked, has } = serverOf(null)
    assert.deepEqual(await migrateSchema(client, '"s"'), { from: 0, to: SCHEMA_VERSION })
    assert.deepEqual([asked[0], asked.at(-1)], ['begin', 'commit'])
    const at = (part: string): number => {
      const found = asked.findIndex((text) => text.includes(part))
      assert.ok(found >= 0, part)
      return found
    }
    assert.ok(at('set local statement_timeout = 0') < at('pg_advisory_xact_lock'))
    assert.ok(at('pg_advisory_xact_lock') < at('to_regclass'))
    assert.ok(at('create schema if not exists "s"') < at('create table "s".kv'))
    for (const part of ['create table "s".kv', 'create table "s".sessions', 'create table "s".version'])
      assert.ok(has(part), part)
    assert.ok(has('insert into "s".version values (1)'))
    assert.ok(has(`update "s".version set version = ${SCHEMA_VERSION}`))
    assert.ok(has('delete from "s".sessions'))
    for (const text of asked.filter((each) => /^create (?:or replace )?(?:table|function)/.test(each)))
      assert.match(text, /"s"\./)
  })

  it('is brought to this release from each one before, without being made again', async () => {
    for (let from = 1; from < SCHEMA_VERSION; from++) {
      const { client, asked, has } = serverOf(from)
      assert.deepEqual(await migrateSchema(client, '"s"'), { from, to: SCHEMA_VERSION })
      assert.ok(!has('create table') && !has('create schema'), `from ${from}`)
      assert.equal(has('create or replace function'), from < 2, `from ${from}`)
      assert.ok(has(`set version = ${SCHEMA_VERSION}`) && has('delete from "s".sessions'))
      assert.equal(asked.at(-1), 'commit')
    }
  })

  it('of this release is left as it is, and so are the sessions of those who use it', async () => {
    const { client, asked, has } = serverOf(SCHEMA_VERSION)
    assert.deepEqual(await migrateSchema(client, '"s"'), { from: SCHEMA_VERSION, to: SCHEMA_VERSION })
    assert.ok(!has('update') && !has('delete') && !has('create'))
    assert.equal(asked.at(-1), 'commit')
  })

  it('of a later release, and one that cannot be changed, is rolled back to what it was', async () => {
    const later = serverOf(SCHEMA_VERSION + 1)
    await assert.rejects(migrateSchema(later.client, '"s"'), NewerSchema)
    assert.equal(later.asked.at(-1), 'rollback')
    const refusing = serverOf(null, 'create table')
    await assert.rejects(migrateSchema(refusing.client, '"s"'), /refused/)
    assert.equal(refusing.asked.at(-1), 'rollback')
    const gone = serverOf(null, 'create table')
    const { query } = gone.client as unknown as { query: (text: string) => Promise<unknown> }
    Object.assign(gone.client, {
      query: async (text: string) =>
        text === 'rollback' ? await Promise.reject(new Error('gone')) : await query(text),
    })
    await assert.rejects(migrateSchema(gone.client, '"s"'), /refused/)
  })

  it('has a version, or is not there', async () => {
    assert.equal(await readSchemaVersion(serverOf(null).client, '"s"'), null)
    assert.equal(await readSchemaVersion(serverOf(2).client, '"s"'), 2)
    const empty = {
      query: async (text: string) => ({ rows: text.includes('to_regclass') ? [{ exists: true }] : [] }),
    }
    assert.equal(await readSchemaVersion(empty as unknown as Client, '"s"'), null)
  })
})

const refusal = (code: string | undefined, severity = 'ERROR'): DatabaseError =>
  Object.assign(new DatabaseError('the words', 9, 'error'), { code, severity })

describe('what PostgreSQL could not do', () => {
  it('leaves the connection well, or asks for the same once more, or loses it', () => {
    for (const code of ['40001', '40P01', SESSION_ENDED])
      assert.equal(failureKind(refusal(code)), 'refused-retry', code)
    for (const code of ['23505', '42P01', '57014']) assert.equal(failureKind(refusal(code)), 'refused', code)
    for (const severity of ['FATAL', 'PANIC'])
      assert.equal(failureKind(refusal('40001', severity)), 'lost', severity)
    for (const error of [
      refusal(undefined),
      new Error('x'),
      Object.assign(new Error('x'), { code: '40001' }),
      null,
    ])
      assert.equal(failureKind(error), 'lost')
  })

  it('is told with its code, and what to do about it where that is known', () => {
    const words = (error: unknown): string => unavailable('the server', error).message
    assert.equal(words(refusal('23505')), 'the server: the words (23505)')
    assert.equal(words(refusal('3D000')), 'the server: the words (3D000). Create the database first')
    for (const code of ['3F000', '42P01', '42883'])
      assert.match(words(refusal(code)), /lugsail store migrate/, code)
    assert.match(words(refusal('25006')), /standby/)
    assert.match(words(refusal('53200')), /max_locks_per_transaction/)
    assert.match(words(refusal('53300')), /max_connections/)
    assert.equal(
      words(Object.assign(new Error(''), { code: 'ECONNREFUSED' })),
      'the server: ECONNREFUSED (ECONNREFUSED)',
    )
    for (const error of [new Error(''), 'text', null])
      assert.equal(words(error), 'the server: unknown failure')
    assert.equal(words(Object.assign(new Error('x'), { code: 7 })), 'the server: x')
    const known = new StoreUnavailable('told already')
    assert.equal(unavailable('the server', known), known)
    const cause = refusal('23505')
    assert.equal(unavailable('the server', cause).cause, cause)
  })
})

describe('bytes on their way to PostgreSQL', () => {
  it('are an array in its binary form', () => {
    assert.equal(byteArray([]).toString('hex'), '000000000000000000000011')
    assert.equal(
      byteArray([Buffer.from('ab'), Buffer.alloc(0)]).toString('hex'),
      ['00000001', '00000000', '00000011', '00000002', '00000001', '00000002', '6162', '00000000'].join(''),
    )
    assert.equal(
      byteArray([null, Buffer.from('c')]).toString('hex'),
      ['00000001', '00000001', '00000011', '00000002', '00000001', 'ffffffff', '00000001', '63'].join(''),
    )
    assert.equal(readBytes('\\x00ff61').toString('hex'), '00ff61')
    assert.equal(readBytes('\\x').length, 0)
  })
})
