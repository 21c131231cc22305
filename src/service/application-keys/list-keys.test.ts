import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { createAccount } from '../accounts/create-account.ts'
import { createBucket } from '../buckets/create-bucket.ts'
import { createKey } from './create-key.ts'
import { keyStatusOf, listKeys, type KeyFilter } from './list-keys.ts'
import { updateKey } from './update-key.ts'

const KEYS_PER_PAGE = 100
const LOOKED_AT_MAX = 1_000

async function setUp() {
  const context = memoryContext()
  const { account } = await createAccount(context, 'main')
  const { account: other } = await createAccount(context, 'other')
  const caller = { accountId: account.accountId, region: 'us-east-1' }
  const foreign = { accountId: other.accountId, region: 'us-east-1' }
  await createBucket(context, caller, { bucketName: 'one', bundleId: 'small_1_0' })
  await createBucket(context, foreign, { bucketName: 'foreign', bundleId: 'small_1_0' })
  const make = (
    name: string,
    more: { readonly buckets?: string[]; readonly expiresInSeconds?: number } = {},
  ) => createKey(context, caller, { name, rights: ['read'], ...more })
  /** The names on each page. */
  const pages = async (filter: KeyFilter = {}): Promise<string[][]> => {
    const found: string[][] = []
    let pageToken: string | undefined
    do {
      const page = await listKeys(context, caller, {
        ...filter,
        ...(pageToken !== undefined && { pageToken }),
      })
      found.push(page.keys.map(({ key }) => key.name))
      pageToken = page.nextPageToken
    } while (pageToken !== undefined)
    return found
  }
  return { context, caller, foreign, make, pages }
}

describe('a list of application keys', () => {
  it('has those that a filter wants, by name, and those of no other account', async () => {
    const { context, caller, foreign, make, pages } = await setUp()
    await make('b')
    await make('a/2', { buckets: ['one'] })
    await make('a/1', { expiresInSeconds: 1 })
    await make('a', { buckets: ['one'] })
    await updateKey(context, caller, { name: 'b', status: 'Inactive' })
    await createKey(context, foreign, { name: 'a/3', rights: ['read'] })
    context.clock.advance(1_000)
    const wanted: readonly (readonly [filter: KeyFilter, names: readonly string[]])[] = [
      [{}, ['a', 'a/1', 'a/2', 'b']],
      [{ pageToken: '' }, ['a', 'a/1', 'a/2', 'b']],
      [{ namePrefix: 'a/' }, ['a/1', 'a/2']],
      [{ namePrefix: 'none' }, []],
      [{ bucketName: 'one' }, ['a', 'a/2']],
      [{ bucketName: 'one', namePrefix: 'a/' }, ['a/2']],
      [{ status: 'Active' }, ['a', 'a/2']],
      [{ status: 'Inactive' }, ['b']],
      [{ status: 'Expired' }, ['a/1']],
      [{ status: 'Active', bucketName: 'one', namePrefix: 'a/' }, ['a/2']],
      [{ name: 'a' }, ['a']],
      [{ name: 'a/3' }, []],
      [{ name: 'a/2', namePrefix: 'a/' }, ['a/2']],
      [{ name: 'b', namePrefix: 'a/' }, []],
      [{ name: 'a/2', bucketName: 'one' }, ['a/2']],
      [{ name: 'b', bucketName: 'one' }, []],
      [{ name: 'b', status: 'Inactive' }, ['b']],
      [{ name: 'b', status: 'Active' }, []],
    ]
    for (const [filter, names] of wanted)
      assert.deepEqual(await pages(filter), [names], JSON.stringify(filter))
  })

  for (const filter of [{}, { name: 'a' }])
    it(`of a bucket is refused to who does not have that bucket: ${JSON.stringify(filter)}`, async () => {
      const { make, pages } = await setUp()
      await make('a')
      for (const bucketName of ['foreign', 'x'.repeat(100)])
        await assert.rejects(pages({ ...filter, bucketName }), {
          kind: 'NoSuchBucket',
          fields: { bucketName: bucketName.slice(0, 63) },
        })
    })

  it(`comes in pages of ${KEYS_PER_PAGE}, whole and in order, and goes on with a token of the same list alone`, async () => {
    const { context, caller, foreign, make, pages } = await setUp()
    const names = Array.from(
      { length: 2 * KEYS_PER_PAGE + 1 },
      (_, at) => `key-${String(at).padStart(4, '0')}`,
    )
    for (const name of names) await make(name, { buckets: ['one'] })
    const split = [names.slice(0, KEYS_PER_PAGE), names.slice(KEYS_PER_PAGE, -1), names.slice(-1)]
    assert.deepEqual(await pages(), split)
    assert.deepEqual(await pages({ bucketName: 'one' }), split)
    assert.deepEqual(await pages({ namePrefix: 'key-000' }), [names.slice(0, 10)])
    const { nextPageToken: pageToken = '' } = await listKeys(context, caller, {})
    const later = await listKeys(context, caller, { pageToken, namePrefix: 'key-02' })
    assert.deepEqual(
      later.keys.map(({ key }) => key.name),
      names.slice(-1),
    )
    await assert.rejects(pages({ bucketName: 'one', pageToken }), { kind: 'InvalidPageToken' })
    await assert.rejects(listKeys(context, foreign, { pageToken }), { kind: 'InvalidPageToken' })
    const ofBucket = await listKeys(context, caller, { bucketName: 'one' })
    await assert.rejects(pages({ pageToken: ofBucket.nextPageToken }), { kind: 'InvalidPageToken' })
  })

  it('of exactly one page has no token', async () => {
    const { make, pages } = await setUp()
    for (let at = 0; at < KEYS_PER_PAGE; at++) await make(`key-${at}`)
    assert.deepEqual(
      (await pages()).map((page) => page.length),
      [KEYS_PER_PAGE],
    )
  })

  it(`goes on behind ${LOOKED_AT_MAX} keys that were looked at, though few have the status that is wanted`, async () => {
    const { make, pages } = await setUp()
    const names = Array.from({ length: LOOKED_AT_MAX + 5 }, (_, at) => `key-${String(at).padStart(4, '0')}`)
    for (const name of names) await make(name)
    const found = await pages({ status: 'Inactive' })
    assert.deepEqual(found, [[], []])
  })
})

describe('the status of a key', () => {
  const NOW = 1_000_000
  const table = [
    ['Active', { status: 'Active' }],
    ['Active', { status: 'Active', validUntil: NOW + 1 }],
    ['Expired', { status: 'Active', validUntil: NOW }],
    ['Inactive', { status: 'Inactive' }],
    ['Inactive', { status: 'Inactive', validUntil: NOW }],
  ] as const
  for (const [expected, key] of table)
    it(`is ${expected} for ${JSON.stringify(key)}`, () => assert.equal(keyStatusOf(key, NOW), expected))
})
