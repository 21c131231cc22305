import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { DEFAULT_SERVICE_SETTINGS } from '../../../test/service-settings.ts'
import { TRUSTS_LENGTH_MAX } from '../../model/lugsail/role-shapes.ts'
import { createAccount } from '../accounts/create-account.ts'
import { createBucket } from '../buckets/create-bucket.ts'
import type { ServiceSettings } from '../context.ts'
import { roleLastUsedKey, rolesRange } from '../keyspace.ts'
import type { RoleRecord } from '../records/role.ts'
import { checkTrust, issuerFault } from './check-trust.ts'
import { createRole } from './create-role.ts'
import { deleteAllRoles, deleteRole } from './delete-role.ts'
import { listRoles } from './list-roles.ts'
import { readRole } from './read-role.ts'
import type { RoleDescription } from './role-description.ts'
import { updateRole } from './update-role.ts'

const ROLES_PER_PAGE = 100
const NOW = Date.UTC(2030, 0, 1)
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
})
const TRUST = { issuer: 'https://id.example.com', audiences: ['lugsail'], subjects: ['one'] }

async function setUp(settings: Partial<ServiceSettings> = {}) {
  const context = memoryContext({ clock: memoryContext().clock, settings })
  const { account } = await createAccount(context, 'main')
  const { account: other } = await createAccount(context, 'other')
  const caller = { accountId: account.accountId, region: 'us-east-1' }
  const foreign = { accountId: other.accountId, region: 'us-east-1' }
  await createBucket(context, caller, { bucketName: 'one', bundleId: 'small_1_0' })
  const make = (name: string, more: RoleDescription = { rights: ['read'] }) =>
    createRole(context, caller, { name, ...more })
  return { context, caller, foreign, make }
}

/** What differs from one role to the next. */
const described = ({ roleId: _id, accountId: _account, name: _name, createdAt, ...fields }: RoleRecord) => {
  assert.equal(createdAt, NOW)
  return fields
}

describe('a role', () => {
  const PLAIN = { status: 'Active', sessionSecondsMax: 3_600 }
  const made: readonly (readonly [given: RoleDescription, stored: object])[] = [
    [{ rights: ['read'] }, { ...PLAIN, rights: ['read'] }],
    [{ policy: POLICY }, { ...PLAIN, policy: POLICY }],
    [
      { rights: ['read'], sessionSecondsMax: 900 },
      { ...PLAIN, rights: ['read'], sessionSecondsMax: 900 },
    ],
    [
      { rights: ['read'], trusts: [TRUST] },
      { ...PLAIN, rights: ['read'], trusts: [TRUST] },
    ],
    [
      {
        rights: ['read'],
        trusts: [{ ...TRUST, authorizedParties: ['p'], claims: [{ name: 'c', values: ['v'] }] }],
      },
      {
        ...{ ...PLAIN, rights: ['read'] },
        trusts: [{ ...TRUST, authorizedParties: ['p'], claims: [{ name: 'c', values: ['v'] }] }],
      },
    ],
    [
      { rights: ['read'], description: 'd', prefixes: ['a/'], expiresAt: NOW + 1 },
      { ...PLAIN, rights: ['read'], description: 'd', prefixes: ['a/'], validUntil: NOW + 1 },
    ],
  ]
  for (const [given, stored] of made)
    it(`is kept as it is described: ${JSON.stringify(given)}`, async () => {
      const { context, caller, make } = await setUp()
      const role = await make('app', given)
      assert.match(role.roleId, /^AROA[A-Z2-7]{17}$/)
      assert.deepEqual([role.accountId, role.name], [caller.accountId, 'app'])
      assert.deepEqual(described(role), stored)
      assert.deepEqual((await readRole(context, caller.accountId, 'app')).record, role)
    })

  it('names buckets by their ids', async () => {
    const { make } = await setUp()
    const { buckets } = await make('app', { rights: ['read'], buckets: ['one'] })
    assert.deepEqual(
      buckets?.map(({ name }) => name),
      ['one'],
    )
    await assert.rejects(make('other', { rights: ['read'], buckets: ['none'] }), { kind: 'NoSuchBucket' })
  })

  it('has a name of its own in its account, rights or a policy, and an account', async () => {
    const { context, caller, foreign, make } = await setUp()
    await make('app')
    await assert.rejects(make('app'), { kind: 'RoleExists', fields: { roleName: 'app' } })
    await createRole(context, foreign, { name: 'app', rights: ['read'] })
    await assert.rejects(make('none', {}), {
      kind: 'InvalidApplicationKey',
      fields: { problem: 'A role needs rights or a policy: name one of the two' },
    })
    const nobody = { ...caller, accountId: '999999999999' }
    await assert.rejects(createRole(context, nobody, { name: 'app', rights: ['read'] }), {
      kind: 'NoSuchAccount',
      fields: { account: '999999999999' },
    })
  })

  it('is one of as many of its account as the settings say', async () => {
    const { context, foreign, make } = await setUp({ rolesPerAccountMax: 2 })
    await make('one')
    await make('two')
    await assert.rejects(make('three'), { kind: 'TooManyRoles', fields: { count: 2 } })
    await createRole(context, foreign, { name: 'three', rights: ['read'] })
  })

  it('goes with what tells of its use, alone or with all of its account', async () => {
    const { context, caller, foreign, make } = await setUp()
    const used = async (role: RoleRecord) => {
      await context.metadata.commit({
        sets: [{ key: roleLastUsedKey(role.roleId), value: Buffer.from('x') }],
      })
      return roleLastUsedKey(role.roleId)
    }
    const keys = [await used(await make('app'))]
    const kept = await createRole(context, foreign, { name: 'app', rights: ['read'] })
    assert.equal((await deleteRole(context, caller, 'app')).name, 'app')
    await assert.rejects(deleteRole(context, caller, 'app'), {
      kind: 'NoSuchRole',
      fields: { roleName: 'app' },
    })
    for (let count = 0; count < 120; count++) keys.push(await used(await make(`r-${count}`)))
    await deleteAllRoles(context, caller.accountId)
    assert.ok((await context.metadata.getMany(keys)).every((entry) => entry === null))
    assert.deepEqual(await context.metadata.scan({ ...rolesRange(caller.accountId), limit: 1 }), [])
    assert.deepEqual((await readRole(context, foreign.accountId, 'app')).record, kept)
  })
})

describe('changing a role', () => {
  const FULL: RoleDescription = {
    ...{ rights: ['read'], description: 'd', prefixes: ['a/'], sourceNetworks: ['10.0.0.0/8'] },
    ...{ expiresAt: NOW + 1_000, trusts: [TRUST], tags: [{ key: 't', value: 'v' }] },
  }
  type Change = Omit<Parameters<typeof updateRole>[2], 'name'>
  const changed: readonly (readonly [change: Change, differs: object])[] = [
    [{ status: 'Inactive' }, { status: 'Inactive' }],
    [{ description: 'e' }, { description: 'e' }],
    [{ policy: POLICY }, { policy: POLICY, rights: undefined }],
    [{ rights: ['write'] }, { rights: ['write'] }],
    [{ sessionSecondsMax: 900 }, { sessionSecondsMax: 900 }],
    [{ endsSessions: true }, { sessionsSince: NOW + 1_000 }],
    [{ expiresInSeconds: 60 }, { validUntil: NOW + 61_234 }],
    [
      { removes: ['description', 'prefixes', 'sourceNetworks', 'expiresAt', 'trusts', 'tags'] },
      {
        ...{ description: undefined, prefixes: undefined, sourceNetworks: undefined },
        ...{ validUntil: undefined, trusts: undefined, tags: undefined },
      },
    ],
  ]
  for (const [change, differs] of changed)
    it(`changes what is named alone: ${JSON.stringify(change)}`, async () => {
      const { context, caller, make } = await setUp()
      const before = await make('app', { ...FULL, expiresAt: NOW + 60_000 })
      context.clock.advance(1_234)
      const role = await updateRole(context, caller, { name: 'app', ...change })
      const members: Readonly<Record<string, unknown>> = { ...before, ...differs }
      const wanted = Object.entries(members).filter(([, value]) => value !== undefined)
      assert.deepEqual(role, Object.fromEntries(wanted))
      assert.deepEqual((await readRole(context, caller.accountId, 'app')).record, role)
    })

  it('has rights in the place of a policy', async () => {
    const { context, caller, make } = await setUp()
    await make('app', { policy: POLICY })
    const { policy, rights } = await updateRole(context, caller, { name: 'app', rights: ['read'] })
    assert.deepEqual([policy, rights], [undefined, ['read']])
  })

  it('ends the sessions since the last time, also within one second', async () => {
    const { context, caller, make } = await setUp()
    await make('app')
    const times: (number | undefined)[] = []
    for (const advance of [0, 0, 10, 5_000]) {
      context.clock.advance(advance)
      times.push((await updateRole(context, caller, { name: 'app', endsSessions: true })).sessionsSince)
    }
    assert.deepEqual(times, [NOW, NOW + 1_000, NOW + 2_000, NOW + 5_000])
  })

  const refused: readonly (readonly [change: Change, problem: string])[] = [
    [{}, 'Nothing is to be changed: name what the role is to have, or its status'],
    [{ endsSessions: false }, 'Nothing is to be changed: name what the role is to have, or its status'],
    [{ description: 'x', removes: ['description'] }, 'description is both given and removed'],
    [{ expiresInSeconds: 1, removes: ['expiresAt'] }, 'expiresAt is both given and removed'],
    [{ trusts: [] }, 'trusts must name at least one; they are left out, or removed'],
  ]
  for (const [change, problem] of refused)
    it(`is refused: ${JSON.stringify(change)}`, async () => {
      const { context, caller, make } = await setUp()
      await make('app')
      await assert.rejects(updateRole(context, caller, { name: 'app', ...change }), {
        kind: 'InvalidApplicationKey',
        fields: { problem },
      })
    })

  it('is refused for one that is not there', async () => {
    const { context, caller } = await setUp()
    await assert.rejects(updateRole(context, caller, { name: 'app', status: 'Active' }), {
      kind: 'NoSuchRole',
      fields: { roleName: 'app' },
    })
  })

  it('has trusts of up to so many characters together', async () => {
    const { make } = await setUp()
    const of = (length: number) => {
      const bare = JSON.stringify([{ ...TRUST, subjects: [''] }]).length
      return { rights: ['read'] as const, trusts: [{ ...TRUST, subjects: ['x'.repeat(length - bare)] }] }
    }
    await make('app', of(TRUSTS_LENGTH_MAX))
    await assert.rejects(make('more', of(TRUSTS_LENGTH_MAX + 1)), {
      kind: 'InvalidApplicationKey',
      fields: {
        problem: `trusts have at most ${TRUSTS_LENGTH_MAX} characters together, got ${TRUSTS_LENGTH_MAX + 1}`,
      },
    })
  })
})

describe('a list of roles', () => {
  it('has those of the account, by name, as far as they begin as is wanted', async () => {
    const { context, caller, foreign, make } = await setUp()
    for (const name of ['b', 'a', 'ab']) await make(name)
    await createRole(context, foreign, { name: 'ac', rights: ['read'] })
    const names = async (filter: object) =>
      (await listRoles(context, caller, filter)).roles.map(({ name }) => name)
    assert.deepEqual(await names({}), ['a', 'ab', 'b'])
    assert.deepEqual(await names({ namePrefix: 'a' }), ['a', 'ab'])
    assert.deepEqual(await names({ name: 'ab' }), ['ab'])
    assert.deepEqual(await names({ name: 'ab', namePrefix: 'a' }), ['ab'])
    assert.deepEqual(await names({ name: 'b', namePrefix: 'a' }), [])
    assert.deepEqual(await names({ name: 'ac' }), [])
  })

  it(`comes in pages of ${ROLES_PER_PAGE}`, async () => {
    const { context, caller, foreign, make } = await setUp()
    const all = Array.from({ length: 2 * ROLES_PER_PAGE }, (_, at) => `r-${String(at).padStart(3, '0')}`)
    for (const name of all) await make(name)
    const names: string[] = []
    let pageToken: string | undefined
    let pages = 0
    do {
      const page = await listRoles(context, caller, { pageToken })
      names.push(...page.roles.map(({ name }) => name))
      pageToken = page.nextPageToken
      pages++
    } while (pageToken !== undefined)
    assert.equal(pages, 2)
    assert.deepEqual(names, all)
    const { nextPageToken = '' } = await listRoles(context, caller, {})
    const later = await listRoles(context, caller, { namePrefix: 'r-19', pageToken: nextPageToken })
    assert.deepEqual(
      later.roles.map(({ name }) => name),
      all.slice(190),
    )
    await assert.rejects(listRoles(context, caller, { pageToken: 'x' }), { kind: 'InvalidPageToken' })
    await assert.rejects(listRoles(context, foreign, { pageToken: nextPageToken }), {
      kind: 'InvalidPageToken',
    })
  })
})

describe('whom a role trusts', () => {
  const GITHUB = 'https://token.actions.githubusercontent.com'
  type Trust = Parameters<typeof checkTrust>[1]
  const problemOf = (trust: Partial<Trust>, settings: Partial<ServiceSettings> = {}): string | null => {
    try {
      checkTrust({ ...DEFAULT_SERVICE_SETTINGS, ...settings }, { ...TRUST, ...trust })
      return null
    } catch (error) {
      return (error as { fields: { problem: string } }).fields.problem
    }
  }
  const owner = (issuer: string, subject: string) =>
    `trusts: everybody gets tokens of ${issuer}: the subject ${subject} must name the owner in front of its first wildcard, as repo:acme/* or project_path:acme/*`
  const everybody = (subject: string) =>
    `trusts: the subject ${subject} matches everybody whom https://id.example.com knows: let it begin with what they have in common, or name claims`
  const table: readonly (readonly [trust: Partial<Trust>, problem: string | null])[] = [
    [{}, null],
    [{ audiences: [] }, 'trusts: audiences must name at least one'],
    [{ subjects: [] }, 'trusts: subjects must name at least one'],
    [{ authorizedParties: [] }, 'trusts: authorizedParties must name at least one'],
    [{ authorizedParties: ['a'] }, null],
    [{ claims: [{ name: 'c', values: [] }] }, 'trusts: the claim c must have at least one value'],
    [{ subjects: ['team-*'] }, null],
    [{ subjects: ['one', '*'] }, everybody('*')],
    [{ subjects: ['?x'] }, everybody('?x')],
    [{ subjects: ['*'], claims: [{ name: 'c', values: ['v'] }] }, null],
    [{ subjects: ['*'], claims: [{ name: 'c', values: ['v', '*'] }] }, everybody('*')],
    [{ subjects: ['*'], claims: [{ name: 'c', values: ['?*'] }] }, everybody('*')],
    [
      {
        subjects: ['*'],
        claims: [
          { name: 'c', values: ['*'] },
          { name: 'd', values: ['v*'] },
        ],
      },
      null,
    ],
    [{ issuer: GITHUB, subjects: ['repo:acme/app:ref:refs/heads/main'] }, null],
    [{ issuer: GITHUB, subjects: ['repo:acme/*'] }, null],
    [{ issuer: GITHUB, subjects: ['repo:acme:*'] }, null],
    [{ issuer: GITHUB, subjects: ['repo:ac*'] }, owner(GITHUB, 'repo:ac*')],
    [{ issuer: GITHUB, subjects: ['repo:*'] }, owner(GITHUB, 'repo:*')],
    [{ issuer: GITHUB, subjects: ['acme/*'] }, owner(GITHUB, 'acme/*')],
    [{ issuer: GITHUB, subjects: ['*'], claims: [{ name: 'c', values: ['v'] }] }, owner(GITHUB, '*')],
    ...[
      'https://accounts.google.com',
      'https://agent.buildkite.com',
      'https://app.terraform.io',
      'https://gitlab.com',
      'https://oidc.vercel.com',
    ].map((issuer) => [{ issuer, subjects: ['team*'] }, owner(issuer, 'team*')] as const),
    [{ issuer: 'http://id.example.com' }, 'trusts: the issuer http://id.example.com must be https'],
  ]
  for (const [trust, problem] of table)
    it(`${JSON.stringify(trust)}: ${problem ?? 'is taken'}`, () => assert.equal(problemOf(trust), problem))

  it('is an issuer that the server asks', () => {
    const fault = (issuer: string, settings: Partial<ServiceSettings> = {}) =>
      issuerFault({ ...DEFAULT_SERVICE_SETTINGS, ...settings }, issuer)
    const NO_URL = 'is no URL without user, query and fragment'
    for (const issuer of ['x', 'https://u@a', 'https://:p@a', 'https://a?q', 'https://a#f'])
      assert.equal(fault(issuer), NO_URL, issuer)
    assert.equal(fault('https://a/path'), null)
    assert.equal(fault('http://localhost:1'), 'must be https')
    const plainly = { asksLoopbackIssuersPlainly: true }
    assert.equal(fault('http://localhost:1', plainly), null)
    assert.equal(fault('http://[::ffff:127.0.0.1]:1', plainly), null)
    for (const host of ['a', '127.0.0.1.a', '10.0.0.1'])
      assert.equal(fault(`http://${host}`, plainly), 'must be https', host)
    const known = { webIdentityIssuers: ['https://a', 'https://b'] }
    assert.equal(fault('https://b', known), null)
    assert.equal(fault('https://c', known), 'is none of those that this server takes: https://a, https://b')
    assert.equal(fault('https://c', { webIdentityIssuers: [] }), null)
  })
})
