import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import type { AccessControlList, BucketRecord } from '../records/bucket.ts'
import { refuseAclWithoutEffect } from './public-overrides.ts'

const OWNER = '123456789012'
const WRITER = '222222222222'
type Grant = AccessControlList['grants'][number]
const toAll = (permission: Grant['permission']): Grant => ({
  grantee: { type: 'group', group: 'AllUsers' },
  permission,
})
const toAccount = (accountId: string): Grant => ({
  grantee: { type: 'account', accountId },
  permission: 'FULL_CONTROL',
})

describe('an ACL for an object of a Lightsail bucket', () => {
  const RULES: readonly (readonly [what: string, Partial<BucketRecord>, readonly Grant[], reason: string])[] =
    [
      ['that gives nothing', {}, [], ''],
      ["that gives to the bucket's and the object's owner", {}, [toAccount(OWNER), toAccount(WRITER)], ''],
      ['that gives to another account', {}, [toAccount('333333333333')], 'not-public-read'],
      ['that lets everyone read', {}, [toAll('READ')], 'overrides-not-allowed'],
      [
        'that lets everyone read, where objects may be public',
        { accessRules: { getObject: 'private', allowPublicOverrides: true } },
        [toAll('READ'), toAll('WRITE')],
        '',
      ],
      [
        'that lets everyone read, in a public bucket',
        { accessRules: { getObject: 'public', allowPublicOverrides: false } },
        [toAll('READ')],
        '',
      ],
      [
        'that lets everyone change the ACL',
        { accessRules: { getObject: 'public', allowPublicOverrides: true } },
        [toAll('WRITE_ACP')],
        'not-public-read',
      ],
      ['that gives to another account, in a bucket made through S3', { origin: 's3' }, [toAccount('3')], ''],
    ]
  for (const [what, changes, grants, reason] of RULES)
    it(`${what} is ${reason === '' ? 'taken' : `refused: ${reason}`}`, () => {
      const refuse = () => refuseAclWithoutEffect(bucketRecord(changes), { ownerAccountId: WRITER, grants })
      if (reason === '') refuse()
      else assert.throws(refuse, { kind: 'AclWithoutEffect', fields: { reason } })
    })
})
