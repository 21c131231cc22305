import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { readTextPart } from '../../base/key.ts'
import { DAY_MS } from '../../base/milliseconds.ts'
import { createAccount } from '../accounts/create-account.ts'
import { createBucket } from '../buckets/create-bucket.ts'
import {
  bucketKey,
  bucketKeyNamesRange,
  credentialsRange,
  keyCountKey,
  keyNamesRange,
  lastUsedKey,
  retirementsRange,
} from '../keyspace.ts'
import { bucketCodec } from '../records/bucket.ts'
import { credentialCodec, keyCountCodec, type ApplicationCredential } from '../records/credential.ts'
import type { OperationRecord } from '../records/operation.ts'
import { createKey } from './create-key.ts'
import { deleteAllKeys } from './delete-all-keys.ts'
import { deleteKey } from './delete-key.ts'
import { listKeys } from './list-keys.ts'
import { readKey } from './read-key.ts'
import { rotateKey } from './rotate-key.ts'
import { updateKey, type KeyChange } from './update-key.ts'

const STEPS = 400
const NAMES = ['a', 'a/b', 'ab', 'b', 'ä'] as const
const BUCKETS = ['one', 'two', 'three'] as const
const ADDRESS = { sourceNetworks: ['192.0.2.0/24'] }

type Described = Pick<
  ApplicationCredential,
  'description' | 'rights' | 'policy' | 'prefixes' | 'sourceNetworks' | 'tags' | 'status' | 'validUntil'
> & { readonly buckets?: readonly string[] }

/** A key as simply as can be. */
interface ModelKey {
  accessKeyId: string
  /** Its fields; absent is absent. */
  fields: Described
  /** The id before the rotation, until that is deleted, with what it has. */
  old?: { readonly accessKeyId: string; readonly until?: number; fields: Described }
}

async function setUp() {
  const context = memoryContext()
  const { account } = await createAccount(context, 'main')
  const { account: other } = await createAccount(context, 'other')
  const caller = { accountId: account.accountId, region: 'us-east-1' }
  for (const bucketName of BUCKETS) await createBucket(context, caller, { bucketName, bundleId: 'small_1_0' })
  const bucketEntries = await context.metadata.getMany(BUCKETS.map((name) => bucketKey(name)))
  const bucketIds = new Map<string, string>(
    BUCKETS.map((name, at) => {
      const entry = bucketEntries[at]
      assert.ok(entry)
      return [name, bucketCodec.decode(entry.value).bucketId]
    }),
  )
  const scan = async (range: { readonly start: Buffer; readonly end: Buffer }) =>
    await context.metadata.scan({ ...range, limit: 1_000 })
  const idsIn = async (range: { readonly start: Buffer; readonly end: Buffer }) =>
    (await scan(range)).map(({ key }) => readTextPart(key, 1).text)
  return { context, caller, other, bucketIds, scan, idsIn }
}

type World = Awaited<ReturnType<typeof setUp>>

/** A use of a key, to be gone with it. */
const noteUse = ({ context }: World, accessKeyId: string) =>
  context.metadata.commit({ sets: [{ key: lastUsedKey(accessKeyId), value: Buffer.from('used') }] })

const fieldsOf = (key: ApplicationCredential): Described => {
  const { description, rights, policy, prefixes, sourceNetworks, tags, status, validUntil, buckets } = key
  const fields = { description, rights, policy, prefixes, sourceNetworks, tags, status, validUntil }
  return defined({ ...fields, buckets: buckets?.map(({ name }) => name) }) as Described
}

const defined = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

/** Every row that tells of application keys is there, and no other one. */
async function compare(world: World, model: ReadonlyMap<string, ModelKey>): Promise<void> {
  const { context, caller, bucketIds, scan, idsIn } = world
  const [count] = await context.metadata.getMany([keyCountKey(caller.accountId)])
  assert.equal(count ? keyCountCodec.decode(count.value).count : 0, model.size)
  const keys = [...model.values()]
  const ids = keys.flatMap(({ accessKeyId, old }) => [accessKeyId, ...(old ? [old.accessKeyId] : [])])
  const credentials = (await scan(credentialsRange())).map(({ value }) => credentialCodec.decode(value))
  const stored = new Map(
    credentials.flatMap((record) =>
      record.type === 'application-key' ? [[record.accessKeyId, record] as const] : [],
    ),
  )
  assert.deepEqual([...stored.keys()].sort(), [...ids].sort())
  assert.deepEqual(await idsIn(retirementsRange()), keys.flatMap(({ old }) => old?.accessKeyId ?? []).sort())
  for (const [name, { accessKeyId, fields, old }] of model) {
    const [key, before] = [stored.get(accessKeyId), stored.get(old?.accessKeyId ?? '')]
    assert.ok(key)
    assert.equal(key.name, name)
    assert.deepEqual(fieldsOf(key), fields)
    assert.equal(
      before && JSON.stringify(sorted(fieldsOf(before))),
      old && JSON.stringify(sorted(old.fields)),
    )
  }
  for (const [bucketName, bucketId] of bucketIds) {
    const prefixLength = bucketKeyNamesRange(bucketId).start.length
    assert.deepEqual(
      (await scan(bucketKeyNamesRange(bucketId))).map(({ key }) => key.toString('utf8', prefixLength)),
      [...model]
        .filter(([, { fields }]) => fields.buckets?.includes(bucketName))
        .map(([name]) => name)
        .sort(),
    )
  }
  const names = [...model.keys()].sort()
  const listed = await listKeys(context, caller, {})
  assert.deepEqual(
    listed.keys.map(({ key, retiring }) => [
      key.name,
      key.accessKeyId,
      retiring?.accessKeyId,
      retiring?.until,
    ]),
    names.map((name) => {
      const key = model.get(name)
      return [name, key?.accessKeyId, key?.old?.accessKeyId, key?.old?.until]
    }),
  )
}

const sorted = (fields: object) => Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1))

/** Of which resources operation records came to be, and of what type. */
const shown = (operations: readonly OperationRecord[]) =>
  operations.map(({ resourceName, operationType, operationDetails }) =>
    [resourceName, operationType, operationDetails].join(),
  )

const expected = (name: string, { accessKeyId, fields }: ModelKey, type: string) =>
  (fields.buckets ?? [name]).map((resource) => `${resource},${type},${accessKeyId}: ${name}`)

function randomGiven(random: SeededRandom, nowMs: number) {
  const given: Omit<KeyChange, 'name'> = {}
  const some = () => random.below(3) === 0
  const pick = () => BUCKETS.filter(() => random.below(2) === 0)
  const buckets = some() ? pick() : []
  return Object.assign(given, {
    ...(some() && { description: `of ${random.below(9)}` }),
    ...(buckets.length > 0 && { buckets }),
    ...(some() && { prefixes: ['p/', `q${random.below(3)}/`] }),
    ...(some() && ADDRESS),
    ...(some() && { tags: [{ key: 'team', value: `${random.below(3)}` }] }),
    ...(some() && { expiresAt: nowMs + 1 + random.below(3 * DAY_MS) }),
  })
}

const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::*' }],
})

const randomRights = (random: SeededRandom) =>
  random.below(3) === 0 ? { policy: POLICY } : { rights: [random.oneOf(['read', 'write', 'list'] as const)] }

const described = ({ expiresAt, ...given }: Omit<KeyChange, 'name' | 'removes' | 'accessKeyId'>): Described =>
  defined({ ...given, validUntil: expiresAt }) as Described

async function takeStep(world: World, model: Map<string, ModelKey>, random: SeededRandom): Promise<void> {
  const { context, caller } = world
  const name = random.oneOf(NAMES)
  const known = model.get(name)
  const nowMs = context.clock.now()
  /** The half of a rotated key that counts still. */
  const retiring = known?.old && nowMs < (known.old.until ?? Infinity) ? known.old : undefined
  if (!known) {
    const unknown = { kind: 'NoSuchApplicationKey', fields: { keyName: name } }
    await assert.rejects(updateKey(context, caller, { name, status: 'Inactive' }), unknown)
    await assert.rejects(rotateKey(context, caller, name), unknown)
    await assert.rejects(deleteKey(context, caller, name), unknown)
    const given = { ...randomGiven(random, nowMs), ...randomRights(random) }
    const { key, operations } = await createKey(context, caller, { ...given, name })
    assert.equal(key.createdAt, nowMs)
    const made = { accessKeyId: key.accessKeyId, fields: { ...described(given), status: 'Active' as const } }
    model.set(name, made)
    assert.deepEqual(shown(operations), expected(name, made, 'CreateBucketAccessKey'))
    await noteUse(world, key.accessKeyId)
    return
  }
  const dice = random.below(10)
  if (dice < 2) {
    await assert.rejects(createKey(context, caller, { name, rights: ['read'] }), {
      kind: 'ApplicationKeyExists',
      fields: { keyName: name },
    })
  } else if (dice < 5) {
    const given = {
      ...randomGiven(random, nowMs),
      ...(random.below(3) === 0 && randomRights(random)),
      ...(random.below(3) === 0 && { status: random.oneOf(['Active', 'Inactive'] as const) }),
    }
    const removes = (
      ['description', 'buckets', 'prefixes', 'sourceNetworks', 'tags', 'expiresAt'] as const
    ).filter((member) => !(member in given) && random.below(4) === 0)
    if (Object.keys(given).length + removes.length === 0) return
    const changed = (fields: Described): Described => {
      const gone = new Set<string>(removes.map((member) => (member === 'expiresAt' ? 'validUntil' : member)))
      if ('rights' in given) gone.add('policy')
      if ('policy' in given) gone.add('rights')
      const kept = Object.fromEntries(Object.entries(fields).filter(([member]) => !gone.has(member)))
      return { ...kept, ...described(given) }
    }
    const accessKeyId = random.oneOf([null, known.accessKeyId, retiring?.accessKeyId ?? null]) ?? undefined
    const { key, operations } = await updateKey(context, caller, { ...given, name, removes, accessKeyId })
    known.fields = changed(known.fields)
    if (retiring) {
      const fields = changed(retiring.fields)
      const validUntil = Math.min(retiring.fields.validUntil ?? Infinity, fields.validUntil ?? Infinity)
      known.old = { ...retiring, fields: { ...fields, ...(validUntil < Infinity && { validUntil }) } }
    }
    assert.equal(key.accessKeyId, known.accessKeyId)
    assert.deepEqual(shown(operations), expected(name, known, 'UpdateBucket'))
    const wrong = updateKey(context, caller, { name, status: 'Active', accessKeyId: 'another' })
    await assert.rejects(wrong, { kind: 'NoSuchApplicationKey' })
  } else if (dice < 7) {
    const retireInSeconds = random.oneOf([null, 0, 60, 2 * 86_400]) ?? undefined
    const { key, operations } = await rotateKey(context, caller, name, { retireInSeconds })
    const isInactive = known.fields.status === 'Inactive'
    const ends = nowMs + (retireInSeconds ?? (isInactive ? 0 : 86_400)) * 1_000
    const until = Math.min(ends, known.fields.validUntil ?? Infinity)
    const rotated: ModelKey = { accessKeyId: key.accessKeyId, fields: known.fields }
    if (until > nowMs)
      rotated.old = { accessKeyId: known.accessKeyId, until, fields: { ...known.fields, validUntil: until } }
    model.set(name, rotated)
    assert.deepEqual(shown(operations), expected(name, rotated, 'CreateBucketAccessKey'))
    assert.equal(key.createdAt, nowMs)
    await noteUse(world, key.accessKeyId)
  } else if (dice < 9) {
    const accessKeyId = random.oneOf([null, known.accessKeyId, known.old?.accessKeyId ?? null]) ?? undefined
    const operations = await deleteKey(context, caller, name, accessKeyId)
    assert.deepEqual(shown(operations), expected(name, known, 'DeleteBucketAccessKey'))
    const { validUntil } = known.fields
    /** The half that is kept ends when the key was to end. */
    const kept = (fields: Described) => defined({ ...fields, validUntil }) as Described
    if (accessKeyId === undefined || !known.old) model.delete(name)
    else if (accessKeyId === known.old.accessKeyId)
      model.set(name, { accessKeyId: known.accessKeyId, fields: kept(known.fields) })
    else if (retiring) model.set(name, { accessKeyId: retiring.accessKeyId, fields: kept(retiring.fields) })
    else model.delete(name)
    await assert.rejects(deleteKey(context, caller, name, 'another'), { kind: 'NoSuchApplicationKey' })
  } else context.clock.advance(random.below(DAY_MS))
}

describe('the rows of application keys', () => {
  it('are those of a naive model, whatever is made, changed, rotated and deleted', async (t) => {
    const random = new SeededRandom()
    t.diagnostic(`LUGSAIL_TEST_SEED=${random.seed}`)
    const world = await setUp()
    const { context, other } = world
    const foreign = { accountId: other.accountId, region: 'us-east-1' }
    await createKey(context, foreign, { name: 'a', rights: ['read'] })
    const { key: foreignKey } = await createKey(context, foreign, { name: 'b', rights: ['read'] })
    await deleteKey(context, foreign, 'a')
    const { record } = await readKey(context, foreign.accountId, 'b')
    assert.equal(record.accessKeyId, foreignKey.accessKeyId)
    await deleteKey(context, foreign, 'b')
    const model = new Map<string, ModelKey>()
    for (let step = 0; step < STEPS; step++) {
      context.clock.advance(1)
      await takeStep(world, model, random)
      await compare(world, model)
    }
    // The uses of keys that are gone went with them.
    const gone = await context.metadata.scan({ start: Buffer.from('L'), end: Buffer.from('M'), limit: 1_000 })
    const ids = [...model.values()].flatMap(({ accessKeyId, old }) => [accessKeyId, old?.accessKeyId])
    assert.deepEqual(
      gone.map(({ key }) => readTextPart(key, 1).text).filter((id) => !ids.includes(id)),
      [],
    )
  })

  it('are all gone with the account', async () => {
    const world = await setUp()
    const { context, caller, scan, idsIn } = world
    for (let count = 0; count < 120; count++) {
      const { key } = await createKey(context, caller, { name: `key-${count}`, rights: ['read'] })
      await noteUse(world, key.accessKeyId)
      if (count % 2 === 0) await rotateKey(context, caller, key.name)
    }
    await deleteAllKeys(context, caller.accountId)
    assert.deepEqual(await scan(keyNamesRange(caller.accountId)), [])
    assert.deepEqual(await idsIn(retirementsRange()), [])
    assert.deepEqual(await idsIn({ start: Buffer.from('L'), end: Buffer.from('M') }), [])
    const left = (await scan(credentialsRange())).map(({ value }) => credentialCodec.decode(value).type)
    assert.deepEqual([...new Set(left)], ['account'])
  })
})
