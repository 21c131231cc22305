import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OTHER, OWNER, account, bucketKey } from '../../../test/authorization-world.ts'
import { S3_ACTIONS } from '../../model/s3/action.ts'
import { ANONYMOUS } from '../principal.ts'
import type { AccessControlList, AclPermission, Grantee } from '../records/bucket.ts'
import {
  aclGrants,
  bucketAclPermission,
  cannedAcl,
  grantsToOthers,
  isPublicAcl,
  objectAclPermission,
  type CannedAcl,
} from './access-control-list.ts'

const PERMISSIONS: readonly AclPermission[] = ['FULL_CONTROL', 'READ', 'WRITE', 'READ_ACP', 'WRITE_ACP']
const EVERYONE: Grantee = { type: 'group', group: 'AllUsers' }
const SIGNED: Grantee = { type: 'group', group: 'AuthenticatedUsers' }
const LOGS: Grantee = { type: 'group', group: 'LogDelivery' }
const accountGrantee = (accountId: string): Grantee => ({ type: 'account', accountId })
const aclOf = (grantee: Grantee, permission: AclPermission): AccessControlList => ({
  ownerAccountId: OWNER,
  grants: [{ grantee, permission }],
})

describe('the permission that allows an action', () => {
  it('in the ACL of a bucket is the one that S3 maps it to', () => {
    const allowed = S3_ACTIONS.flatMap((action) => {
      const permission = bucketAclPermission(action)
      return permission === null ? [] : [`${action} ${permission}`]
    })
    assert.deepEqual(allowed.toSorted(), [
      's3:DeleteObject WRITE',
      's3:GetBucketAcl READ_ACP',
      's3:ListBucket READ',
      's3:ListBucketMultipartUploads READ',
      's3:ListBucketVersions READ',
      's3:PutBucketAcl WRITE_ACP',
      's3:PutObject WRITE',
    ])
  })

  it('in the ACL of an object is the one that S3 maps it to', () => {
    const allowed = S3_ACTIONS.flatMap((action) => {
      const permission = objectAclPermission(action)
      return permission === null ? [] : [`${action} ${permission}`]
    })
    assert.deepEqual(allowed.toSorted(), [
      's3:GetObject READ',
      's3:GetObjectAcl READ_ACP',
      's3:GetObjectAttributes READ',
      's3:GetObjectVersion READ',
      's3:GetObjectVersionAcl READ_ACP',
      's3:GetObjectVersionAttributes READ',
      's3:PutObjectAcl WRITE_ACP',
      's3:PutObjectVersionAcl WRITE_ACP',
    ])
  })
})

describe('a grant', () => {
  it('of a permission gives that one, and of FULL_CONTROL each', () => {
    for (const given of PERMISSIONS)
      for (const wanted of PERMISSIONS) {
        const expected = given === wanted || given === 'FULL_CONTROL'
        assert.equal(
          aclGrants(aclOf(EVERYONE, given), ANONYMOUS, wanted, false),
          expected,
          `${given} ${wanted}`,
        )
      }
  })

  const WHO: readonly (readonly [what: string, Grantee, ...who: readonly string[]])[] = [
    ['everyone', EVERYONE, 'nobody', 'owner', 'other', 'key'],
    ['everyone with an account', SIGNED, 'owner', 'other', 'key'],
    ['an account', accountGrantee(OTHER), 'other'],
    ['the account of a key', accountGrantee(OWNER), 'owner'],
    ['those who deliver logs', LOGS],
  ]
  const PRINCIPALS = {
    nobody: ANONYMOUS,
    owner: account(OWNER),
    other: account(OTHER),
    key: bucketKey('id-1'),
  } as const
  for (const [what, grantee, ...who] of WHO)
    it(`to ${what} is one to ${who.length === 0 ? 'none of them' : who.join(', ')}`, () => {
      const isIgnored = grantee === EVERYONE || grantee === SIGNED
      for (const [name, principal] of Object.entries(PRINCIPALS)) {
        const acl = aclOf(grantee, 'READ')
        assert.equal(aclGrants(acl, principal, 'READ', false), who.includes(name), name)
        assert.equal(aclGrants(acl, principal, 'READ', true), who.includes(name) && !isIgnored, name)
        assert.equal(aclGrants(undefined, principal, 'READ', false), false)
      }
      assert.equal(isPublicAcl(aclOf(grantee, 'READ')), isIgnored)
      assert.equal(grantsToOthers(aclOf(grantee, 'READ'), OWNER), what !== 'the account of a key')
    })

  it('is none where there is no ACL', () => assert.equal(grantsToOthers(undefined, OWNER), false))
})

describe('a ready-made ACL', () => {
  const nameOf = (grantee: Grantee): string => (grantee.type === 'group' ? grantee.group : grantee.accountId)
  const TABLE: readonly (readonly [CannedAcl, string])[] = [
    ['private', ''],
    ['aws-exec-read', ''],
    ['public-read', 'AllUsers READ'],
    ['public-read-write', 'AllUsers READ, AllUsers WRITE'],
    ['authenticated-read', 'AuthenticatedUsers READ'],
    ['bucket-owner-read', `${OWNER} READ`],
    ['bucket-owner-full-control', `${OWNER} FULL_CONTROL`],
    ['log-delivery-write', 'LogDelivery WRITE, LogDelivery READ_ACP'],
  ]
  for (const [name, expected] of TABLE)
    it(`${name} gives its owner everything, and others ${expected === '' ? 'nothing' : expected}`, () => {
      const others = (ownerAccountId: string): string => {
        const acl = cannedAcl(name, { ownerAccountId, bucketOwnerAccountId: OWNER })
        const [own, ...grants] = acl.grants
        assert.deepEqual(own, { grantee: accountGrantee(ownerAccountId), permission: 'FULL_CONTROL' })
        assert.equal(acl.ownerAccountId, ownerAccountId)
        return grants.map(({ grantee, permission }) => `${nameOf(grantee)} ${permission}`).join(', ')
      }
      assert.equal(others(OTHER), expected)
      assert.equal(
        others(OWNER),
        name.startsWith('bucket-owner-') ? '' : expected,
        'who owns both needs no grant',
      )
    })
})
