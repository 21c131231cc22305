import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  OTHER,
  OWNER,
  account,
  blocking,
  bucketKey,
  forEveryone,
  keyOf,
  lightsailBucket,
  opened,
  policyText,
  resource,
  roleOf,
  s3Bucket,
  said,
  type Asked,
} from '../../../test/authorization-world.ts'
import { BUCKET_CHANGE_ACTIONS, S3_ACTIONS, type S3Action } from '../../model/s3/action.ts'
import { ANONYMOUS, type Principal, type RolePrincipal } from '../principal.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { isUnderPolicy } from './authorize.ts'

const allowedTo = (principal: Principal, bucket: BucketRecord | null, asked: Asked = {}): string[] =>
  S3_ACTIONS.filter((action) => said(principal, action, bucket, asked) === 'allow').toSorted()
const refusedTo = (principal: Principal, bucket: BucketRecord | null, reason: string): string[] =>
  S3_ACTIONS.filter((action) => said(principal, action, bucket) === reason).toSorted()

const POLICY = ['s3:DeleteBucketPolicy', 's3:GetBucketPolicy', 's3:PutBucketPolicy']
const LOCKS = ['s3:BypassGovernanceRetention', 's3:PutBucketObjectLockConfiguration']
const APPLICATION_SETTINGS: readonly string[] = [
  's3:PutBucketCORS',
  's3:PutBucketTagging',
  's3:PutBucketVersioning',
  's3:PutEncryptionConfiguration',
  's3:PutLifecycleConfiguration',
]
const ACCOUNT_ONLY = [
  ...BUCKET_CHANGE_ACTIONS.filter((action) => !APPLICATION_SETTINGS.includes(action)),
  's3:BypassGovernanceRetention',
  's3:CreateBucket',
].toSorted()

describe('in a bucket', () => {
  it('its account may do everything', () => {
    assert.deepEqual(allowedTo(account(OWNER), lightsailBucket), S3_ACTIONS.toSorted())
  })

  it('a key of it and a resource that it was given to may do all but what is the account’s', () => {
    const attached = { ...lightsailBucket, receivers: [{ name: 'web', resourceType: 'Instance' }] }
    for (const [principal, bucket] of [
      [bucketKey('id-1'), lightsailBucket],
      [resource('web'), attached],
      [keyOf({ rights: ['full'], buckets: [{ name: 'mine', bucketId: 'id-1' }] }), lightsailBucket],
    ] as const) {
      assert.deepEqual(refusedTo(principal, bucket, 'account-only'), ACCOUNT_ONLY, principal.type)
      assert.equal(allowedTo(principal, bucket).length, S3_ACTIONS.length - ACCOUNT_ONLY.length)
    }
    for (const elsewhere of [{ accountId: OTHER }, { region: 'eu-west-1' }, { receivers: [] }])
      assert.deepEqual(allowedTo(resource('web'), { ...attached, ...elsewhere }), [])
  })

  it('a key of the whole account may do what the account may, locks apart', () => {
    assert.deepEqual(refusedTo(keyOf({ rights: ['full'] }), lightsailBucket, 'account-only'), LOCKS)
    assert.equal(
      allowedTo(keyOf({ rights: ['full'] }), lightsailBucket).length,
      S3_ACTIONS.length - LOCKS.length,
    )
    assert.deepEqual(allowedTo(keyOf({ rights: ['full'] }, OTHER), lightsailBucket), [])
  })

  it('an account that may read does so, and lists', () => {
    const bucket = { ...lightsailBucket, readonlyAccessAccounts: [OTHER] }
    const reads = [
      's3:GetBucketLocation',
      's3:GetObject',
      's3:GetObjectAttributes',
      's3:GetObjectTagging',
      's3:GetObjectVersion',
      's3:GetObjectVersionAttributes',
      's3:GetObjectVersionTagging',
      's3:ListBucket',
      's3:ListBucketVersions',
    ]
    assert.deepEqual(allowedTo(account(OTHER), bucket), reads)
    assert.deepEqual(allowedTo(bucketKey('id-9'), bucket), [])
    assert.deepEqual(
      allowedTo(account(OTHER), { ...bucket, ...blocking({ restrictPublicBuckets: true }) }),
      [],
    )
  })

  it('a policy for everyone lets nobody unsigned change it, lift its locks or see the policy, and no other account see that', () => {
    const signedOnly = [
      ...BUCKET_CHANGE_ACTIONS,
      's3:BypassGovernanceRetention',
      's3:GetBucketPolicy',
      's3:PutObjectLegalHold',
      's3:PutObjectRetention',
    ].toSorted()
    assert.deepEqual(refusedTo(ANONYMOUS, opened, 'anonymous'), signedOnly)
    assert.equal(allowedTo(ANONYMOUS, opened).length, S3_ACTIONS.length - signedOnly.length)
    assert.deepEqual(refusedTo(account(OTHER), opened, 'account-only'), POLICY)
    assert.equal(allowedTo(account(OTHER), opened).length, S3_ACTIONS.length - POLICY.length)
  })

  it('a policy for everyone counts for nothing where public access is restricted; one for an account does', () => {
    const restricted = blocking({ restrictPublicBuckets: true })
    assert.equal(said(account(OTHER), 's3:GetObject', { ...opened, ...restricted }), 'not-granted')
    assert.equal(said(ANONYMOUS, 's3:GetObject', { ...opened, ...restricted }), 'anonymous')
    assert.equal(said(ANONYMOUS, 's3:GetObject', { ...opened, ...blocking({}) }), 'allow')
    const named = { ...forEveryone('Allow', 's3:GetObject'), Principal: { AWS: OTHER } }
    const bucket = { ...lightsailBucket, policy: policyText(named), ...restricted }
    assert.equal(said(account(OTHER), 's3:GetObject', bucket), 'allow')
  })

  it('a policy that denies everything leaves the account its hold on the policy, and nobody else', () => {
    const closed = { ...lightsailBucket, policy: policyText(forEveryone('Deny', 's3:*')) }
    assert.deepEqual(allowedTo(account(OWNER), closed), POLICY)
    for (const principal of [bucketKey('id-1'), keyOf({ rights: ['full'] }), account(OTHER), ANONYMOUS])
      assert.deepEqual(allowedTo(principal, closed), [], principal.type)
  })

  it('what makes something public is refused where that is blocked, and only there', () => {
    const gives = { facts: { givesPublicAcl: true } }
    const blocked = { ...s3Bucket, ...blocking({ blockPublicAcls: true }) }
    const enforced = { ...blocked, objectOwnership: 'BucketOwnerEnforced' } as const
    assert.equal(said(account(OWNER), 's3:PutBucketAcl', blocked, gives), 'public-access-blocked')
    assert.equal(said(account(OWNER), 's3:PutBucketAcl', blocked), 'allow')
    assert.equal(said(account(OWNER), 's3:PutBucketAcl', s3Bucket, gives), 'allow')
    assert.equal(said(account(OWNER), 's3:PutBucketAcl', { ...s3Bucket, ...blocking({}) }, gives), 'allow')
    assert.equal(
      said(account(OWNER), 's3:PutBucketAcl', enforced, gives),
      'allow',
      'refused later, as every ACL',
    )
  })
})

describe('beside buckets', () => {
  const OF_SERVICE = ['s3:CreateBucket', 's3:ListAllMyBuckets']

  it('an account lists and makes buckets and sets them up; its whole keys do as well, locks apart', () => {
    const setsUp = [...BUCKET_CHANGE_ACTIONS, ...OF_SERVICE].toSorted()
    assert.deepEqual(allowedTo(account(OWNER), null), setsUp)
    assert.deepEqual(
      allowedTo(keyOf({ rights: ['full'] }), null),
      setsUp.filter((action) => !LOCKS.includes(action)),
    )
  })

  it('other keys and resources list buckets, and nobody unsigned does anything', () => {
    for (const principal of [bucketKey('id-1'), resource('web'), keyOf({ rights: ['read'] })])
      assert.deepEqual(allowedTo(principal, null), ['s3:ListAllMyBuckets'], principal.type)
    assert.deepEqual(refusedTo(ANONYMOUS, null, 'anonymous'), S3_ACTIONS.toSorted())
    const elsewhere = keyOf({ rights: ['full'], sourceNetworks: ['198.51.100.0/24'] })
    assert.equal(said(elsewhere, 's3:ListAllMyBuckets', null), 'other-network')
  })
})

describe('a session', () => {
  it('may do what both its role and the key that took it may', () => {
    const reader = keyOf({ rights: ['read'] })
    const TABLE: readonly (readonly [Principal, S3Action, string])[] = [
      [roleOf({ rights: ['read-write'] }), 's3:PutObject', 'allow'],
      [roleOf({ rights: ['read-write'] }, reader), 's3:PutObject', 'not-granted'],
      [roleOf({ rights: ['read-write'] }, reader), 's3:GetObject', 'allow'],
      [roleOf({ rights: ['write'] }, reader), 's3:GetObject', 'not-granted'],
      [
        roleOf({ rights: ['read'] }, bucketKey('id-9') as RolePrincipal['parent']),
        's3:GetObject',
        'other-bucket',
      ],
    ]
    for (const [at, [principal, action, expected]] of TABLE.entries())
      assert.equal(said(principal, action, lightsailBucket), expected, `row ${at}`)
  })
})

describe('an object that is not there', () => {
  const missing = { object: null }

  it('is told to whom may list it', () => {
    assert.equal(said(keyOf({ rights: ['read', 'list'] }), 's3:GetObject', lightsailBucket, missing), 'allow')
    assert.equal(said(keyOf({ rights: ['read'] }), 's3:GetObject', lightsailBucket, missing), 'not-granted')
    assert.equal(said(bucketKey('id-1'), 's3:GetObject', lightsailBucket, missing), 'allow')
    const under = (prefix: string) => keyOf({ rights: ['read', 'list'], prefixes: [prefix] })
    assert.equal(said(under('a/'), 's3:GetObject', lightsailBucket, missing), 'allow')
  })

  it('stays untold to whom may not, whatever of a version he may read or change', () => {
    const policy = policyText(forEveryone('Allow', 's3:*Object*'))
    const granted = allowedTo(account(OTHER), { ...lightsailBucket, policy })
    const allowed = allowedTo(account(OTHER), { ...lightsailBucket, policy }, missing)
    assert.deepEqual(
      granted.filter((action) => !allowed.includes(action)),
      [
        's3:DeleteObjectTagging',
        's3:DeleteObjectVersionTagging',
        's3:GetObject',
        's3:GetObjectAcl',
        's3:GetObjectAttributes',
        's3:GetObjectLegalHold',
        's3:GetObjectRetention',
        's3:GetObjectTagging',
        's3:GetObjectVersion',
        's3:GetObjectVersionAcl',
        's3:GetObjectVersionAttributes',
        's3:GetObjectVersionTagging',
        's3:PutObjectAcl',
        's3:PutObjectLegalHold',
        's3:PutObjectRetention',
        's3:PutObjectTagging',
        's3:PutObjectVersionAcl',
        's3:PutObjectVersionTagging',
      ],
    )
  })
})

describe('a policy has a say', () => {
  const scoped = policyText({ Effect: 'Allow', Action: 's3:*', Resource: '*' })
  const TABLE: readonly (readonly [what: string, Principal, BucketRecord, boolean])[] = [
    ['where the bucket has one', account(OWNER), opened, true],
    ['where the key has one', keyOf({ policy: scoped }), lightsailBucket, true],
    ['where the session has one', roleOf({ rights: ['read'] }, null, scoped), lightsailBucket, true],
    [
      'where the key has one that took the role',
      roleOf({ rights: ['read'] }, keyOf({ policy: scoped })),
      lightsailBucket,
      true,
    ],
    ['nowhere else: a key of rights', keyOf({ rights: ['read'] }), lightsailBucket, false],
    [
      'nowhere else: a role of a key of rights',
      roleOf({ rights: ['read'] }, keyOf({ rights: ['read'] })),
      lightsailBucket,
      false,
    ],
    ['nowhere else: a role of nobody’s key', roleOf({ rights: ['read'] }), lightsailBucket, false],
    [
      'nowhere else: a role of the account',
      roleOf({ rights: ['read'] }, account(OWNER) as RolePrincipal['parent']),
      lightsailBucket,
      false,
    ],
    ['nowhere else: an account', account(OWNER), lightsailBucket, false],
    ['nowhere else: a key of the bucket', bucketKey('id-1'), lightsailBucket, false],
  ]
  for (const [what, principal, bucket, expected] of TABLE)
    it(what, () => assert.equal(isUnderPolicy(principal, bucket), expected))
})
