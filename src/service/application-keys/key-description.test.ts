import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { KEY_POLICY_LENGTH_MAX } from '../../model/lugsail/access-key-shapes.ts'
import { OBJECT_KEY_BYTES_MAX } from '../../model/s3/shapes/primitives.ts'
import { createAccount } from '../accounts/create-account.ts'
import { createBucket } from '../buckets/create-bucket.ts'
import { createKey } from './create-key.ts'
import { readKeyDescription, type KeyDescription } from './key-description.ts'
import { updateKey, type KeyChange } from './update-key.ts'

async function setUp(settings: { readonly applicationKeysPerAccountMax?: number } = {}) {
  const context = memoryContext({ clock: memoryContext().clock, settings })
  const { account } = await createAccount(context, 'main')
  const { account: other } = await createAccount(context, 'other')
  const caller = { accountId: account.accountId, region: 'us-east-1' }
  for (const bucketName of ['one', 'two'])
    await createBucket(context, caller, { bucketName, bundleId: 'small_1_0' })
  const foreign = { accountId: other.accountId, region: 'us-east-1' }
  await createBucket(context, foreign, { bucketName: 'foreign', bundleId: 'small_1_0' })
  const read = (given: KeyDescription) => readKeyDescription(context, account.accountId, given)
  return { context, caller, foreign, read }
}

const NOW = Date.UTC(2030, 0, 1)
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
})

/** As long as keys of objects can be, and together as long as the prefixes of a key can be. */
const LONGEST_PREFIXES = Array.from({ length: KEY_POLICY_LENGTH_MAX / OBJECT_KEY_BYTES_MAX }, (_, at) =>
  String(at).repeat(OBJECT_KEY_BYTES_MAX),
)

describe('the description of an application key', () => {
  const taken: readonly (readonly [what: string, given: KeyDescription, stored: object])[] = [
    ['nothing', {}, {}],
    ['an empty description', { description: '' }, { description: '' }],
    ['rights, each once', { rights: ['read', 'list', 'read'] }, { rights: ['read', 'list'] }],
    ['a policy', { policy: POLICY }, { policy: POLICY }],
    ['prefixes, each once', { prefixes: ['a/', 'b/', 'a/'] }, { prefixes: ['a/', 'b/'] }],
    ['as many prefixes as a key may have', { prefixes: LONGEST_PREFIXES }, { prefixes: LONGEST_PREFIXES }],
    [
      'networks, each once',
      { sourceNetworks: ['10.0.0.0/8', '::1', '10.0.0.0/8'] },
      { sourceNetworks: ['10.0.0.0/8', '::1'] },
    ],
    ['an end', { expiresAt: NOW + 1 }, { validUntil: NOW + 1 }],
    ['a time to the end', { expiresInSeconds: 60 }, { validUntil: NOW + 60_000 }],
    [
      'tags',
      { tags: [{ key: 'team', value: 'a' }, { key: 'x' }] },
      {
        tags: [
          { key: 'team', value: 'a' },
          { key: 'x', value: '' },
        ],
      },
    ],
    ['no tags', { tags: [] }, { tags: [] }],
  ]
  for (const [what, given, stored] of taken)
    it(`may have ${what}`, async () => {
      const { read } = await setUp()
      assert.deepEqual(await read(given), stored)
    })

  it('names buckets of its account, each once, and keeps their ids', async () => {
    const { read } = await setUp()
    const { buckets = [] } = await read({ buckets: ['one', 'two', 'one'] })
    assert.deepEqual(
      buckets.map(({ name }) => name),
      ['one', 'two'],
    )
    assert.equal(new Set(buckets.map(({ bucketId }) => bucketId)).size, 2)
  })

  for (const name of ['foreign', 'nobody', 'x'.repeat(200)])
    it(`is refused with the bucket ${name.slice(0, 10)}, which is not the account’s`, async () => {
      const { read } = await setUp()
      await assert.rejects(read({ buckets: ['one', name] }), {
        kind: 'NoSuchBucket',
        fields: { bucketName: name.slice(0, 63) },
      })
    })

  const refused: readonly (readonly [given: KeyDescription, problem: RegExp])[] = [
    [{ rights: ['read'], policy: POLICY }, /^rights and policy exclude each other$/],
    [{ rights: [], policy: POLICY }, /exclude|rights must name/],
    [{ rights: [] }, /^rights must name at least one/],
    [{ buckets: [] }, /^buckets must name at least one/],
    [{ prefixes: [] }, /^prefixes must name at least one/],
    [{ sourceNetworks: [] }, /^sourceNetworks must name at least one/],
    [{ policy: '' }, /^policy: /],
    [{ policy: '{' }, /^policy: /],
    [
      { prefixes: ['a', 'a'.repeat(KEY_POLICY_LENGTH_MAX)] },
      /^prefixes have at most 6144 characters together, got 6145$/,
    ],
    [
      { prefixes: ['a', 'é'.repeat(OBJECT_KEY_BYTES_MAX)] },
      /^prefixes: a key of an object has at most 1024 bytes, got 2048$/,
    ],
    [{ sourceNetworks: ['10.0.0.0/8', 'somewhere'] }, /^sourceNetworks: /],
    [{ expiresAt: NOW }, /^expiresAt must be in the future, got 2030-01-01T00:00:00.000Z$/],
    [{ expiresAt: NOW + 1, expiresInSeconds: 60 }, /^expiresAt and expiresInSeconds exclude each other$/],
  ]
  for (const [given, problem] of refused)
    it(`is refused: ${problem.source}`, async () => {
      const { read } = await setUp()
      await assert.rejects(read(given), (error: { kind?: string; fields?: { problem?: string } }) => {
        assert.equal(error.kind, 'InvalidApplicationKey')
        assert.match(error.fields?.problem ?? '', problem)
        return true
      })
    })

  it('is refused with a tag twice', async () => {
    const { read } = await setUp()
    await assert.rejects(read({ tags: [{ key: 'a' }, { key: 'a' }] }), { kind: 'InvalidTag' })
  })
})

describe('making an application key', () => {
  it('needs rights or a policy', async () => {
    const { context, caller } = await setUp()
    await assert.rejects(createKey(context, caller, { name: 'app', buckets: ['one'] }), {
      kind: 'InvalidApplicationKey',
      fields: { problem: 'A key needs rights or a policy: name one of the two' },
    })
  })

  it('is refused to an account that is not there', async () => {
    const { context, caller } = await setUp()
    const nobody = { ...caller, accountId: '999999999999' }
    await assert.rejects(createKey(context, nobody, { name: 'app', rights: ['read'] }), {
      kind: 'NoSuchAccount',
      fields: { account: nobody.accountId },
    })
  })

  it('is refused beyond so many of the account as the settings say, those of others not counted', async () => {
    const { context, caller, foreign } = await setUp({ applicationKeysPerAccountMax: 2 })
    const make = (name: string, by = caller) => createKey(context, by, { name, rights: ['read'] })
    await make('one')
    await make('two')
    await assert.rejects(make('three'), { kind: 'TooManyApplicationKeys', fields: { count: 2 } })
    await make('three', foreign)
  })

  it('takes a pair that is brought along, unless its id is taken, by whomever', async () => {
    const { context, caller, foreign } = await setUp()
    const pair = { accessKeyId: 'AKIABROUGHT', secretAccessKey: 'Zq8-of-another-store.77' }
    const make = (name: string, by = caller) => createKey(context, by, { name, pair, rights: ['read'] })
    const { key, secretAccessKey } = await make('app')
    assert.deepEqual({ accessKeyId: key.accessKeyId, secretAccessKey }, pair)
    const taken = { kind: 'AccessKeyIdTaken', fields: { accessKeyId: pair.accessKeyId } }
    await assert.rejects(make('other'), taken)
    await assert.rejects(make('app', foreign), taken)
  })

  const secrets: readonly (readonly [secretAccessKey: string, problem: string | null])[] = [
    ['abcdefgabcdefgabcdefg', 'secretAccessKey has fewer than 8 different characters'],
    ['abcdefghabcdefghabcdefgh', null],
    ['Zq8-akiabrought-of-another.77', 'secretAccessKey has the access key id in it'],
    ['Zq8-AKIABROUGHT-of-another.77', 'secretAccessKey has the access key id in it'],
  ]
  for (const [secretAccessKey, problem] of secrets)
    it(`${problem === null ? 'takes' : 'refuses'} the secret ${secretAccessKey}`, async () => {
      const { context, caller } = await setUp()
      const pair = { accessKeyId: 'akiaBROUGHT', secretAccessKey }
      const made = createKey(context, caller, { name: 'app', pair, rights: ['read'] })
      if (problem === null) assert.equal((await made).secretAccessKey, secretAccessKey)
      else await assert.rejects(made, { kind: 'InvalidApplicationKey', fields: { problem } })
    })
})

describe('changing an application key', () => {
  const refused: readonly (readonly [change: Omit<KeyChange, 'name'>, problem: string])[] = [
    [{}, 'Nothing is to be changed: name what the key is to have, or its status'],
    [
      { removes: [], description: undefined },
      'Nothing is to be changed: name what the key is to have, or its status',
    ],
    [{ buckets: ['one'], removes: ['buckets'] }, 'buckets is both given and removed'],
    [{ expiresAt: NOW + 1, removes: ['expiresAt'] }, 'expiresAt is both given and removed'],
    [{ expiresInSeconds: 1, removes: ['expiresAt'] }, 'expiresAt is both given and removed'],
  ]
  for (const [change, problem] of refused)
    it(`is refused: ${JSON.stringify(change)}`, async () => {
      const { context, caller } = await setUp()
      await createKey(context, caller, { name: 'app', rights: ['read'] })
      await assert.rejects(updateKey(context, caller, { name: 'app', ...change }), {
        kind: 'InvalidApplicationKey',
        fields: { problem },
      })
    })

  it('may give a time to the end and remove something else at once', async () => {
    const { context, caller } = await setUp()
    await createKey(context, caller, { name: 'app', rights: ['read'], description: 'x' })
    const { key } = await updateKey(context, caller, {
      ...{ name: 'app', expiresInSeconds: 60, removes: ['description'] },
    })
    assert.deepEqual([key.validUntil, key.description], [NOW + 60_000, undefined])
  })
})
