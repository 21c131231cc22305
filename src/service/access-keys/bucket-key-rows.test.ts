import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { readTextPart } from '../../base/key.ts'
import { createAccount } from '../accounts/create-account.ts'
import { createKey } from '../application-keys/create-key.ts'
import { createBucket } from '../buckets/create-bucket.ts'
import { accessKeySlotKey, bucketKey, credentialsRange, lastUsedKey, retirementsRange } from '../keyspace.ts'
import { bucketCodec } from '../records/bucket.ts'
import { credentialCodec, type BucketCredential, type Retirement } from '../records/credential.ts'
import { AccessKeyUses } from './access-key-uses.ts'
import { createAccessKey } from './create-access-key.ts'
import { deleteAccessKey } from './delete-access-key.ts'
import { findKeyOfId } from './find-key-of-id.ts'
import { listAccessKeys } from './list-access-keys.ts'
import { rotateBucketKey } from './rotate-bucket-key.ts'
import { setBucketKeyStatus } from './set-bucket-key-status.ts'

const STEPS = 500
const bucketName = 'my-bucket'

/** A key as simply as can be. */
interface ModelKey {
  readonly accessKeyId: string
  status: 'Active' | 'Inactive'
  readonly createdAt: number
  validUntil?: number
  retirement?: Retirement & { readonly successorId: string }
}

/** The two places of a bucket. */
type Slots = [ModelKey | null, ModelKey | null]

async function setUp() {
  const context = memoryContext()
  const { account } = await createAccount(context, 'main')
  const { account: other } = await createAccount(context, 'other')
  const caller = { accountId: account.accountId, region: 'us-east-1' }
  for (const name of [bucketName, 'another'])
    await createBucket(context, caller, { bucketName: name, bundleId: 'small_1_0' })
  const [entry] = await context.metadata.getMany([bucketKey(bucketName)])
  assert.ok(entry)
  return {
    ...{ context, caller, other, bucketId: bucketCodec.decode(entry.value).bucketId },
    /** Ids of keys that were rotated once: that row goes with the key, or with the next round of the job. */
    rotated: new Set<string>(),
  }
}

type World = Awaited<ReturnType<typeof setUp>>

async function idsIn({ context }: World, range: { readonly start: Buffer; readonly end: Buffer }) {
  const rows = await context.metadata.scan({ ...range, limit: 1_000 })
  return rows.map(({ key }) => readTextPart(key, 1).text)
}

const USES = { start: Buffer.from('L'), end: Buffer.from('M') }
const noteUse = ({ context }: World, accessKeyId: string) =>
  context.metadata.commit({ sets: [{ key: lastUsedKey(accessKeyId), value: Buffer.from('used') }] })

const goesOn = ({ until = Infinity }: Retirement, nowMs: number) => nowMs < until

/** Every row that tells of the bucket's keys is there, and no other one. */
async function compare(world: World, slots: Slots): Promise<void> {
  const { context, caller, bucketId } = world
  const keys = slots.filter((key) => key !== null)
  const rows = await context.metadata.getMany([0, 1].map((slot) => accessKeySlotKey(bucketId, slot as 0 | 1)))
  assert.deepEqual(
    rows.map((row) => row?.value.toString() ?? null),
    slots.map((key) => key?.accessKeyId ?? null),
  )
  const credentials = await context.metadata.scan({ ...credentialsRange(), limit: 1_000 })
  const stored = credentials
    .map(({ value }) => credentialCodec.decode(value))
    .filter((record): record is BucketCredential => record.type === 'bucket-key')
    .map(({ secret: _secret, type: _type, accountId, bucketName: name, bucketId: id, ...record }) => {
      assert.deepEqual([accountId, name, id], [caller.accountId, bucketName, bucketId])
      return record
    })
  const byId = (one: ModelKey, other: ModelKey) => (one.accessKeyId < other.accessKeyId ? -1 : 1)
  assert.deepEqual(
    stored.sort(byId),
    slots.flatMap((key, slot) => (key ? [{ ...key, slot }] : [])).sort(byId),
  )
  assert.deepEqual(
    await idsIn(world, retirementsRange()),
    keys.flatMap(({ accessKeyId }) => (world.rotated.has(accessKeyId) ? [accessKeyId] : [])).sort(),
  )
  assert.deepEqual(await idsIn(world, USES), keys.map(({ accessKeyId }) => accessKeyId).sort())
  const nowMs = context.clock.now()
  const uses = new AccessKeyUses(context)
  uses.read = () => Promise.resolve(new Map<string, never>())
  assert.deepEqual(
    await listAccessKeys({ ...context, accessKeyUses: uses }, caller, bucketName),
    keys
      .sort((one, other) => one.createdAt - other.createdAt)
      .map(({ accessKeyId, status, createdAt, validUntil = Infinity }) => ({
        ...{ accessKeyId, createdAt, lastUsed: null },
        status: status === 'Active' && nowMs < validUntil ? 'Active' : 'Inactive',
      })),
  )
  for (const key of keys) {
    const found = await findKeyOfId(context, caller.accountId, key.accessKeyId)
    assert.ok(found?.type === 'bucket-key')
    assert.equal(found.record.accessKeyId, key.accessKeyId)
    const before = keys.find(({ retirement }) => retirement?.successorId === key.accessKeyId)
    assert.equal(found.predecessor?.accessKeyId, before?.accessKeyId)
  }
}

async function takeStep(world: World, slots: Slots, random: SeededRandom): Promise<void> {
  const { context, caller } = world
  const nowMs = context.clock.now()
  const at = random.below(2)
  const [key, other] = [slots[at] ?? null, slots[1 - at] ?? null]
  const dice = random.below(10)
  if (dice < 3) {
    const free = slots.indexOf(null)
    if (free < 0) {
      const refusal = { kind: 'TooManyAccessKeys', fields: { bucketName } }
      await assert.rejects(createAccessKey(context, caller, bucketName), refusal)
      return
    }
    const { accessKey, operation } = await createAccessKey(context, caller, bucketName)
    const { accessKeyId } = accessKey
    assert.deepEqual(accessKey, { accessKeyId, status: 'Active', createdAt: nowMs, lastUsed: null })
    assert.deepEqual(
      [operation.operationType, operation.operationDetails, operation.resourceName],
      ['CreateBucketAccessKey', accessKeyId, bucketName],
    )
    slots[free] = { accessKeyId, status: 'Active', createdAt: nowMs }
    await noteUse(world, accessKeyId)
    return
  }
  if (!key) return
  const { accessKeyId } = key
  if (dice < 5) {
    const operation = await deleteAccessKey(context, caller, bucketName, accessKeyId)
    assert.deepEqual(
      [operation.operationType, operation.operationDetails, operation.resourceName],
      ['DeleteBucketAccessKey', accessKeyId, bucketName],
    )
    slots[at] = null
    // What was retiring for it stays.
    if (other?.retirement?.successorId === accessKeyId && goesOn(other.retirement, nowMs)) {
      delete other.retirement
      delete other.validUntil
    }
  } else if (dice < 7) {
    const status = random.oneOf(['Active', 'Inactive'] as const)
    const { accessKey, operation } = await setBucketKeyStatus(context, caller, {
      ...{ bucketName, accessKeyId, status },
    })
    assert.deepEqual(
      [operation.operationType, operation.operationDetails, accessKey.status],
      ['UpdateBucket', `${accessKeyId}: ${status}`, status],
    )
    key.status = status
    if (status === 'Active' && key.retirement && !goesOn(key.retirement, nowMs)) {
      delete key.retirement
      delete key.validUntil
    }
  } else if (dice < 9) {
    const request = random.oneOf([
      {},
      { retireInSeconds: 0 },
      { retireInSeconds: 60 },
      { retireWhenIdleSeconds: 60 },
    ] as const)
    const rotated = rotateBucketKey(context, caller, { bucketName, accessKeyId }, request)
    if (key.retirement) {
      const problem = `The access key ${accessKeyId} was rotated already: its successor is ${key.retirement.successorId}`
      await assert.rejects(rotated, { kind: 'InvalidApplicationKey', fields: { problem } })
      return
    }
    const isAtOnce =
      'retireInSeconds' in request
        ? request.retireInSeconds === 0
        : !('retireWhenIdleSeconds' in request) && key.status === 'Inactive'
    const makesPlace = other?.retirement?.successorId === accessKeyId && !goesOn(other.retirement, nowMs)
    if (!isAtOnce && other && !makesPlace) {
      await assert.rejects(rotated, {
        kind: 'NoPlaceForSuccessor',
        fields: { bucketName, accessKeyId: other.accessKeyId },
      })
      return
    }
    const { accessKey, retiring, operation } = await rotated
    assert.deepEqual(
      [operation.operationType, operation.operationDetails],
      ['CreateBucketAccessKey', accessKey.accessKeyId],
    )
    const made: ModelKey = { accessKeyId: accessKey.accessKeyId, status: key.status, createdAt: nowMs }
    assert.equal(retiring?.accessKeyId, isAtOnce ? undefined : accessKeyId)
    if (isAtOnce) slots[at] = made
    else {
      slots[1 - at] = made
      world.rotated.add(accessKeyId)
      const until =
        'retireWhenIdleSeconds' in request
          ? undefined
          : nowMs + ('retireInSeconds' in request ? 60_000 : 86_400_000)
      key.retirement = {
        ...{ since: nowMs, successorId: made.accessKeyId },
        ...(until !== undefined && { until }),
        ...('retireWhenIdleSeconds' in request && { idleMs: 60_000 }),
      }
      if (until !== undefined) key.validUntil = until
    }
    await noteUse(world, made.accessKeyId)
  } else context.clock.advance(random.oneOf([59_000, 3_600_000, 86_400_000]))
}

describe('the rows of a bucket’s access keys', () => {
  it('are those of a naive model, whatever is made, switched, rotated and deleted', async (t) => {
    const random = new SeededRandom()
    t.diagnostic(`LUGSAIL_TEST_SEED=${random.seed}`)
    const world = await setUp()
    const slots: Slots = [null, null]
    for (let step = 0; step < STEPS; step++) {
      world.context.clock.advance(1)
      await takeStep(world, slots, random)
      await compare(world, slots)
    }
  })

  it('are found and changed by who has the bucket alone, and through that bucket', async () => {
    const { context, caller, other } = await setUp()
    const foreign = { accountId: other.accountId, region: 'us-east-1' }
    const { accessKey } = await createAccessKey(context, caller, bucketName)
    const { accessKeyId } = accessKey
    assert.equal(await findKeyOfId(context, other.accountId, accessKeyId), null)
    assert.equal(await findKeyOfId(context, caller.accountId, 'nobody'), null)
    const { key } = await createKey(context, caller, { name: 'app', rights: ['read'] })
    assert.deepEqual(await findKeyOfId(context, caller.accountId, key.accessKeyId), {
      type: 'application-key',
      name: 'app',
    })
    const roots = await context.metadata.scan({ ...credentialsRange(), limit: 10 })
    const root = roots
      .map(({ value }) => credentialCodec.decode(value))
      .find(({ type }) => type === 'account')
    assert.ok(root)
    assert.equal(await findKeyOfId(context, root.accountId, root.accessKeyId), null)
    for (const run of [
      () => createAccessKey(context, foreign, bucketName),
      () => deleteAccessKey(context, foreign, bucketName, accessKeyId),
      () => listAccessKeys(context, foreign, bucketName),
      () => setBucketKeyStatus(context, foreign, { bucketName, accessKeyId, status: 'Inactive' }),
      () => rotateBucketKey(context, foreign, { bucketName, accessKeyId }, {}),
    ])
      await assert.rejects(run(), { kind: 'NoSuchBucket' })
    for (const id of [key.accessKeyId, root.accessKeyId, 'nobody', accessKeyId]) {
      const through = { bucketName: 'another', accessKeyId: id }
      const refusal = { kind: 'NoSuchAccessKey', fields: { bucketName: 'another' } }
      await assert.rejects(deleteAccessKey(context, caller, 'another', id), refusal)
      await assert.rejects(setBucketKeyStatus(context, caller, { ...through, status: 'Inactive' }), refusal)
      await assert.rejects(rotateBucketKey(context, caller, through, {}), refusal)
    }
  })
})
