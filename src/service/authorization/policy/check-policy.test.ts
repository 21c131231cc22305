import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../../test/memory-context.ts'
import { createAccount } from '../../accounts/create-account.ts'
import { checkPolicy } from './check-policy.ts'

const good = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::mine/*' }

async function setUp() {
  const context = memoryContext()
  const { account: one } = await createAccount(context, 'one')
  const { account: two } = await createAccount(context, 'two')
  return {
    ...{ one: one.accountId, two: two.accountId, ofOne: one.canonicalUserId, ofTwo: two.canonicalUserId },
    check: (document: object) => checkPolicy(context, JSON.stringify(document), 'mine'),
  }
}

const arn = (accountId: string): string => `arn:aws:iam::${accountId}:root`

describe('a policy that is put', () => {
  it('is kept as it was written, where it names no canonical id', async () => {
    const { check } = await setUp()
    for (const Principal of ['*', { AWS: '*' }, { AWS: '111111111111' }, { AWS: [arn('222222222222')] }]) {
      const document = { Statement: { ...good, Principal } }
      const { text, policy } = await check(document)
      assert.equal(text, JSON.stringify(document))
      assert.equal(policy.statements.length, 1)
    }
  })

  it('has the ARNs of accounts in the place of their canonical ids, wherever these stand', async () => {
    const { one, two, ofOne, ofTwo, check } = await setUp()
    const { text, policy } = await check({
      Version: '2012-10-17',
      Statement: [
        { ...good, Principal: { CanonicalUser: ofOne } },
        { ...good, Effect: 'Deny', NotPrincipal: { CanonicalUser: [ofOne, ofTwo], AWS: '333333333333' } },
        { ...good, Principal: { AWS: ['444444444444'], CanonicalUser: [ofTwo] } },
        { ...good, Principal: { AWS: '555555555555' } },
        { ...good, Principal: '*' },
      ],
    })
    const { Version: version, Statement: statements } = JSON.parse(text) as {
      Version: string
      Statement: { Principal?: unknown; NotPrincipal?: unknown }[]
    }
    assert.equal(version, '2012-10-17')
    assert.deepEqual(
      statements.map(({ Principal, NotPrincipal }) => Principal ?? { not: NotPrincipal }),
      [
        { AWS: [arn(one)] },
        { not: { AWS: ['333333333333', arn(one), arn(two)] } },
        { AWS: ['444444444444', arn(two)] },
        { AWS: '555555555555' },
        '*',
      ],
    )
    assert.deepEqual(
      policy.statements.map(({ principal }) => [...principal.names].sort()),
      [[one], ['333333333333', one, two].sort(), ['444444444444', two].sort(), ['555555555555'], []],
    )
    const single = await check({ Statement: { ...good, Principal: { CanonicalUser: ofOne } } })
    assert.deepEqual((JSON.parse(single.text) as { Statement: unknown }).Statement, [
      { ...good, Principal: { AWS: [arn(one)] } },
    ])
  })

  const REFUSED = 'Conditions do not apply to combination of actions and resources in statement'
  const conditions = (Action: string | string[], key: string) => ({
    Statement: {
      ...{ Effect: 'Allow', Principal: '*', Action, Condition: { StringNotEquals: { [key]: 'x' } } },
      Resource: ['arn:aws:s3:::mine', 'arn:aws:s3:::mine/*'],
    },
  })

  for (const [action, key] of [
    ['s3:GetObject', 's3:prefix'],
    ['s3:getobject', 'S3:Prefix'],
    [['s3:ListBucket', 's3:GetObject'], 's3:prefix'],
    ['s3:PutObject', 's3:max-keys'],
    ['s3:PutObject', 's3:VersionId'],
    ['s3:GetObject', 's3:VersionId'],
    ['s3:GetObject', 's3:x-amz-acl'],
    ['s3:Get*', 's3:x-amz-acl'],
    ['s3:GetObject', 's3:RequestObjectTag/team'],
    ['s3:DeleteObject', 's3:object-lock-mode'],
    ['s3:GetObject', 's3:if-none-match'],
  ] as const)
    it(`has no condition about ${key} beside ${String(action)}, which never has it`, async () => {
      const { check } = await setUp()
      await assert.rejects(check(conditions([action].flat(), key)), {
        kind: 'MalformedPolicy',
        fields: { problem: REFUSED },
      })
    })

  for (const [action, key] of [
    [['s3:ListBucket', 's3:ListBucketVersions'], 's3:prefix'],
    ['s3:*', 's3:prefix'],
    ['*', 's3:x-amz-acl'],
    ['s3:Put*', 's3:x-amz-acl'],
    ['s3:GetObjectVersion', 's3:VersionId'],
    [['s3:PutObject', 's3:PutObjectAcl'], 's3:x-amz-acl'],
    [['s3:PutObject', 's3:GetObject'], 's3:authType'],
    ['s3:DeleteObject', 'aws:PrincipalArn'],
    ['s3:GetObject', 's3:ExistingObjectTag/team'],
  ] as const)
    it(`may have a condition about ${key} beside ${String(action)}`, async () => {
      const { check } = await setUp()
      const { policy } = await check(conditions([action].flat(), key))
      assert.equal(policy.statements.length, 1)
    })

  it('may name an action that never has what a condition is about beside one that has it, where that does not open it', async () => {
    const { check } = await setUp()
    const Action = ['s3:PutObject', 's3:GetObject']
    const of = (Effect: string, operator: string) => ({
      Statement: {
        ...{ ...good, Effect, Principal: '*', Action },
        Condition: { [operator]: { 's3:RequestObjectTagKeys': ['p'] } },
      },
    })
    await check(of('Allow', 'StringEquals'))
    await check(of('Allow', 'ForAnyValue:StringNotEquals'))
    await check(of('Allow', 'StringNotEqualsIfExists'))
    await check(of('Deny', 'StringNotEquals'))
    await assert.rejects(check(of('Allow', 'StringNotEquals')), { fields: { problem: REFUSED } })
    const alone = { ...of('Deny', 'StringEquals').Statement, Action: 's3:GetObject' }
    await assert.rejects(check({ Statement: alone }), { fields: { problem: REFUSED } })
  })

  it('may have any condition beside NotAction, which names no action', async () => {
    const { check } = await setUp()
    const { Statement } = conditions('*', 's3:prefix')
    await check({ Statement: { ...Statement, Action: undefined, NotAction: 's3:GetObject' } })
  })

  it('may name actions that nothing here does, of Amazon alone', async () => {
    const { check } = await setUp()
    for (const Action of ['s3:ReplicateObject', 's3:GetInventoryConfiguration', 's3:GetObjectTorrent']) {
      const Resource = Action.includes('Object') ? 'arn:aws:s3:::mine/*' : 'arn:aws:s3:::mine'
      await check({ Statement: { ...good, Principal: '*', Action, Resource } })
    }
    await assert.rejects(check({ Statement: { ...good, Principal: '*', Action: 's3:GetObjects' } }), {
      kind: 'MalformedPolicy',
    })
  })

  it('names no canonical id of nobody, and nothing that no account can be', async () => {
    const { check } = await setUp()
    for (const [Principal, name] of [
      [{ CanonicalUser: 'ab'.repeat(32) }, 'ab'.repeat(32)],
      [{ AWS: 'AKIAIOSFODNN7EXAMPLE' }, 'AKIAIOSFODNN7EXAMPLE'],
      [{ AWS: ['111111111111', '1234'] }, '1234'],
    ] as const)
      await assert.rejects(check({ Statement: { ...good, Principal } }), {
        kind: 'MalformedPolicy',
        fields: { problem: `Invalid principal in policy: ${name}` },
      })
  })
})
