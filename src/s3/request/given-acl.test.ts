import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { createAccount } from '../../service/accounts/create-account.ts'
import { isDomainError } from '../../service/errors/domain-error.ts'
import { canonicalUserOf } from '../accounts.ts'
import type { S3Call } from '../call.ts'
import { s3ErrorOf } from '../errors.ts'
import { S3Error } from '../s3-error.ts'
import { newBucketAcl } from './acl-headers.ts'
import { givenAcl } from './given-acl.ts'
import { parseGrantHeaders } from './grant-headers.ts'
import { groupGrantee, groupUri } from './grants.ts'

const context = memoryContext()
const { account: owner } = await createAccount(context, 'owner')
const { account: other } = await createAccount(context, 'other')
const ownerId = (await canonicalUserOf(context, owner.accountId)).ID
const otherId = (await canonicalUserOf(context, other.accountId)).ID
const OWNERS = { ownerAccountId: owner.accountId, bucketOwnerAccountId: owner.accountId }
const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers'

type Input = Parameters<typeof givenAcl>[1]
const given = (input: Input) => givenAcl({ context } as unknown as S3Call, input, OWNERS)
const shown = async (input: Input): Promise<readonly string[]> => {
  const { ownerAccountId, grants } = await given(input)
  assert.equal(ownerAccountId, owner.accountId)
  return grants.map(({ grantee, permission }) => {
    const who =
      grantee.type === 'group' ? grantee.group : grantee.accountId === other.accountId ? 'other' : 'owner'
    return `${who} ${permission}`
  })
}
const refused = (input: Input, code: string, argument?: string) =>
  assert.rejects(given(input), (error) => {
    const told = isDomainError(error) ? s3ErrorOf(error) : error
    assert.ok(told instanceof S3Error)
    assert.deepEqual([told.code, told.details['argumentName']], [code, argument])
    return true
  })
const document = (Owner: object | undefined, ...grantees: readonly object[]): Input =>
  ({
    AccessControlPolicy: { Owner, Grants: grantees.map((Grantee) => ({ Grantee, Permission: 'READ' })) },
  }) as unknown as Input

describe('the ACL that a request gives', () => {
  it('is a ready-made one, grants in headers, or a document', async () => {
    assert.deepEqual(await shown({ ACL: 'public-read' }), ['owner FULL_CONTROL', 'AllUsers READ'])
    assert.deepEqual(
      await shown({
        GrantRead: `uri="${ALL_USERS}" , id=${otherId}`,
        GrantWrite: `id="${otherId}"`,
        GrantReadACP: `id="${otherId}"`,
        GrantWriteACP: `id="${otherId}"`,
        GrantFullControl: `id="${ownerId}"`,
      }),
      [
        'AllUsers READ',
        'other READ',
        'other WRITE',
        'other READ_ACP',
        'other WRITE_ACP',
        'owner FULL_CONTROL',
      ],
    )
    assert.deepEqual(
      await shown(
        document({ ID: ownerId }, { Type: 'Group', URI: ALL_USERS }, { Type: 'CanonicalUser', ID: otherId }),
      ),
      ['AllUsers READ', 'other READ'],
    )
    assert.deepEqual(await shown({ AccessControlPolicy: { Owner: { ID: ownerId } } }), [])
  })

  it('is one of the three, and one alone', async () => {
    await refused({}, 'MissingSecurityHeader')
    await refused({ ACL: 'private', GrantRead: `id=${otherId}` }, 'InvalidRequest')
    await refused({ ACL: 'private', ...document({ ID: ownerId }) }, 'UnexpectedContent')
    await refused({ GrantRead: `id=${otherId}`, ...document({ ID: ownerId }) }, 'UnexpectedContent')
  })

  it('gives nothing away: its owner stays', async () => {
    for (const Owner of [undefined, {}, { ID: '' }]) await refused(document(Owner), 'MalformedACLError')
    await refused(document({ ID: 'someone' }), 'InvalidArgument', 'CanonicalUser/ID')
    await refused(document({ ID: otherId }), 'AccessDenied')
  })

  it('names grantees that there are', async () => {
    const of = (grantee: object) => document({ ID: ownerId }, grantee)
    await refused(of({ Type: 'Group', URI: 'http://x' }), 'InvalidArgument', 'Group/URI')
    await refused(of({ Type: 'CanonicalUser', ID: 'f'.repeat(64) }), 'InvalidArgument', 'CanonicalUser/ID')
    await refused(
      of({ Type: 'AmazonCustomerByEmail', EmailAddress: 'a@b' }),
      'UnresolvableGrantByEmailAddress',
    )
    for (const grantee of [
      { Type: 'Group', ID: otherId },
      { Type: 'CanonicalUser', URI: ALL_USERS },
      { Type: 'Other' },
    ])
      await refused(of(grantee), 'MalformedACLError')
    await refused({ GrantRead: 'uri=http://x' }, 'InvalidArgument', 'Group/URI')
    await refused({ GrantRead: 'emailAddress="a@b"' }, 'UnresolvableGrantByEmailAddress')
    await refused({ GrantRead: 'name=x' }, 'InvalidArgument', 'x-amz-grant-read')
    await refused({ GrantWriteACP: '' }, 'InvalidArgument', 'x-amz-grant-write-acp')
    await refused({ GrantFullControl: otherId }, 'InvalidArgument', 'x-amz-grant-full-control')
  })

  it('has a hundred grants at most', async () => {
    const times = (count: number): string => Array.from({ length: count }, () => `id=${otherId}`).join(',')
    assert.equal((await shown({ GrantRead: times(100) })).length, 100)
    await refused({ GrantRead: times(101) }, 'InvalidArgument', 'x-amz-grant')
    await refused({ GrantRead: times(60), GrantWrite: times(41) }, 'InvalidArgument', 'x-amz-grant')
    assert.equal(await parseGrantHeaders(context, {}), null)
  })
})

describe('the ACL of a new bucket', () => {
  it('is private where the request says nothing', async () => {
    const acl = (input: Parameters<typeof newBucketAcl>[2]) => newBucketAcl(context, owner.accountId, input)
    assert.deepEqual(
      (await acl({})).grants.map(({ permission }) => permission),
      ['FULL_CONTROL'],
    )
    assert.equal((await acl({ ACL: 'public-read' })).grants.length, 2)
    assert.deepEqual(await acl({ GrantRead: `id=${otherId}` }), {
      ownerAccountId: owner.accountId,
      grants: [{ grantee: { type: 'account', accountId: other.accountId }, permission: 'READ' }],
    })
    await assert.rejects(acl({ ACL: 'private', GrantRead: `id=${otherId}` }), { code: 'InvalidRequest' })
  })
})

describe('a group', () => {
  it('is shown under the URI that names it', () => {
    for (const uri of [
      ALL_USERS,
      'http://acs.amazonaws.com/groups/global/AuthenticatedUsers',
      'http://acs.amazonaws.com/groups/s3/LogDelivery',
    ])
      assert.equal(groupUri(groupGrantee(uri).group), uri)
  })
})
