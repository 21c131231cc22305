import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  OTHER,
  OWNER,
  account,
  bucketKey,
  lightsailBucket,
  request,
} from '../../../test/authorization-world.ts'
import { S3_ACTIONS, isObjectAction, type S3Action } from '../../model/s3/action.ts'
import type { KeyHolder } from '../principal.ts'
import type { KeyScope } from './key-scope.ts'
import { DecisionMemory } from './policy/decision-memory.ts'
import type { AccessQuestion, Decision, ObjectFacts } from './question.ts'
import type { RequestFacts } from './request-facts.ts'
import {
  isPrincipalUsableFrom,
  roleScope,
  scopeOf,
  withinScope,
  withinScopeOfService,
} from './within-scope.ts'

type Bounds = Omit<Parameters<typeof scopeOf>[0], 'accessKeyId'>

let keys = 0
const keyScope = (bounds: Bounds): KeyScope => scopeOf({ accessKeyId: `AKIA${++keys}`, ...bounds })
const policyText = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement })
const statement = (Effect: 'Allow' | 'Deny', Action: string, more: object = {}) => ({
  Effect,
  Action,
  Resource: '*',
  ...more,
})

interface Asked {
  readonly objectKey?: string
  readonly facts?: Partial<RequestFacts>
  readonly object?: ObjectFacts | null
}

const question = (action: S3Action, { objectKey, facts, object }: Asked = {}): AccessQuestion => ({
  principal: bucketKey('id-1'),
  action,
  bucket: lightsailBucket,
  ...(objectKey !== undefined && { objectKey }),
  ...(object !== undefined && { object }),
  request: { ...request, ...facts },
  memory: new DecisionMemory(),
})
const said = (decision: Decision): string =>
  decision.outcome === 'deny' ? decision.reason : decision.outcome
const within = (scope: KeyScope, action: S3Action, asked: Asked = {}): string =>
  said(withinScope(scope, question(action, asked), lightsailBucket))
const listing = (prefix: string | null): Partial<RequestFacts> => ({
  listing: { prefix, delimiter: null, maxKeys: null },
})

describe('what a key is bound by', () => {
  it('is its buckets, by their ids, or all of them', () => {
    const buckets = (bucketId: string): Bounds => ({
      rights: ['read'],
      buckets: [{ name: lightsailBucket.name, bucketId }],
    })
    assert.equal(within(keyScope(buckets('id-1')), 's3:GetObject'), 'allow')
    assert.equal(within(keyScope(buckets('id-0')), 's3:GetObject'), 'other-bucket')
    assert.equal(within(keyScope({ rights: ['read'] }), 's3:GetObject'), 'allow')
  })

  it('is the networks that it is used from, or every one', () => {
    const from = (network: string) => keyScope({ rights: ['read'], sourceNetworks: [network] })
    assert.equal(within(from('203.0.113.0/24'), 's3:GetObject'), 'allow')
    assert.equal(within(from('198.51.100.0/24'), 's3:GetObject'), 'other-network')
    assert.equal(
      within(from('198.51.100.0/24'), 's3:ListBucket', { facts: { listsNothing: true } }),
      'other-network',
    )
  })

  it('is the prefixes of object keys, of listings, and of the bucket what tells nothing of its objects', () => {
    const scope = keyScope({ rights: ['full'], prefixes: ['a/', 'b/c'] })
    const PREFIXES: readonly (readonly [prefix: string | null, expected: string])[] = [
      ['a/', 'allow'],
      ['a/x', 'allow'],
      ['b/cd', 'allow'],
      ['b/', 'other-prefix'],
      ['a', 'other-prefix'],
      ['', 'other-prefix'],
      [null, 'other-prefix'],
    ]
    const beside = ['s3:GetBucketLocation', 's3:GetBucketObjectLockConfiguration', 's3:GetBucketVersioning']
    const listings = ['s3:ListBucket', 's3:ListBucketMultipartUploads', 's3:ListBucketVersions']
    for (const action of S3_ACTIONS)
      for (const [prefix, expected] of PREFIXES) {
        const asked = isObjectAction(action) ? { objectKey: prefix ?? '' } : { facts: listing(prefix) }
        const isByPrefix = isObjectAction(action) || listings.includes(action)
        const wanted = isByPrefix ? expected : beside.includes(action) ? 'allow' : 'other-prefix'
        assert.equal(within(scope, action, asked), wanted, `${action} ${prefix}`)
      }
    assert.equal(
      within(scope, 's3:GetObject'),
      'other-prefix',
      'an object without a key is none of its prefixes',
    )
  })

  it('is its rights, and nothing else is granted', () => {
    assert.equal(within(keyScope({ rights: ['read'] }), 's3:PutObject'), 'not-granted')
    assert.equal(within(keyScope({ rights: ['write'] }), 's3:PutObject'), 'allow')
    assert.equal(within(keyScope({}), 's3:GetObject'), 'not-granted')
  })

  it('keeps who may not read from opening what is stored; what it stores it may give an ACL', () => {
    for (const action of ['s3:PutObjectAcl', 's3:PutObjectVersionAcl'] as const) {
      assert.equal(within(keyScope({ rights: ['write'] }), action), 'not-granted')
      assert.equal(
        within(keyScope({ rights: ['write'] }), action, { facts: { createsObject: true } }),
        'allow',
      )
      assert.equal(
        within(keyScope({ rights: ['write'] }), action, { facts: { createsObject: false } }),
        'allow',
      )
      assert.equal(within(keyScope({ rights: ['write', 'read'] }), action), 'allow')
      assert.equal(within(keyScope({ rights: ['read'] }), action), 'not-granted')
    }
    assert.equal(within(keyScope({ rights: ['write'] }), 's3:PutObjectTagging'), 'allow')
  })

  it('lets each ask whether its bucket is there, and where, and lists nothing by that', () => {
    const asksWhetherThere = { facts: { listsNothing: true } } as const
    for (const bounds of [
      { rights: ['write'] },
      { rights: ['write'], prefixes: ['a/'] },
      { policy: policyText(statement('Allow', 's3:PutObject')) },
      { policy: policyText(statement('Deny', 's3:GetObject')) },
    ] as const) {
      assert.equal(within(keyScope(bounds), 's3:ListBucket', asksWhetherThere), 'allow')
      assert.equal(within(keyScope(bounds), 's3:GetBucketLocation'), 'allow')
      assert.notEqual(within(keyScope(bounds), 's3:ListBucket'), 'allow')
      assert.notEqual(within(keyScope(bounds), 's3:ListBucketVersions', asksWhetherThere), 'allow')
    }
    const denied = keyScope({
      policy: policyText(statement('Deny', 's3:ListBucket'), statement('Deny', 's3:GetBucketLocation')),
    })
    assert.equal(within(denied, 's3:ListBucket', asksWhetherThere), 'explicit-deny')
    assert.equal(within(denied, 's3:GetBucketLocation'), 'explicit-deny')
  })

  it('is its policy, whose Deny has the last word', () => {
    const scope = keyScope({
      policy: policyText(statement('Allow', 's3:Get*'), statement('Deny', 's3:GetObjectAcl')),
    })
    assert.equal(within(scope, 's3:GetObject'), 'allow')
    assert.equal(within(scope, 's3:GetObjectAcl'), 'explicit-deny')
    assert.equal(within(scope, 's3:PutObject'), 'not-granted')
  })

  it('asks for the object where its policy does, and only there', () => {
    const team = { Condition: { StringEquals: { 's3:ExistingObjectTag/team': 'a' } } }
    const tagged = (value: string): ObjectFacts => ({ ownerAccountId: OWNER, tags: [{ key: 'team', value }] })
    const allows = keyScope({ policy: policyText(statement('Allow', 's3:GetObject', team)) })
    const denies = keyScope({
      policy: policyText(statement('Allow', 's3:*'), statement('Deny', 's3:GetObject', team)),
    })
    for (const [scope, a, b] of [
      [allows, 'allow', 'not-granted'],
      [denies, 'explicit-deny', 'allow'],
    ] as const) {
      assert.equal(within(scope, 's3:GetObject'), 'needs-object')
      assert.equal(within(scope, 's3:GetObject', { object: tagged('a') }), a)
      assert.equal(within(scope, 's3:GetObject', { object: tagged('b') }), b)
    }
    assert.equal(within(denies, 's3:PutObject'), 'allow')
  })

  const WHOLE: readonly (readonly [Bounds, boolean])[] = [
    [{ rights: ['full'] }, true],
    [{ rights: ['read', 'full'] }, true],
    [{ rights: ['full'], sourceNetworks: ['203.0.113.0/24'] }, true],
    [{ rights: ['read-write'] }, false],
    [{ rights: ['full'], buckets: [{ name: 'mine', bucketId: 'id-1' }] }, false],
    [{ rights: ['full'], prefixes: ['a/'] }, false],
    [{ policy: policyText(statement('Allow', 's3:*')) }, false],
    [{}, false],
  ]
  for (const [bounds, expected] of WHOLE)
    it(`${expected ? 'is' : 'is not'} the whole account with ${JSON.stringify(bounds)}`, () =>
      assert.equal(keyScope(bounds).isWholeAccount, expected))
})

describe('what a session is bound by', () => {
  const role = (bounds: Bounds, session: string | null): KeyScope =>
    roleScope(bounds, {
      roleId: `AROA${++keys}`,
      session: session === null ? null : { id: `session-${keys}`, text: session },
    })

  it('is its role, and the policy that it was taken with besides', () => {
    const reads = policyText(statement('Allow', 's3:Get*'))
    assert.equal(within(role({ rights: ['read-write'] }, null), 's3:PutObject'), 'allow')
    assert.equal(within(role({ rights: ['read-write'] }, reads), 's3:PutObject'), 'not-granted')
    assert.equal(within(role({ rights: ['read-write'] }, reads), 's3:GetObject'), 'allow')
    assert.equal(within(role({ rights: ['write'] }, reads), 's3:GetObject'), 'not-granted')
  })

  it('is never the whole account where it has a policy', () => {
    assert.equal(role({ rights: ['full'] }, null).isWholeAccount, true)
    assert.equal(role({ rights: ['full'] }, policyText(statement('Allow', 's3:*'))).isWholeAccount, false)
  })
})

describe('what concerns no bucket', () => {
  const ofService = (scope: KeyScope): string =>
    said(withinScopeOfService(scope, question('s3:ListAllMyBuckets')))

  it('is bound by networks, and by what a policy denies', () => {
    assert.equal(ofService(keyScope({ rights: ['read'] })), 'allow')
    assert.equal(ofService(keyScope({ rights: ['read'], sourceNetworks: ['198.51.100.1'] })), 'other-network')
    assert.equal(ofService(keyScope({ policy: policyText(statement('Allow', 's3:GetObject')) })), 'allow')
    const denied = policyText(statement('Deny', 's3:ListAllMyBuckets'))
    assert.equal(ofService(keyScope({ policy: denied })), 'explicit-deny')
    const session = { roleId: 'AROA', session: { id: 'denies-listing', text: denied } }
    assert.equal(ofService(roleScope({ rights: ['full'] }, session)), 'explicit-deny')
  })
})

describe('an address from which a caller may ask', () => {
  const keyOf = (sourceNetworks?: readonly string[]): Exclude<KeyHolder, { type: 'role' }> => ({
    type: 'application-key',
    accountId: OWNER,
    accessKeyId: 'AKIA',
    name: 'app',
    scope: keyScope({ rights: ['read'], ...(sourceNetworks && { sourceNetworks }) }),
  })
  const roleOf = (
    sourceNetworks: readonly string[],
    parent: Exclude<KeyHolder, { type: 'role' }> | null,
  ): KeyHolder => ({
    type: 'role',
    accountId: OWNER,
    accessKeyId: 'ASIA',
    name: 'builds',
    roleId: 'AROA',
    sessionName: 'x',
    scope: roleScope({ rights: ['read'], sourceNetworks }, { roleId: 'AROA', session: null }),
    parent,
  })
  const HERE = '203.0.113.9'
  const ELSEWHERE = ['198.51.100.0/24']
  const EVERYWHERE = ['0.0.0.0/0']

  it('is one of its networks, and of those of the key that took the role', () => {
    const TABLE: readonly (readonly [KeyHolder, boolean])[] = [
      [account(OTHER) as KeyHolder, true],
      [bucketKey('id-1') as KeyHolder, true],
      [keyOf(), true],
      [keyOf(EVERYWHERE), true],
      [keyOf(ELSEWHERE), false],
      [roleOf(EVERYWHERE, null), true],
      [roleOf(ELSEWHERE, null), false],
      [roleOf(EVERYWHERE, keyOf(EVERYWHERE)), true],
      [roleOf(EVERYWHERE, keyOf(ELSEWHERE)), false],
      [roleOf(ELSEWHERE, keyOf(EVERYWHERE)), false],
    ]
    for (const [at, [principal, expected]] of TABLE.entries())
      assert.equal(isPrincipalUsableFrom(principal, HERE), expected, `row ${at}: ${principal.type}`)
  })
})
