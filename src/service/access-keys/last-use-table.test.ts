import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { memoryContext } from '../../../test/memory-context.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import type { Change, CommitOutcome } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import { createServiceContext } from '../create-context.ts'
import { FLUSH_INTERVAL_MS, LastUseTable } from './last-use-table.ts'

const KEYS_PER_COMMIT = 50
const KEYS_MAX = 20_000
const AGENT_LENGTH_MAX = 128

/** Counts its commits; one waits while it is held, and fails when it is told to. */
class CountingStore extends MemoryMetadataStore {
  readonly sizes: number[] = []
  held: Promise<void> | null = null
  /** What others do just before a commit. */
  beforeCommit: (() => Promise<unknown>) | null = null
  failure: Error | null = null

  override async commit(change: Change): Promise<CommitOutcome> {
    await this.held
    const meanwhile = this.beforeCommit
    this.beforeCommit = null
    await meanwhile?.()
    if (this.failure) throw this.failure
    this.sizes.push(change.sets?.length ?? 0)
    return await super.commit(change)
  }
}

/** What is used: the state of it that its owner's entry must have. */
interface Thing {
  readonly id: string
  readonly state: string
}

const rowsOf = ({ id }: Pick<Thing, 'id'>) => ({
  owner: Buffer.from(`owner/${id}`),
  lastUse: Buffer.from(`use/${id}`),
})

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
}

const USE = { region: 'us-east-1', serviceName: 's3', operation: 'GetObject', address: '192.0.2.1' }

async function setUp(t: TestContext, ids: readonly string[] = ['a', 'b']) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const clock = new ManualClock()
  const store = new CountingStore()
  const context = memoryContext({ clock, metadata: store })
  const failures: unknown[] = []
  const tableOf = (of: ServiceContext = context) =>
    new LastUseTable<Thing>(
      of,
      {
        rowsOf,
        isThere: ({ state }, { value }) => value.toString() === state,
        isSame: (one, other) => one.state === other.state,
        usedBy: () => ({}),
      },
      (error) => failures.push(error),
    )
  for (let from = 0; from < ids.length; from += 100)
    await MemoryMetadataStore.prototype.commit.call(store, {
      sets: ids.slice(from, from + 100).map((id) => ({ key: rowsOf({ id }).owner, value: Buffer.from('1') })),
    })
  const table = tableOf()
  store.sizes.length = 0
  return {
    clock,
    store,
    failures,
    table,
    /** Of a process that shares nothing but the store. */
    otherTable: tableOf(createServiceContext(context)),
    use: (
      id: string,
      more: { readonly state?: string; readonly at?: number; readonly agent?: string } = {},
    ) =>
      table.recordUse(id, { id, state: more.state ?? '1' }, more.at ?? clock.now(), {
        ...USE,
        agent: more.agent ?? 'tool/1',
      }),
    /** Both clocks go on together. */
    wait: async (ms: number) => {
      clock.advance(ms)
      t.mock.timers.tick(ms)
      await settled()
    },
    /** The second of the last use, as another process sees it. */
    stored: async (id: string) =>
      (await tableOf().read(new Map([[id, rowsOf({ id })]]))).get(id)?.lastUsedDate,
    shown: async (id: string) => (await table.read(new Map([[id, rowsOf({ id })]]))).get(id),
  }
}

describe('a table of last uses', () => {
  it('writes a first use at once, and the next ones together when the interval is over', async (t) => {
    const { clock, store, use, wait, stored } = await setUp(t)
    use('a')
    await settled()
    const first = clock.now()
    assert.equal(await stored('a'), first)
    for (let second = 1; second < 5; second++) {
      await wait(1_000)
      use('a')
    }
    assert.equal(await stored('a'), first)
    await wait(FLUSH_INTERVAL_MS - 4_000)
    assert.equal(await stored('a'), first)
    const last = first + 4_000
    await wait(4_000)
    assert.equal(await stored('a'), last)
    assert.deepEqual(store.sizes, [1, 1])
  })

  for (const [passed, isAtOnce] of [
    [FLUSH_INTERVAL_MS - 1, false],
    [FLUSH_INTERVAL_MS, true],
  ] as const)
    it(`${isAtOnce ? 'writes at once' : 'gathers'} a use that comes ${passed} ms after one was written`, async (t) => {
      const { clock, use, stored } = await setUp(t)
      use('a')
      await settled()
      const first = clock.now()
      clock.advance(passed)
      use('a')
      await settled()
      assert.equal((await stored('a')) !== first, isAtOnce)
    })

  it('writes nothing again when the same use comes in the same second, and something when another does', async (t) => {
    const { clock, store, use, wait } = await setUp(t)
    use('a', { at: clock.now() })
    await settled()
    use('a', { at: clock.now() + 999 })
    await wait(FLUSH_INTERVAL_MS)
    assert.deepEqual(store.sizes, [1])
    use('a', { at: clock.now() - FLUSH_INTERVAL_MS, agent: 'tool/2' })
    await wait(FLUSH_INTERVAL_MS)
    assert.deepEqual(store.sizes, [1, 1])
  })

  for (const begin of ['a use', 'a flush'] as const)
    it(`writes what is used while a write is under way that ${begin} began`, async (t) => {
      const { clock, store, table, use, stored } = await setUp(t)
      if (begin === 'a flush') {
        // Its own use has to wait then.
        use('a')
        await settled()
        clock.advance(1_000)
      }
      let release = (): void => undefined
      store.held = new Promise((resolve) => (release = resolve))
      use('a')
      const flushed = begin === 'a flush' ? table.flush() : null
      await settled()
      use('b')
      release()
      await flushed
      await settled()
      assert.deepEqual([await stored('a'), await stored('b')], [clock.now(), clock.now()])
    })

  it('writes what is used again while a write is under way', async (t) => {
    for (const isFirst of [true, false]) {
      const { clock, store, use, wait, stored } = await setUp(t)
      if (!isFirst) {
        use('a')
        await settled()
        await wait(FLUSH_INTERVAL_MS)
      }
      let release = (): void => undefined
      store.held = new Promise((resolve) => (release = resolve))
      use('a')
      await settled()
      const at = clock.now() + 1_000
      use('a', { at })
      release()
      await wait(FLUSH_INTERVAL_MS)
      assert.equal(await stored('a'), at)
      t.mock.timers.reset()
    }
  })

  it('has all that was noted before a flush durable after it, also when a write was under way', async (t) => {
    const { clock, store, table, use, stored } = await setUp(t)
    let release = (): void => undefined
    store.held = new Promise((resolve) => (release = resolve))
    use('a')
    await settled()
    use('b')
    const flushed = table.flush()
    release()
    await flushed
    assert.deepEqual([await stored('a'), await stored('b')], [clock.now(), clock.now()])
  })

  it('tells of a failed write, keeps what it carried, and tries again after the interval', async (t) => {
    const { clock, store, failures, use, wait, stored } = await setUp(t)
    store.failure = new Error('the store is away')
    const first = clock.now()
    use('a')
    await settled()
    assert.deepEqual(failures, [store.failure])
    await wait(FLUSH_INTERVAL_MS - 1)
    assert.equal(failures.length, 1)
    await wait(1)
    assert.equal(failures.length, 2)
    store.failure = null
    await wait(FLUSH_INTERVAL_MS)
    assert.equal(await stored('a'), first)
    assert.equal(failures.length, 2)
  })

  it('fails a flush that fails, and tries again by itself', async (t) => {
    const { clock, store, failures, table, use, wait, stored } = await setUp(t)
    const first = clock.now()
    use('a')
    await settled()
    clock.advance(1_000)
    use('a')
    store.failure = new Error('the store is away')
    await assert.rejects(table.flush(), store.failure)
    store.failure = null
    await wait(FLUSH_INTERVAL_MS)
    assert.equal(await stored('a'), first + 1_000)
    assert.deepEqual(failures, [])
  })

  it('writes nothing by itself once it is closed', async (t) => {
    const { store, table, use, wait } = await setUp(t)
    use('a')
    await settled()
    await wait(1_000)
    use('a')
    await table.close()
    assert.deepEqual(store.sizes, [1, 1])
    await wait(1_000)
    use('a')
    await wait(2 * FLUSH_INTERVAL_MS)
    assert.deepEqual(store.sizes, [1, 1])
  })

  it(`writes ${KEYS_PER_COMMIT} in a commit at most`, async (t) => {
    const ids = Array.from({ length: 2 * KEYS_PER_COMMIT + 1 }, (_, at) => `id-${at}`)
    const { clock, store, table, use, stored } = await setUp(t, ids)
    for (const id of ids) use(id)
    await table.flush()
    await settled()
    assert.deepEqual(
      store.sizes.filter((size) => size > 1),
      [KEYS_PER_COMMIT, KEYS_PER_COMMIT],
    )
    for (const id of ids) assert.equal(await stored(id), clock.now(), id)
  })

  it(`remembers ${KEYS_MAX} at most, and has room again after an interval`, async (t) => {
    const ids = Array.from({ length: KEYS_MAX + 1 }, (_, at) => `id-${at}`)
    const { clock, table, use, shown } = await setUp(t, ids)
    const last = ids.at(-1) ?? ''
    for (const id of ids) use(id)
    await table.flush()
    assert.equal((await shown(ids[KEYS_MAX - 1] ?? ''))?.lastUsedDate, clock.now())
    assert.equal(await shown(last), undefined)
    clock.advance(FLUSH_INTERVAL_MS - 1)
    await table.flush()
    use(last)
    await settled()
    assert.equal(await shown(last), undefined)
    clock.advance(1)
    await table.flush()
    use(last)
    assert.equal((await shown(last))?.lastUsedDate, clock.now() - (clock.now() % 1_000))
    await table.flush()
  })

  it('forgets the use of what is no longer there, and shows none of it', async (t) => {
    const { use, stored, shown } = await setUp(t)
    use('a', { state: 'another' })
    assert.equal(await shown('a'), undefined)
    await settled()
    assert.equal(await stored('a'), undefined)
    use('c')
    await settled()
    assert.equal(await stored('c'), undefined)
  })

  it('writes nothing of what goes while it is written', async (t) => {
    const { store, table, use, stored } = await setUp(t)
    store.beforeCommit = () => store.commit({ deletes: [rowsOf({ id: 'a' }).owner] })
    use('a')
    await table.flush()
    assert.equal(await stored('a'), undefined)
    assert.deepEqual(await store.getMany([rowsOf({ id: 'a' }).lastUse]), [null])
  })

  it('leaves a later use that another process writes while this one writes', async (t) => {
    const { clock, store, table, otherTable, use, stored } = await setUp(t)
    const later = clock.now() + 60_000
    store.beforeCommit = async () => {
      otherTable.recordUse('a', { id: 'a', state: '1' }, later, { ...USE, agent: 'tool/2' })
      await otherTable.flush()
    }
    use('a')
    await table.flush()
    assert.equal(await stored('a'), later)
  })

  it('leaves a later use that another process wrote, and shows the later one of both', async (t) => {
    const { clock, table, otherTable, use, stored, shown } = await setUp(t)
    const later = clock.now() + 60_000
    otherTable.recordUse('a', { id: 'a', state: '1' }, later, { ...USE, agent: 'tool/2' })
    await otherTable.flush()
    use('a')
    assert.deepEqual(await shown('a'), { ...USE, lastUsedDate: later, agent: 'tool/2' })
    await table.flush()
    assert.equal(await stored('a'), later)
    use('a', { at: later })
    assert.equal((await shown('a'))?.agent, 'tool/1')
    use('a', { at: later + 1_000 })
    assert.equal((await shown('a'))?.lastUsedDate, later + 1_000)
    await table.flush()
    assert.equal(await stored('a'), later + 1_000)
  })

  for (const length of [0, AGENT_LENGTH_MAX, AGENT_LENGTH_MAX + 1])
    it(`keeps at most ${AGENT_LENGTH_MAX} characters of a client’s name: of ${length}`, async (t) => {
      const { use, shown } = await setUp(t)
      use('a', { agent: 'x'.repeat(length) })
      const kept = Math.min(length, AGENT_LENGTH_MAX)
      assert.equal((await shown('a'))?.agent, kept === 0 ? undefined : 'x'.repeat(kept))
    })
})
