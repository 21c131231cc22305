import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { LmdbMetadataStore } from '../../storage/lmdb/metadata-store.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import type { Entry, Key, MetadataStore } from '../../storage/metadata-store.ts'
import { memoryContext } from '../../../test/memory-context.ts'
import { roleScope } from '../authorization/within-scope.ts'
import { createAccount } from '../accounts/create-account.ts'
import { createBucket } from '../buckets/create-bucket.ts'
import { deleteBucket } from '../buckets/delete-bucket.ts'
import { lookUpAccess } from '../credentials/look-up-access.ts'
import { credentialKey, roleLastUsedKey } from '../keyspace.ts'
import { createRole } from '../roles/create-role.ts'
import { deleteAllRoles, deleteRole } from '../roles/delete-role.ts'
import { createKey } from '../application-keys/create-key.ts'
import { deleteKey } from '../application-keys/delete-key.ts'
import { AccessKeyUses } from './access-key-uses.ts'
import { createAccessKey } from './create-access-key.ts'
import { deleteAccessKey } from './delete-access-key.ts'
import { FLUSH_INTERVAL_MS } from './last-use-table.ts'
import { listAccessKeys } from './list-access-keys.ts'

const bucketName = 'my-bucket'
const SENDER = { operation: 'GetObject', address: '192.0.2.1', agent: 'tool/1' }
const useIn = (region: string, serviceName: string) => ({ region, serviceName, ...SENDER })

/** Something comes between two reads. */
class InterruptedStore extends MemoryMetadataStore {
  beforeReading: (keys: readonly Key[]) => Promise<void> = () => Promise.resolve()

  override async getMany(keys: readonly Key[]): Promise<(Entry | null)[]> {
    await this.beforeReading(keys)
    return await super.getMany(keys)
  }
}

async function setUp(metadata: MetadataStore = new MemoryMetadataStore()) {
  const clock = new ManualClock()
  const context = memoryContext({ clock, metadata })
  const { account } = await createAccount(context, 'main')
  const caller = { accountId: account.accountId, region: 'us-east-1' }
  await createBucket(context, caller, { bucketName, bundleId: 'small_1_0' })
  return { clock, context, caller }
}

/** 32 at once: how many were made, and with what the others were refused. */
async function race({ context, caller }: Awaited<ReturnType<typeof setUp>>) {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 32 }, () => createAccessKey(context, caller, bucketName)),
  )
  const refusals = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [(outcome.reason as { kind?: string }).kind] : [],
  )
  const listed = await listAccessKeys(context, caller, bucketName)
  return { made: 32 - refusals.length, refusals: new Set(refusals), listed: listed.length }
}

const EXACTLY_TWO = { made: 2, refusals: new Set(['TooManyAccessKeys']), listed: 2 }

describe('access keys of a bucket', () => {
  it('are exactly two after 32 creations at once, in memory', async () => {
    assert.deepEqual(await race(await setUp()), EXACTLY_TWO)
  })

  it('are exactly two after 32 creations at once, in LMDB', async () => {
    const path = await mkdtemp(join(tmpdir(), 'lugsail-race-'))
    const metadata = LmdbMetadataStore.open(path)
    try {
      assert.deepEqual(await race(await setUp(metadata)), EXACTLY_TWO)
    } finally {
      await metadata.close()
      await rm(path, { recursive: true })
    }
  })

  it('open their bucket until they are deleted, and not one read longer', async () => {
    const { context, caller } = await setUp()
    const { accessKey, secretAccessKey } = await createAccessKey(context, caller, bucketName)
    const found = await lookUpAccess(context, accessKey.accessKeyId, bucketName)
    assert.equal(found.credential?.secret(), secretAccessKey)
    assert.equal(found.bucket?.record.name, bucketName)
    await deleteAccessKey(context, caller, bucketName, accessKey.accessKeyId)
    assert.equal((await lookUpAccess(context, accessKey.accessKeyId, bucketName)).credential, null)
  })

  it('leave their slot to a new one', async () => {
    const { context, caller } = await setUp()
    const first = await createAccessKey(context, caller, bucketName)
    await createAccessKey(context, caller, bucketName)
    await deleteAccessKey(context, caller, bucketName, first.accessKey.accessKeyId)
    await createAccessKey(context, caller, bucketName)
    await assert.rejects(createAccessKey(context, caller, bucketName), {
      kind: 'TooManyAccessKeys',
      fields: { bucketName },
    })
  })

  it('never open a later bucket of the same name', async () => {
    const { context, caller } = await setUp()
    const { accessKey } = await createAccessKey(context, caller, bucketName)
    await deleteBucket(context, caller, bucketName, true)
    await createBucket(context, caller, { bucketName, bundleId: 'small_1_0' })
    assert.equal((await lookUpAccess(context, accessKey.accessKeyId, bucketName)).credential, null)
    assert.deepEqual(await listAccessKeys(context, caller, bucketName), [])
  })

  it('are each deleted, when another process deletes the other one at that moment', async () => {
    const metadata = new InterruptedStore()
    const { clock, context, caller } = await setUp(metadata)
    const first = (await createAccessKey(context, caller, bucketName)).accessKey
    const second = (await createAccessKey(context, caller, bucketName)).accessKey
    let isBetween = false
    metadata.beforeReading = async (keys) => {
      // The slots were read, and what is in the other one is asked for.
      if (isBetween || !keys.some((key) => credentialKey(second.accessKeyId).equals(key))) return
      isBetween = true
      await deleteAccessKey(memoryContext({ clock, metadata }), caller, bucketName, second.accessKeyId)
    }
    await deleteAccessKey(context, caller, bucketName, first.accessKeyId)
    assert.ok(isBetween)
    assert.deepEqual(await listAccessKeys(context, caller, bucketName), [])
  })

  it('of another bucket, and root keys, cannot be deleted through this one', async () => {
    const { context, caller } = await setUp()
    await createBucket(context, caller, { bucketName: 'other', bundleId: 'small_1_0' })
    const { accessKey } = await createAccessKey(context, caller, 'other')
    await assert.rejects(deleteAccessKey(context, caller, bucketName, accessKey.accessKeyId), {
      kind: 'NoSuchAccessKey',
    })
  })
})

describe('the last use of an access key', () => {
  async function setUpUses() {
    const base = await setUp()
    const { accessKey } = await createAccessKey(base.context, base.caller, bucketName)
    const uses = base.context.accessKeyUses
    const use = () => uses.recordUse(accessKey, base.clock.now(), useIn('us-east-1', 's3'))
    /** As another server, or this one after a restart, sees it. */
    const stored = async () => {
      const [key] = await listAccessKeys(
        { ...base.context, accessKeyUses: new AccessKeyUses(base.context) },
        base.caller,
        bucketName,
      )
      return key?.lastUsed ?? null
    }
    return { ...base, accessKey, accessKeyId: accessKey.accessKeyId, uses, use, stored }
  }

  it('is shown at once by this process, to the second', async () => {
    const { clock, context, caller, uses, use } = await setUpUses()
    clock.advance(1_234)
    use()
    const [key] = await listAccessKeys(context, caller, bucketName)
    const lastUsedDate = Math.floor(clock.now() / 1000) * 1000
    assert.deepEqual(key?.lastUsed, { lastUsedDate, ...useIn('us-east-1', 's3') })
    await uses.close()
  })

  it('is written at once the first time, and gathered afterwards', async () => {
    const { clock, uses, use, stored } = await setUpUses()
    use()
    await uses.flush()
    const first = await stored()
    clock.advance(1_000)
    use()
    assert.deepEqual(await stored(), first)
    await uses.flush()
    assert.equal((await stored())?.lastUsedDate, clock.now())
    await uses.close()
  })

  it('of a key not written lately is written without waiting for the interval', async () => {
    const { clock, uses, use, stored } = await setUpUses()
    use()
    await uses.flush()
    clock.advance(FLUSH_INTERVAL_MS)
    use()
    // The write began by itself; an empty flush only waits for it.
    await uses.flush()
    assert.equal((await stored())?.lastUsedDate, clock.now())
    await uses.close()
  })

  it('is written when the server closes', async () => {
    const { clock, uses, use, stored } = await setUpUses()
    use()
    await uses.flush()
    clock.advance(2_000)
    use()
    await uses.close()
    assert.equal((await stored())?.lastUsedDate, clock.now())
  })

  it('never goes back when a slower server writes later', async () => {
    const { clock, context, accessKey, uses, use, stored } = await setUpUses()
    const slow = new AccessKeyUses(context)
    const earlier = clock.now()
    clock.advance(3_000)
    use()
    await uses.flush()
    slow.recordUse(accessKey, earlier, useIn('eu-west-1', 's3'))
    await slow.close()
    assert.equal((await stored())?.lastUsedDate, clock.now())
    await uses.close()
  })

  it('is the next day’s as soon as that has begun, and the day before’s until then', async () => {
    const { context, accessKey, accessKeyId } = await setUpUses()
    const midnight = Date.UTC(2027, 0, 1)
    const uses = new AccessKeyUses(context)
    const shown = async () => (await uses.read([accessKeyId])).get(accessKeyId)?.lastUsedDate
    uses.recordUse(accessKey, midnight - 1, useIn('us-east-1', 's3'))
    assert.equal(await shown(), midnight - 1_000)
    uses.recordUse(accessKey, midnight, useIn('us-east-1', 's3'))
    assert.equal(await shown(), midnight)
    await uses.close()
    assert.equal(
      (await new AccessKeyUses(context).read([accessKeyId])).get(accessKeyId)?.lastUsedDate,
      midnight,
    )
  })

  it('never goes back when an earlier use is noted later', async () => {
    const { context, accessKey, accessKeyId } = await setUpUses()
    const midnight = Date.UTC(2027, 0, 1)
    const uses = new AccessKeyUses(context)
    uses.recordUse(accessKey, midnight, useIn('us-east-1', 's3'))
    uses.recordUse(accessKey, midnight - 1, useIn('eu-west-1', 's3'))
    assert.deepEqual((await uses.read([accessKeyId])).get(accessKeyId), {
      lastUsedDate: midnight,
      ...useIn('us-east-1', 's3'),
    })
    await uses.close()
  })

  it('within one second is that of the service and region that came last', async () => {
    const { context, accessKey, accessKeyId } = await setUpUses()
    const uses = new AccessKeyUses(context)
    const at = Date.UTC(2027, 0, 1)
    for (const [region, serviceName] of [
      ['us-east-1', 's3'],
      ['eu-west-1', 's3'],
      ['eu-west-1', 'lightsail'],
    ] as const) {
      uses.recordUse(accessKey, at, useIn(region, serviceName))
      assert.deepEqual((await uses.read([accessKeyId])).get(accessKeyId), {
        lastUsedDate: at,
        ...useIn(region, serviceName),
      })
    }
    await uses.close()
  })

  it('of a key deleted meanwhile leaves nothing behind', async () => {
    const { clock, context, caller, accessKeyId, uses, use } = await setUpUses()
    use()
    await uses.flush()
    clock.advance(1_000)
    use()
    await deleteAccessKey(context, caller, bucketName, accessKeyId)
    await uses.close()
    assert.equal((await uses.read([accessKeyId])).size, 0)
  })

  it('is of no other key that is brought along with the id later, whoever’s, here and elsewhere', async () => {
    const { clock, context, caller } = await setUp()
    const pair = { accessKeyId: 'brought-along', secretAccessKey: 'Zq8-of-another-store.77' }
    const bring = async (accountId: string) =>
      (await createKey(context, { ...caller, accountId }, { name: 'app', pair, rights: ['read'] })).key
    const { account } = await createAccount(context, 'other')
    const [here, elsewhere] = [new AccessKeyUses(context), new AccessKeyUses(context)]
    const first = await bring(caller.accountId)
    for (const uses of [here, elsewhere]) {
      uses.recordUse(first, clock.now(), useIn('us-east-1', 's3'))
      await uses.flush()
      uses.recordUse(first, clock.now() + 1_000, useIn('us-east-1', 's3'))
    }
    await deleteKey(context, caller, 'app')
    clock.advance(2_000)
    const second = await bring(account.accountId)
    const shown = async (uses: AccessKeyUses) => (await uses.read([pair.accessKeyId])).get(pair.accessKeyId)
    for (const uses of [here, elsewhere]) {
      assert.equal(await shown(uses), undefined)
      await uses.flush()
      assert.equal(await shown(uses), undefined)
    }
    here.recordUse(second, clock.now(), useIn('eu-west-1', 's3'))
    assert.equal((await shown(here))?.region, 'eu-west-1')
    await here.close()
    assert.equal((await shown(elsewhere))?.region, 'eu-west-1')
    await elsewhere.close()
  })
})

describe('the last use of a role', () => {
  it('is kept with the role, goes with it, and is of no other one that has its name later', async () => {
    const { context, caller, clock } = await setUp()
    const uses = new AccessKeyUses(context)
    const make = () => createRole(context, caller, { name: 'r', rights: ['read'] })
    const { roleId } = await make()
    const use = (role: string) =>
      uses.recordUseOf(
        {
          ...{ usedKeyId: null, usedKeyMadeAt: null },
          principal: {
            ...{ type: 'role', name: 'r', roleId: role, sessionName: 's', accessKeyId: 'ASIA', parent: null },
            accountId: caller.accountId,
            scope: roleScope({ rights: ['read'] }, { roleId: role, session: null }),
          },
        },
        clock.now(),
        useIn('us-east-1', 's3'),
      )
    use(roleId)
    await uses.flush()
    const stored = async () => (await context.metadata.getMany([roleLastUsedKey(roleId)]))[0]
    assert.ok(await stored())
    const read = await new AccessKeyUses(context).readRoles([{ ...caller, name: 'r', roleId }])
    assert.deepEqual(read.get(roleId), {
      ...{ lastUsedDate: clock.now() - (clock.now() % 1_000), sessionName: 's' },
      ...useIn('us-east-1', 's3'),
    })
    await deleteRole(context, caller, 'r')
    assert.equal(await stored(), null)
    const second = await make()
    clock.advance(60_000)
    use(roleId)
    await uses.flush()
    assert.equal(await stored(), null)
    use(second.roleId)
    await uses.flush()
    await deleteAllRoles(context, caller.accountId)
    assert.deepEqual(await context.metadata.getMany([roleLastUsedKey(second.roleId)]), [null])
  })
})
