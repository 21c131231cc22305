import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { createAccessKey } from '../access-keys/create-access-key.ts'
import { setBucketKeyStatus } from '../access-keys/set-bucket-key-status.ts'
import { createAccount } from '../accounts/create-account.ts'
import { createKey } from '../application-keys/create-key.ts'
import { createBucket } from '../buckets/create-bucket.ts'
import { readBucketAccess } from './bucket-access.ts'

const DOINGS = ['read', 'write', 'list', 'delete', 'settings'] as const

async function setUp() {
  const context = memoryContext()
  const { account, rootKey } = await createAccount(context, 'main')
  const { account: other, rootKey: otherKey } = await createAccount(context, 'other')
  const caller = { accountId: account.accountId, region: 'us-east-1' }
  for (const bucketName of ['photos', 'papers'])
    await createBucket(context, caller, { bucketName, bundleId: 'small_1_0' })
  let keys = 0
  return {
    ...{ context, caller, rootId: rootKey.accessKeyId, otherRootId: otherKey.accessKeyId },
    foreign: { accountId: other.accountId, region: 'us-east-1' },
    /** The id of a key of these bounds. */
    key: async (bounds: Omit<Parameters<typeof createKey>[2], 'name'>) =>
      (await createKey(context, caller, { name: `app-${++keys}`, ...bounds })).key.accessKeyId,
    /** `allowed by key-rights`, or `depends by bucket-policy Office on aws:SourceIp`, by what may be done. */
    told: async (asked: Partial<Parameters<typeof readBucketAccess>[2]>) => {
      const access = await readBucketAccess(context, caller, { bucketName: 'photos', ...asked })
      return Object.fromEntries(
        access.map(({ doing, outcome, rule, statement, conditions }) => {
          const by = [rule, statement].filter((part) => part !== undefined).join(' ')
          return [doing, `${outcome} by ${by}${conditions ? ` on ${conditions.join()}` : ''}`]
        }),
      )
    },
  }
}

/** The same of all that may be done, or of each in turn. */
const each = (...outcomes: readonly string[]): object =>
  Object.fromEntries(DOINGS.map((doing, at) => [doing, outcomes[at] ?? outcomes[0]]))

const policyOf = (...statements: readonly object[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({
      ...{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' },
      ...statement,
    })),
  })

describe('what somebody may do in a bucket', () => {
  it('is told of each thing that is tried, with the action that stands for it', async () => {
    const { context, caller } = await setUp()
    const access = await readBucketAccess(context, caller, { bucketName: 'photos' })
    assert.deepEqual(
      access.map(({ doing, action }) => [doing, action]),
      [
        ['read', 's3:GetObject'],
        ['write', 's3:PutObject'],
        ['list', 's3:ListBucket'],
        ['delete', 's3:DeleteObject'],
        ['settings', 's3:PutLifecycleConfiguration'],
      ],
    )
  })

  it('follows from who asks', async () => {
    const { context, caller, rootId, key, told } = await setUp()
    const no = 'denied by no-grant'
    const yes = 'allowed by key-rights'
    assert.deepEqual(await told({}), each(no))
    assert.deepEqual(await told({ accessKeyId: rootId }), each('allowed by account'))
    const { accessKey } = await createAccessKey(context, caller, 'photos')
    const { accessKeyId } = accessKey
    assert.deepEqual(await told({ accessKeyId }), each('allowed by key'))
    assert.deepEqual(await told({ accessKeyId, bucketName: 'papers' }), each('denied by key-buckets'))
    await setBucketKeyStatus(context, caller, { bucketName: 'photos', accessKeyId, status: 'Inactive' })
    assert.deepEqual(await told({ accessKeyId }), each('denied by key-stopped'))
    const reader = await key({ rights: ['read', 'list'], buckets: ['photos'] })
    assert.deepEqual(await told({ accessKeyId: reader }), each(yes, no, yes, no, no))
    assert.deepEqual(await told({ accessKeyId: reader, bucketName: 'papers' }), each('denied by key-buckets'))
  })

  it('follows from the bounds of a key, and depends on the address where only that is open', async () => {
    const { key, told } = await setUp()
    const accessKeyId = await key({
      ...{ rights: ['read-write'], prefixes: ['a/'], sourceNetworks: ['10.0.0.0/8', '192.168.0.0/16'] },
    })
    const at = (objectKey: string | undefined, sourceAddress?: string) =>
      told({ accessKeyId, objectKey, sourceAddress })
    assert.equal((await at('a/1', '10.0.3.7'))['read'], 'allowed by key-rights')
    assert.equal((await at('a/1', '192.168.3.7'))['write'], 'allowed by key-rights')
    assert.equal((await at('a/1', '192.0.2.1'))['write'], 'denied by key-networks')
    assert.equal((await at('b/1', '10.0.3.7'))['read'], 'denied by key-prefixes')
    assert.equal((await at(undefined, '10.0.3.7'))['read'], 'denied by key-prefixes')
    assert.equal((await at('a/1'))['read'], 'depends by key-networks on aws:SourceIp')
    assert.equal((await at('b/1'))['read'], 'denied by key-prefixes')
    // What is about the whole bucket is outside of any prefix.
    assert.equal((await at('a/1'))['settings'], 'denied by key-prefixes')
  })

  const OFFICE = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }
  const TLS = { Bool: { 'aws:SecureTransport': 'false' } }
  const AGENT = { StringLike: { 'aws:UserAgent': 'rclone/*' } }
  const TAG = { StringEquals: { 's3:ExistingObjectTag/secret': 'yes' } }
  type Row = readonly [what: string, policy: string, asked: object, read: string]
  const rows: readonly Row[] = [
    ['an Allow of everybody', policyOf({ Sid: 'Open' }), {}, 'allowed by bucket-policy Open'],
    ['the first of two that allow', policyOf({}, { Sid: 'Open' }), {}, 'allowed by bucket-policy #1'],
    [
      'one that is not about it, and one that is',
      policyOf({ Action: 's3:PutObject' }, { Sid: '' }),
      {},
      'allowed by bucket-policy #2',
    ],
    [
      'an Allow of another object',
      policyOf({ Resource: 'arn:aws:s3:::photos/a/*' }),
      { objectKey: 'b/1' },
      'denied by no-grant',
    ],
    [
      'an Allow of that object',
      policyOf({ Resource: 'arn:aws:s3:::photos/a/*', Sid: 'A' }),
      { objectKey: 'a/1' },
      'allowed by bucket-policy A',
    ],
    [
      'an object that no rule names',
      policyOf({ Resource: 'arn:aws:s3:::photos/a/*' }),
      {},
      'denied by no-grant',
    ],
    ['a Deny', policyOf({}, { Effect: 'Deny', Sid: 'None' }), {}, 'denied by bucket-policy None'],
    [
      'an Allow that depends on the address',
      policyOf({ Sid: 'Office', Condition: OFFICE }),
      {},
      'depends by bucket-policy Office on aws:SourceIp',
    ],
    [
      'an Allow of that address',
      policyOf({ Sid: 'Office', Condition: OFFICE }),
      { sourceAddress: '10.0.3.7' },
      'allowed by bucket-policy Office',
    ],
    [
      'an Allow of another address',
      policyOf({ Sid: 'Office', Condition: OFFICE }),
      { sourceAddress: '192.0.2.1' },
      'denied by no-grant',
    ],
    [
      'an Allow and a Deny that depend',
      policyOf({ Sid: 'Office', Condition: OFFICE }, { Effect: 'Deny', Condition: TLS }),
      {},
      'depends by bucket-policy #2 on aws:SecureTransport,aws:SourceIp',
    ],
    [
      'two that depend on the same',
      policyOf({ Sid: 'One', Condition: AGENT }, { Sid: 'Two', Condition: AGENT }),
      {},
      'depends by bucket-policy One on aws:UserAgent',
    ],
    [
      'a Deny by the tags of the object',
      policyOf({}, { Effect: 'Deny', Sid: 'Secret', Condition: TAG }),
      {},
      'depends by bucket-policy Secret on s3:ExistingObjectTag/secret',
    ],
    [
      'an open Allow beside one that depends',
      policyOf({ Condition: AGENT }, { Sid: 'All' }),
      {},
      'allowed by bucket-policy All',
    ],
    [
      'a Deny beside an Allow that depends',
      policyOf({ Condition: AGENT }, { Effect: 'Deny', Sid: 'None' }),
      {},
      'denied by bucket-policy None',
    ],
    [
      'a Deny of what is over',
      policyOf(
        {},
        { Effect: 'Deny', Condition: { DateLessThan: { 'aws:CurrentTime': '2001-01-01T00:00:00Z' } } },
      ),
      {},
      'allowed by bucket-policy #1',
    ],
    [
      'a condition about signatures, of somebody who signs nothing',
      policyOf({ Condition: { StringEquals: { 's3:authType': 'REST-HEADER' } } }),
      {},
      'denied by no-grant',
    ],
  ]
  for (const [what, policy, asked, read] of rows)
    it(`is tried with a policy that is not stored: ${what}`, async () => {
      const { told } = await setUp()
      assert.equal((await told({ policy, ...asked }))['read'], read)
    })

  it('is not given to the owning side by an Allow, and is taken from it by a Deny', async () => {
    const { rootId, key, told } = await setUp()
    const accessKeyId = await key({ rights: ['read-write'] })
    const policy = policyOf(
      { Condition: OFFICE, Action: 's3:*', Resource: ['arn:aws:s3:::photos', 'arn:aws:s3:::photos/*'] },
      { Effect: 'Deny', Sid: 'Tls', Condition: TLS },
      { Effect: 'Deny', Sid: 'Keep', Action: 's3:DeleteObject' },
    )
    const asked = await told({ policy, accessKeyId })
    assert.equal(asked['read'], 'depends by bucket-policy Tls on aws:SecureTransport')
    assert.equal(asked['write'], 'allowed by key-rights')
    assert.equal(asked['delete'], 'denied by bucket-policy Keep')
    assert.equal(asked['settings'], 'denied by no-grant')
    assert.equal((await told({ policy, accessKeyId: rootId }))['delete'], 'denied by bucket-policy Keep')
  })

  it('follows from a policy of the key’s own', async () => {
    const { key, told } = await setUp()
    const own = (...statements: readonly object[]) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: statements.map((statement) => ({
          ...{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' },
          ...statement,
        })),
      })
    const read = async (...statements: readonly object[]) =>
      (await told({ accessKeyId: await key({ policy: own(...statements) }) }))['read']
    assert.equal(await read({}), 'allowed by key-rights')
    assert.equal(await read({ Resource: 'arn:aws:s3:::papers/*' }), 'denied by no-grant')
    assert.equal(await read({}, { Effect: 'Deny' }), 'denied by key-policy')
    assert.equal(await read({ Condition: AGENT }), 'depends by key-policy on aws:UserAgent')
    assert.equal(
      await read({}, { Effect: 'Deny', Condition: TLS }),
      'depends by key-policy on aws:SecureTransport',
    )
    assert.equal(
      await read({ Condition: { StringEquals: { 's3:authType': 'REST-HEADER' } } }),
      'depends by key-policy on s3:authType',
    )
  })

  it('of patterns that cost more than a request may spend is what the rules say of such a request', async () => {
    const { key, told } = await setUp()
    const accessKeyId = await key({ rights: ['full'] })
    const objectKey = 'a'.repeat(1_000)
    const costly = (Effect: string) =>
      policyOf({
        Effect,
        Resource: Array.from({ length: 10 }, (_, n) => `arn:aws:s3:::photos/${'*?a'.repeat(300)}*c${n}*`),
      })
    assert.equal(
      (await told({ accessKeyId, objectKey, policy: costly('Deny') }))['read'],
      'denied by bucket-policy',
    )
    assert.equal(
      (await told({ accessKeyId, objectKey, policy: costly('Allow') }))['read'],
      'allowed by key-rights',
    )
    assert.equal((await told({ objectKey, policy: costly('Allow') }))['read'], 'denied by bucket-policy')
  })

  it('is told of keys of the account alone, and of addresses and policies that are ones', async () => {
    const { context, caller, foreign, otherRootId } = await setUp()
    const ask = (asked: object, by = caller) =>
      readBucketAccess(context, by, { bucketName: 'photos', ...asked })
    for (const accessKeyId of [otherRootId, 'nobody'])
      await assert.rejects(ask({ accessKeyId }), { kind: 'NoSuchKeyId', fields: { accessKeyId } })
    await assert.rejects(ask({}, foreign), { kind: 'NoSuchBucket' })
    await assert.rejects(ask({ sourceAddress: 'home' }), {
      kind: 'InvalidApplicationKey',
      fields: { problem: 'The source address home is no IP address' },
    })
    await assert.rejects(ask({ objectKey: 'é'.repeat(513) }), {
      kind: 'InvalidApplicationKey',
      fields: { problem: 'objectKey: a key of an object has at most 1024 bytes, got 1026' },
    })
    await ask({ objectKey: 'é'.repeat(512) })
    await assert.rejects(ask({ policy: '{}' }), { kind: 'InvalidApplicationKey' })
    await ask({ sourceAddress: '::1' })
  })
})
