import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { DAY_MS } from '../../base/milliseconds.ts'
import { createAccount } from '../../service/accounts/create-account.ts'
import { createKey } from '../../service/application-keys/create-key.ts'
import { rotateKey } from '../../service/application-keys/rotate-key.ts'
import { credentialKey, keyNameKey, retirementKey } from '../../service/keyspace.ts'
import { keyNameCodec } from '../../service/records/credential.ts'
import { createRetirementJob } from './retirement-job.ts'

async function setUp() {
  const context = memoryContext()
  const { account } = await createAccount(context, 'main')
  const caller = { accountId: account.accountId, region: 'us-east-1' }
  const heard: unknown[] = []
  const job = createRetirementJob(context, 30 * DAY_MS, {
    onRetired: ({ name, became }) => heard.push([name, became]),
    onCounted: (counts) => heard.push(counts),
    onForgotten: (count, named) => heard.push(['forgotten', count, ...named.map(({ name }) => name).sort()]),
  })
  const run = async () => {
    heard.length = 0
    await job.run(new AbortController().signal)
    // Keys come by their ids, which are random: lists first, in order.
    const isList = (each: unknown): boolean => Array.isArray(each)
    const lists = heard.filter(isList).map(String).sort()
    return [...lists, ...heard.filter((each) => !isList(each))]
  }
  const make = async (name: string) =>
    (await createKey(context, caller, { name, rights: ['read'] })).key.accessKeyId
  return { context, caller, run, make }
}

describe('the job that brings rotations to their end', () => {
  it('tells once a day of those that go on for too long, and counts them', async () => {
    const { context, caller, run, make } = await setUp()
    for (const name of ['a', 'b']) {
      await make(name)
      await rotateKey(context, caller, name, { retireAt: context.clock.now() + 90 * DAY_MS })
    }
    assert.deepEqual(await run(), [{ retiring: 2, forgotten: 0 }])
    context.clock.advance(30 * DAY_MS)
    assert.deepEqual(await run(), ['forgotten,2,a,b', { retiring: 2, forgotten: 2 }])
    assert.deepEqual(await run(), [{ retiring: 2, forgotten: 2 }])
    context.clock.advance(DAY_MS)
    assert.equal((await run()).length, 2)
    context.clock.advance(60 * DAY_MS)
    assert.deepEqual(await run(), ['a,Inactive', 'b,Inactive', { retiring: 0, forgotten: 0 }])
    context.clock.advance(30 * DAY_MS)
    assert.deepEqual(await run(), ['a,deleted', 'b,deleted', { retiring: 0, forgotten: 0 }])
    assert.deepEqual(await run(), [{ retiring: 0, forgotten: 0 }])
  })

  it('does each step once when several processes are at it', async () => {
    const { context, caller, make } = await setUp()
    const id = await make('raced')
    await rotateKey(context, caller, 'raced', { retireInSeconds: 60 })
    context.clock.advance(DAY_MS)
    const became: string[] = []
    const jobs = Array.from({ length: 4 }, () =>
      createRetirementJob(memoryContext({ ...context, settings: {} }), DAY_MS, {
        onRetired: (key) => became.push(`${key.accessKeyId} ${key.became}`),
        onCounted: () => undefined,
        onForgotten: () => undefined,
      }),
    )
    await Promise.all(jobs.map((job) => job.run(new AbortController().signal)))
    assert.deepEqual(became, [`${id} Inactive`])
  })

  it('passes over rotations of releases before, and removes rows of keys that are gone', async () => {
    const { context, caller, run, make } = await setUp()
    const id = await make('before')
    const { key } = await rotateKey(context, caller, 'before', { retireInSeconds: 60 })
    const row = keyNameKey(caller.accountId, 'before')
    const retiring = { accessKeyId: id, until: context.clock.now() + 60_000 }
    await context.metadata.commit({
      sets: [{ key: row, value: keyNameCodec.encode({ accessKeyId: key.accessKeyId, retiring }) }],
      deletes: [retirementKey(id)],
    })
    await make('gone')
    const gone = await rotateKey(context, caller, 'gone', { retireInSeconds: 60 })
    const goneId = gone.retiring?.accessKeyId ?? ''
    await context.metadata.commit({ deletes: [credentialKey(goneId)] })
    context.clock.advance(DAY_MS)
    assert.deepEqual(await run(), [{ retiring: 0, forgotten: 0 }])
    const [old, rowOfGone] = await context.metadata.getMany([credentialKey(id), retirementKey(goneId)])
    assert.ok(old)
    assert.equal(rowOfGone, null)
    // It goes with the next rotation, as it did.
    await rotateKey(context, caller, 'before')
    assert.deepEqual(await context.metadata.getMany([credentialKey(id)]), [null])
  })
})
