import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import {
  CommitUnknown,
  StoreFull,
  StoreUnavailable,
  type Change,
  type CommitOutcome,
} from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import { BucketChange } from './bucket-change.ts'
import { commitInTurn, commitTogether } from './commit-in-turn.ts'

const KEY = Buffer.from('counter')

/** A context whose commits are counted and may be made to do something else, the first one also to wait. */
function setUp() {
  const context = memoryContext()
  const { metadata } = context
  const commit = metadata.commit.bind(metadata)
  let letGo: () => void = () => undefined
  const first = new Promise<void>((resolve) => (letGo = resolve))
  const commits: Change[] = []
  const world = {
    context,
    commits,
    letGo,
    /** What stands in for a commit, by its number from 0; null: the commit itself. */
    instead: (_at: number, _change: Change): Promise<CommitOutcome> | null => null,
  }
  metadata.commit = async (change) => {
    const at = commits.push(change) - 1
    if (at === 0) await first
    return await ((await world.instead(at, change)) ?? commit(change))
  }
  return world
}

async function read({ metadata }: Pick<ServiceContext, 'metadata'>): Promise<number> {
  const [entry] = await metadata.getMany([KEY])
  return Number(entry?.value.toString() ?? '0')
}

/** Counts on from what is there; `when` refuses by it. */
async function increment(context: ServiceContext, when: (count: number) => void = () => undefined) {
  const [entry] = await context.metadata.getMany([KEY])
  const count = Number(entry?.value.toString() ?? '0')
  when(count)
  const change = new BucketChange('id')
  change.checks.push({ key: KEY, version: entry?.version ?? null })
  change.sets.push({ key: KEY, value: Buffer.from(String(count + 1)) })
  return { change, result: count + 1 }
}

const incrementing = (context: ServiceContext, when?: (count: number) => void) =>
  commitTogether(context, 'counter', (view) => increment(view, when))

/** A writer whose commit does not end before `letGo`, so that those who come meanwhile wait for the next one. */
function occupied() {
  const world = setUp()
  const first = incrementing(world.context)
  return { ...world, world, first }
}

describe('writers of one record that wait at once', () => {
  it('are committed together, each on top of the one before, and answered in their order', async () => {
    const { context, commits, first, letGo } = occupied()
    const answers: number[] = []
    const others = Array.from({ length: 50 }, () =>
      incrementing(context).then((count) => answers.push(count)),
    )
    letGo()
    await Promise.all([first, ...others])
    assert.equal(commits.length, 2)
    assert.deepEqual(
      answers,
      Array.from({ length: 50 }, (_, at) => at + 2),
    )
    assert.equal(await read(context), 51)
  })

  it('are as many to a commit as it takes, and none is left', async () => {
    const { context, commits, first, letGo } = occupied()
    const others = Array.from({ length: 300 }, () => incrementing(context))
    letGo()
    await Promise.all([first, ...others])
    assert.equal(commits.length, 4)
    assert.equal(await read(context), 301)
  })

  it('are refused for what others are about to change only once that is in the store', async () => {
    const { context, world, first, letGo } = occupied()
    const told: string[] = []
    const refuseAt = (count: number) => (at: number) => {
      if (at >= count) throw new Error('too many')
    }
    let letSecondGo: () => void = () => undefined
    const second = new Promise<void>((resolve) => (letSecondGo = resolve))
    let began: () => void = () => undefined
    const hasBegun = new Promise<void>((resolve) => (began = resolve))
    world.instead = async (at) => {
      if (at !== 1) return null as never
      began()
      await second
      return null as never
    }
    const others = [
      incrementing(context, refuseAt(2)).then(() => told.push('done')),
      incrementing(context, refuseAt(2)).catch(() => told.push('refused')),
    ]
    letGo()
    await first
    await hasBegun
    assert.deepEqual(told, [])
    letSecondGo()
    await Promise.all(others)
    assert.deepEqual(told, ['done', 'refused'])
  })

  it('are refused at once for what the store has', async () => {
    const { context, first, letGo, commits } = occupied()
    const refused = incrementing(context, (count) => assert.equal(count, 0))
    const next = incrementing(context)
    letGo()
    await first
    await assert.rejects(refused, assert.AssertionError)
    await next
    assert.equal(commits.length, 2)
  })

  it('decide anew, all of them, when another process came between', async () => {
    const { context, world, first, letGo } = occupied()
    const sets = [{ key: KEY, value: Buffer.from('100') }]
    world.instead = (at) => (at === 1 ? context.metadata.commit({ sets }).then(() => 'conflict') : null)
    const others = [1, 2, 3].map(() => incrementing(context))
    letGo()
    await first
    assert.deepEqual(await Promise.all(others), [101, 102, 103])
  })

  it('are all told when nobody knows whether their commit happened, those too who were to be refused', async () => {
    const { context, world, first, letGo, commits } = occupied()
    world.instead = (at) => (at === 1 ? Promise.reject(new CommitUnknown('gone')) : null)
    const others = [
      incrementing(context),
      incrementing(context, (count) => {
        if (count > 1) throw new Error('too many')
      }),
    ]
    letGo()
    await first
    for (const outcome of await Promise.allSettled(others))
      assert.ok(outcome.status === 'rejected' && outcome.reason instanceof CommitUnknown)
    assert.equal(commits.length, 2)
  })

  it('are committed one by one when one of them may be why nothing was', async () => {
    for (const error of [new StoreFull(1), new RangeError('too long')]) {
      const { context, world, first, letGo } = occupied()
      world.instead = (at) => (at === 1 || at === 3 ? Promise.reject(error) : null)
      const others = [1, 2, 3].map(() => incrementing(context))
      letGo()
      await first
      const outcomes = (await Promise.allSettled(others)).map(({ status }) => status)
      assert.deepEqual(outcomes, ['fulfilled', 'rejected', 'fulfilled'])
      assert.equal(await read(context), 3)
    }
  })

  it('are told of a range that is not empty when they ask for it, though another one of them filled it', async () => {
    const { context, first, letGo } = occupied()
    const filling = async () => {
      const change = new BucketChange('id')
      change.emptyRanges.push({ start: Buffer.from('d'), end: Buffer.from('e') })
      change.sets.push({ key: Buffer.from('d1'), value: KEY })
      return { change, result: 'filled', whenNotEmpty: () => new Error('it holds something') }
    }
    const [one, other] = [
      commitTogether(context, 'counter', filling),
      commitTogether(context, 'counter', filling),
    ]
    letGo()
    await first
    assert.equal(await one, 'filled')
    await assert.rejects(other, /it holds something/)
  })

  it('have those among them whose change is for itself committed apart, in their turn', async () => {
    const { context, first, letGo, commits } = occupied()
    const alone = () => commitInTurn(context, 'counter', () => increment(context))
    const others = [incrementing(context), alone(), incrementing(context), incrementing(context)]
    letGo()
    await first
    assert.deepEqual(await Promise.all(others), [2, 3, 4, 5])
    assert.equal(commits.length, 4)
  })

  describe('behind one whom the store does not answer', () => {
    const SECONDS = 1_000
    /** The process's own clock, which the test moves. */
    function movedUptime(t: TestContext) {
      let nowMs = 0
      t.mock.method(performance, 'now', () => nowMs)
      return (ms: number) => (nowMs += ms)
    }

    it('are told so along with it when they have waited long, and nothing is asked for them; who came just now has an attempt', async (t) => {
      const pass = movedUptime(t)
      const { context, world, first, letGo, commits } = occupied()
      world.instead = (at) => (at === 0 ? Promise.reject(new CommitUnknown('no answer')) : null)
      const waited = [1, 2].map(() => incrementing(context))
      pass(9 * SECONDS)
      const late = incrementing(context)
      pass(0.5 * SECONDS)
      letGo()
      await assert.rejects(first, CommitUnknown)
      for (const each of waited)
        await assert.rejects(
          each,
          (error) => error instanceof StoreUnavailable && !(error instanceof CommitUnknown),
        )
      assert.equal(await late, 1)
      assert.equal(commits.length, 2)
    })

    it('are not when the disk was too full for that one alone, nor when what it wanted is refused', async (t) => {
      for (const error of [new StoreFull(1), new RangeError('too long')]) {
        const pass = movedUptime(t)
        const world = setUp()
        const { context, letGo } = world
        world.instead = (at) => (at === 0 ? Promise.reject(error) : null)
        const first = commitInTurn(context, 'counter', () => increment(context))
        const waited = [1, 2].map(() => incrementing(context))
        pass(9 * SECONDS)
        letGo()
        await assert.rejects(first, error)
        assert.deepEqual(await Promise.all(waited), [1, 2])
        t.mock.restoreAll()
      }
    })
  })
})
