import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { DAY_MS } from '../../base/milliseconds.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import { CommitUnknown, StoreUnavailable, type MetadataStore } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import { keyUseRowsRange, keyUsesBeforeRange } from '../keyspace.ts'
import { KeyUseMeter, type KeyUse } from './key-use-meter.ts'
import { pruneKeyUses } from './prune-key-uses.ts'
import { readKeyUses } from './read-key-uses.ts'

const accountId = '111111111111'
const accessKeyId = 'AKIAIOSFODNN7EXAMPLE'

const useAt = (at: number, more: Partial<KeyUse> = {}): KeyUse => ({
  accountId,
  accessKeyId,
  address: '192.0.2.1',
  agent: 'tool/1',
  at,
  receivedBytes: 1,
  sentBytes: 10,
  isRefused: false,
  ...more,
})

const usesOf = async (context: ServiceContext, more: { since?: number; accountId?: string } = {}) =>
  (await readKeyUses(context, { accountId, accessKeyIds: [accessKeyId], ...more })).uses

/** A store whose commits fail as long as there is an error. */
function failing(metadata: MetadataStore): { store: MetadataStore; error: Error | null } {
  const failure: { store: MetadataStore; error: Error | null } = { store: metadata, error: null }
  failure.store = {
    getMany: (keys) => metadata.getMany(keys),
    scan: (range) => metadata.scan(range),
    scanDelimited: (range) => metadata.scanDelimited(range),
    snapshot: () => metadata.snapshot(),
    commit: (change) => (failure.error ? Promise.reject(failure.error) : metadata.commit(change)),
    close: () => metadata.close(),
  }
  return failure
}

describe('the uses of an access key', () => {
  it('are told by day, address and agent, with first and last, requests, bytes and refusals', async () => {
    const context = memoryContext()
    const meter = new KeyUseMeter(context)
    const at = context.clock.now()
    meter.count(useAt(at + 5_000))
    meter.count(useAt(at, { isRefused: true }))
    meter.count(useAt(at + 1_000, { agent: 'tool/2' }))
    meter.count(useAt(at + 2_000, { address: '192.0.2.2', agent: undefined }))
    meter.count(useAt(at, { accessKeyId: 'AKIAANOTHER' }))
    await meter.flush()
    meter.count(useAt(at + 6_000))
    await meter.flush()
    const common = { accessKeyId, dayBegan: at - (at % DAY_MS), isOthers: false, refusals: 0 }
    const once = { ...common, requests: 1, receivedBytes: 1, sentBytes: 10 }
    assert.deepEqual(await usesOf(context), [
      {
        ...common,
        address: '192.0.2.1',
        agent: 'tool/1',
        first: at,
        last: at + 6_000,
        requests: 3,
        receivedBytes: 3,
        sentBytes: 30,
        refusals: 1,
      },
      { ...once, address: '192.0.2.2', first: at + 2_000, last: at + 2_000 },
      { ...once, address: '192.0.2.1', agent: 'tool/2', first: at + 1_000, last: at + 1_000 },
    ])
    assert.deepEqual(await usesOf(context, { accountId: '222222222222' }), [])
  })

  it('come together from several gateways that write at once', async () => {
    const context = memoryContext()
    const gateways = Array.from({ length: 4 }, () => memoryContext({ ...context, settings: {} }))
    const meters = gateways.map((gateway) => new KeyUseMeter(gateway))
    const at = context.clock.now()
    for (let round = 0; round < 10; round++) {
      for (const meter of meters)
        for (let user = 0; user < 20; user++) meter.count(useAt(at + round, { address: `192.0.2.${user}` }))
      await Promise.all(meters.map((meter) => meter.flush()))
    }
    const uses = await usesOf(context)
    assert.equal(uses.length, 20)
    for (const { requests, first, last } of uses) assert.deepEqual([requests, first, last], [40, at, at + 9])
  })

  it('are told of 1,000 users of a key a day, and of all others together', async () => {
    const context = memoryContext()
    const at = context.clock.now()
    const meters = [new KeyUseMeter(context), new KeyUseMeter(context)]
    for (const [index, meter] of meters.entries()) {
      for (let user = 0; user < 1_500; user++) meter.count(useAt(at, { agent: `tool/${index}/${user}` }))
      await meter.flush()
    }
    const uses = await usesOf(context)
    const others = uses.filter(({ isOthers }) => isOthers)
    assert.equal(uses.length, 1_001)
    assert.deepEqual(
      others.map(({ requests, address, agent }) => [requests, address, agent]),
      [[2_000, undefined, undefined]],
    )
    // The next day begins anew, and a known user stays one.
    meters[0]?.count(useAt(at, { agent: 'tool/0/0' }))
    meters[0]?.count(useAt(at + DAY_MS, { agent: 'tool/2/0' }))
    context.clock.advance(DAY_MS)
    await meters[0]?.flush()
    const [newest] = await usesOf(context)
    assert.deepEqual([newest?.agent, newest?.requests], ['tool/2/0', 1])
    const known = (await usesOf(context)).find(({ agent }) => agent === 'tool/0/0')
    assert.equal(known?.requests, 2)
  })

  it('have agents that are cut and do nothing on a terminal', async () => {
    const context = memoryContext()
    const meter = new KeyUseMeter(context)
    meter.count(useAt(context.clock.now(), { agent: `\u009b31m\u001b]0;x\u0007${'a'.repeat(30_000)}` }))
    await meter.flush()
    const [use] = await usesOf(context)
    assert.match(use?.agent ?? '', /^\\u009b31m\\u001b\]0;x\\u0007a{100,130}$/)
  })

  it('are kept while the store does not answer, up to a bound, and written once', async () => {
    const base = new MemoryMetadataStore()
    const failure = failing(base)
    const context = memoryContext({ ...memoryContext(), metadata: failure.store, settings: {} })
    let lost = 0
    const meter = new KeyUseMeter(context, (requests) => (lost += requests))
    const at = context.clock.now()
    failure.error = new StoreUnavailable('away')
    meter.count(useAt(at))
    await assert.rejects(meter.flush(), StoreUnavailable)
    meter.count(useAt(at + 1_000))
    for (let key = 0; key < 25_000; key++) meter.count(useAt(at, { accessKeyId: `AKIA${key}` }))
    assert.equal(lost, 5_001)
    // A key that is counted already goes on being counted, its further users as others.
    meter.count(useAt(at, { agent: 'late' }))
    assert.equal(lost, 5_001)
    failure.error = null
    await meter.flush()
    const uses = await usesOf(context)
    assert.deepEqual(
      uses.map(({ agent, requests, isOthers }) => [agent, requests, isOthers]),
      [
        ['tool/1', 2, false],
        [undefined, 1, true],
      ],
    )
  })

  it('are not written twice when a commit may have happened', async () => {
    const failure = failing(new MemoryMetadataStore())
    const context = memoryContext({ ...memoryContext(), metadata: failure.store, settings: {} })
    const meter = new KeyUseMeter(context)
    failure.error = new CommitUnknown('unknown')
    meter.count(useAt(context.clock.now()))
    await assert.rejects(meter.flush(), CommitUnknown)
    failure.error = null
    await meter.flush()
    assert.deepEqual(await usesOf(context), [])
  })

  it('are kept for 30 days, or as many as is set, and forgotten then', async () => {
    const context = memoryContext()
    const short = memoryContext({ ...context, settings: { keyUseDays: 2 } })
    const meter = new KeyUseMeter(context)
    for (let day = 0; day < 40; day++) {
      meter.count(useAt(context.clock.now()))
      await meter.flush()
      if (day < 39) context.clock.advance(DAY_MS)
    }
    assert.equal((await usesOf(context)).length, 30)
    assert.equal((await usesOf(context, { since: context.clock.now() - 3 * DAY_MS })).length, 4)
    assert.equal((await usesOf(short)).length, 2)
    // A row for the user and one for how many there are.
    assert.equal(await pruneKeyUses(context), 20)
    assert.equal(await pruneKeyUses(short), 56)
    const left = await context.metadata.scan({ ...keyUsesBeforeRange(1e6), limit: 100 })
    assert.equal(left.length, 4)
  })

  it('take an account no more rows than are set: on one day users are not told apart, over days the oldest go', async () => {
    const context = memoryContext({ ...memoryContext(), settings: { keyUseRowsPerAccountMax: 5 } })
    const meter = new KeyUseMeter(context)
    const others = { accountId: '222222222222', accessKeyId: 'AKIAOTHERACCOUNT' }
    const seen = async () =>
      (await usesOf(context)).map(({ dayBegan, isOthers, requests }) => [
        Math.floor((context.clock.now() - dayBegan) / DAY_MS),
        isOthers ? requests : 'a user',
      ])
    for (const users of [1, 2, 2, 8]) {
      context.clock.advance(DAY_MS)
      for (let user = 0; user < users; user++)
        for (const of of [{}, others])
          meter.count(useAt(context.clock.now(), { address: `192.0.2.${user}`, ...of }))
      await meter.flush()
    }
    // Those who were there go on to be told of.
    meter.count(useAt(context.clock.now(), { address: '192.0.2.1' }))
    await meter.flush()
    const today = [
      [0, 'a user'],
      [0, 'a user'],
      [0, 'a user'],
      [0, 'a user'],
      [0, 'a user'],
      [0, 3],
    ]
    const before = [
      [1, 'a user'],
      [1, 'a user'],
      [2, 'a user'],
      [2, 'a user'],
      [3, 'a user'],
    ]
    assert.deepEqual((await seen()).sort(), [...today, ...before].sort())
    // Of each account the five rows of three days, and their numbers of users.
    assert.equal(await pruneKeyUses(context), 2 * (5 + 3))
    assert.deepEqual((await seen()).sort(), today.sort())
    assert.equal(await pruneKeyUses(context), 0)
    meter.count(useAt(context.clock.now(), { accessKeyId: 'AKIAANOTHER', address: '192.0.2.1' }))
    await meter.flush()
    const [another] = (await readKeyUses(context, { accountId, accessKeyIds: ['AKIAANOTHER'] })).uses
    assert.equal(another?.isOthers, true)
    context.clock.advance(40 * DAY_MS)
    await pruneKeyUses(context)
    assert.deepEqual(await context.metadata.scan({ ...keyUseRowsRange(), limit: 9 }), [])
  })

  it('come in pages of whole days', async () => {
    const context = memoryContext()
    const meter = new KeyUseMeter(context)
    for (let day = 0; day < 5; day++) {
      for (let user = 0; user < 150; user++)
        meter.count(useAt(context.clock.now(), { address: `192.0.2.${user}` }))
      await meter.flush()
      if (day < 4) context.clock.advance(DAY_MS)
    }
    const sizes: number[] = []
    let pageToken: string | undefined
    do {
      const page = await readKeyUses(context, { accountId, accessKeyIds: [accessKeyId], pageToken })
      sizes.push(page.uses.length)
      pageToken = page.nextPageToken
    } while (pageToken !== undefined && sizes.length < 10)
    assert.deepEqual(sizes, [300, 300, 150])
    await assert.rejects(
      readKeyUses(context, { accountId, accessKeyIds: ['AKIAANOTHER'], pageToken: 'made up' }),
      { kind: 'InvalidPageToken' },
    )
  })
})
