import assert from 'node:assert/strict'
import { it } from 'node:test'
import { credentialKey, roleKey } from '../keyspace.ts'
import { credentialCodec } from '../records/credential.ts'
import { roleCodec } from '../records/role.ts'
import { EnvelopeVault } from '../secrets/envelope-vault.ts'
import { mintMasterKey, parseMasterKeys } from '../secrets/master-keys.ts'
import type { Session } from '../sessions/session.ts'
import { AccessCache } from './access-cache.ts'

const vault = new EnvelopeVault(parseMasterKeys(mintMasterKey(), 'test'))
const MIB = 1024 * 1024

/** The entry of an application key of about so many bytes. */
const entryOf = (accessKeyId: string, bytes: number) => ({
  key: credentialKey(accessKeyId),
  version: 1,
  value: credentialCodec.encode({
    type: 'application-key',
    accessKeyId,
    accountId: '123456789012',
    secret: '',
    status: 'Active',
    createdAt: 0,
    name: accessKeyId,
    rights: ['read'],
    description: 'd'.repeat(bytes),
  }),
})

it('keeps decoded keys by their size, the newest of them', () => {
  const cache = new AccessCache(vault)
  const entries = Array.from({ length: 40 }, (_, at) => entryOf(`AKIA${at}`, MIB))
  const read = (at: number) => cache.credential(`AKIA${at}`, entries[at] ?? assert.fail(`no key ${at}`))
  const first = entries.map((_, at) => read(at))
  // The newest first: what is read anew pushes out others.
  const isKept = (at: number) => read(at) === first[at]
  assert.deepEqual([39, 20, 10].map(isKept), [true, true, true])
  assert.deepEqual([0, 1].map(isKept), [false, false])
})

it('counts a key once, whatever states it had', () => {
  const cache = new AccessCache(vault)
  const small = cache.credential('AKIASMALL', entryOf('AKIASMALL', 10))
  for (let version = 2; version < 100; version++)
    cache.credential('AKIALARGE', { ...entryOf('AKIALARGE', MIB), version })
  assert.equal(cache.credential('AKIASMALL', entryOf('AKIASMALL', 10)), small)
})

it('gives a session the role as it was read just now, whatever it was before', () => {
  const cache = new AccessCache(vault)
  const role = {
    name: 'r',
    roleId: 'AROA',
    accountId: '123456789012',
    createdAt: 0,
    sessionSecondsMax: 3_600,
  }
  const entryWith = (version: number, status: 'Active' | 'Inactive') => ({
    key: roleKey(role.accountId, role.name),
    version,
    value: roleCodec.encode({ ...role, status, rights: ['read'] }),
  })
  const session: Session = {
    accessKeyId: 'ASIA',
    secretAccessKey: '',
    issuedAt: 0,
    expiresAt: 1,
    accountId: role.accountId,
    parentKeyId: null,
    parentMadeAt: null,
    role: { ...role, sessionsSince: 0, sessionName: 's', policy: null },
  }
  const states = ([1, 1, 2, 1] as const).map((version) => {
    const stored = cache.roleOf(session, entryWith(version, version === 1 ? 'Active' : 'Inactive'))
    cache.session(session, null, stored)
    return stored
  })
  assert.deepEqual(
    states.map(({ record }) => record.status),
    ['Active', 'Active', 'Inactive', 'Active'],
  )
  assert.equal(states[0], states[1])
})
