import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ManualClock } from '../../test/manual-clock.ts'
import { memoryContext } from '../../test/memory-context.ts'
import { StoreUnavailable } from '../storage/metadata-store.ts'
import { MemoryMetadataStore } from '../storage/memory/metadata-store.ts'
import { createAccessKey } from './access-keys/create-access-key.ts'
import { AccessKeyUses } from './access-keys/access-key-uses.ts'
import { createAccount } from './accounts/create-account.ts'
import { createBucket } from './buckets/create-bucket.ts'
import { closeServiceContext, createServiceContext } from './create-context.ts'

const USE = { region: 'us-east-1', serviceName: 's3', operation: 'GetObject', address: '::1', agent: 'x' }

/** Commits nothing while it is silent, and stays readable when it is closed. */
class SilentStore extends MemoryMetadataStore {
  isSilent = false

  override async commit(...args: Parameters<MemoryMetadataStore['commit']>) {
    if (this.isSilent) throw new StoreUnavailable('silent')
    return await super.commit(...args)
  }

  override async close() {}
}

async function setUp() {
  const clock = new ManualClock()
  const metadata = new SilentStore()
  const told: [error: unknown, isTriedAgain: boolean][] = []
  const context = createServiceContext({
    ...memoryContext({ clock, metadata }),
    onUnstoredUse: (...failure) => told.push(failure),
  })
  const { account } = await createAccount(context, 'main')
  const caller = { accountId: account.accountId, region: 'us-east-1' }
  await createBucket(context, caller, { bucketName: 'photos', bundleId: 'small_1_0' })
  const { accessKey } = await createAccessKey(context, caller, 'photos')
  const stored = async () =>
    (await new AccessKeyUses(context).read([accessKey.accessKeyId])).get(accessKey.accessKeyId)
  return { clock, metadata, told, context, accessKey, stored }
}

describe('a context that is closed', () => {
  it('stores when keys were last used, though that was gathered only a moment ago', async () => {
    const { clock, told, context, accessKey, stored } = await setUp()
    context.accessKeyUses.recordUse(accessKey, clock.now(), USE)
    await context.accessKeyUses.flush()
    clock.advance(1_000)
    context.accessKeyUses.recordUse(accessKey, clock.now(), { ...USE, operation: 'PutObject' })
    assert.equal((await stored())?.operation, 'GetObject')
    await closeServiceContext(context)
    assert.equal((await stored())?.operation, 'PutObject')
    assert.deepEqual(told, [])
  })

  it('closes its stores though that cannot be stored, and tells so', async () => {
    const { clock, metadata, told, context, accessKey } = await setUp()
    let closed = 0
    metadata.close = async () => void closed++
    metadata.isSilent = true
    context.accessKeyUses.recordUse(accessKey, clock.now(), USE)
    await closeServiceContext(context)
    assert.equal(closed, 1)
    assert.deepEqual(
      told.map(([error, isTriedAgain]) => [error instanceof StoreUnavailable, isTriedAgain]),
      [
        [true, true],
        [true, false],
      ],
    )
  })
})
