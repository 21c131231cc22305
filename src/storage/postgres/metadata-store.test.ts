import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import { CommitUnknown, StoreUnavailable } from '../metadata-store.ts'
import { parsePostgresUrl } from './address.ts'
import type { CommitSession } from './commits.ts'
import { PostgresMetadataStore } from './metadata-store.ts'

describe('a commit to a server that answers nothing any more', () => {
  it('is given up after the time of one answer, though its fate is not known, and is not tried again', async () => {
    const asked: string[] = []
    let lose: (error: Error) => void = () => undefined
    const pool = {
      acquire: (): Promise<CommitSession> =>
        Promise.resolve({
          id: Buffer.alloc(16),
          query: ({ name }) => {
            asked.push(name)
            return new Promise((_resolve, reject) => {
              lose = reject
            })
          },
          destroy: () => undefined,
        }),
      release: () => undefined,
      snapshot: () => Promise.reject(new Error('nobody asks for one')),
      close: () => Promise.resolve(),
    }
    const address = parsePostgresUrl('postgres://lugsail@127.0.0.1/lugsail?answer_timeout_ms=100')
    const store = new PostgresMetadataStore(address, pool)
    await assert.rejects(store.commit({ deletes: [Buffer.from('k')] }), CommitUnknown)
    assert.deepEqual(asked, ['commit'])
    lose(new Error('the connection was reset'))
    while (asked.length < 2) await new Promise(setImmediate)
    assert.deepEqual(asked, ['commit', 'end-session'])
  })
})

describe('a server that hangs', () => {
  const address = parsePostgresUrl(
    'postgres://lugsail@127.0.0.1/lugsail?answer_timeout_ms=1000&connections=2&waiting=2',
  )
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

  /** A store on connections that answer when the test says so, and on a clock that it moves. */
  function hanging() {
    const asked: ((error: Error) => void)[] = []
    const session: CommitSession = {
      id: Buffer.alloc(16),
      query: () => new Promise((_resolve, reject) => asked.push(reject)),
      destroy: () => undefined,
    }
    const store = new PostgresMetadataStore(address, {
      acquire: () => Promise.resolve(session),
      release: () => undefined,
      snapshot: () => Promise.reject(new Error('nobody asks for one')),
      close: () => Promise.resolve(),
    })
    const told: string[] = []
    const read = (name: string): void => {
      const tell = (error: unknown): number => told.push(`${name} ${(error as Error).name}`)
      void store.getMany([Buffer.from(name)]).catch(tell)
    }
    return { store, asked, told, read }
  }
  /** Lets so much time go by, and all that follows from it. */
  async function pass(ms: number): Promise<void> {
    await turn()
    mock.timers.tick(ms)
    await turn()
  }
  const onMovedClock = (work: () => Promise<void>) => async () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      await work()
    } finally {
      mock.timers.reset()
    }
  }

  const range = { start: Buffer.from('a'), end: Buffer.from('b'), limit: 1 }
  const calls = {
    'a read': ({ store }) => store.getMany([Buffer.from('a')]),
    'a listing': ({ store }) => store.scan(range),
    'a listing by folders': ({ store }) =>
      store.scanDelimited({ ...range, prefix: range.start, delimiter: Buffer.from('/') }),
    'a commit': ({ store }) => store.commit({ deletes: [Buffer.from('a')] }),
  } satisfies Record<string, (world: ReturnType<typeof hanging>) => Promise<unknown>>
  for (const [what, call] of Object.entries(calls))
    it(
      `keeps ${what} waiting for the time of one answer, however often its connection is lost meanwhile, and asks no more after that`,
      onMovedClock(async () => {
        const world = hanging()
        const ended = assert.rejects(call(world), StoreUnavailable)
        await pass(900)
        world.asked[0]?.(new Error('the connection was reset'))
        await pass(50)
        const asked = world.asked.length
        assert.ok(asked >= 2)
        await pass(50)
        await ended
        world.asked.at(-1)?.(new Error('the connection was reset'))
        await pass(5_000)
        if (what !== 'a commit') assert.equal(world.asked.length, asked)
      }),
    )

  it(
    'keeps a read that waits behind others for no longer, and does not ask for it any more',
    onMovedClock(async () => {
      const { asked, told, read } = hanging()
      read('first')
      await pass(600)
      read('second')
      await pass(400)
      assert.deepEqual(told, ['first StoreUnavailable'])
      await pass(600)
      assert.deepEqual(told, ['first StoreUnavailable', 'second StoreUnavailable'])
      asked[0]?.(new StoreUnavailable('no answer'))
      await pass(0)
      assert.equal(asked.length, 1)
    }),
  )

  it(
    'gives reads that come later the places of those that were given up',
    onMovedClock(async () => {
      const { told, read } = hanging()
      for (const name of ['running', 'waiting', 'waiting too']) read(name)
      await pass(1_000)
      assert.equal(told.length, 3)
      read('later')
      read('later too')
      await pass(0)
      assert.equal(told.length, 3)
      read('beyond the bound')
      await pass(0)
      assert.deepEqual(told.slice(3), ['beyond the bound StoreUnavailable'])
    }),
  )
})
