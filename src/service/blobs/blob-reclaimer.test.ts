import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import type { BlobId, BlobStore } from '../../storage/blob-store.ts'
import { BlobReclaimer } from './blob-reclaimer.ts'
import { BodyHolds } from './body-holds.ts'
import { QUESTION_BLOBS_MAX, type RemovalQuestions } from './removal-questions.ts'
import type { WriterLease } from './writer-lease.ts'

const DELAY_MS = 5_000
const HELD_RETRY_MS = 60_000
const HURRY_MS = 60_000
const SILENCE_MS = 30_000

const idsOf = (count: number, name = 'blob'): BlobId[] =>
  Array.from({ length: count }, (_, at) => `${name}${at}`)
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A reclaimer whose store, and whose other processes, answer as the test says. */
function worldOf() {
  const clock = new ManualClock()
  const holds = new BodyHolds()
  const world = {
    writerId: 'self',
    hasOthers: false,
    /** Whether the store takes a question under this lease. */
    isAskable: true,
    isOpen: true,
    held: [] as BlobId[],
    fails: false,
    deletions: [] as BlobId[][],
    asked: [] as BlobId[][],
    withdrawals: [] as string[],
    leasesEnded: 0,
  }
  const blobs = {
    delete: (ids: readonly BlobId[]) => {
      if (world.fails) return Promise.reject(new Error('no answer'))
      world.deletions.push([...ids])
      return Promise.resolve()
    },
  }
  const questions = {
    hasOthers: (writerId: string) => Promise.resolve(world.hasOthers && writerId === world.writerId),
    ask: (_check: unknown, _writerId: string, ids: readonly BlobId[]) => {
      if (!world.isAskable) return Promise.resolve(null)
      world.asked.push([...ids])
      return Promise.resolve(`question ${world.asked.length}`)
    },
    verdict: (writerId: string, id: string) => {
      assert.deepEqual([writerId, id], [world.writerId, `question ${world.asked.length}`])
      return Promise.resolve({ isOpen: world.isOpen, heldBlobIds: new Set(world.held) })
    },
    withdraw: (writerId: string) => Promise.resolve(void world.withdrawals.push(writerId)),
  }
  const reclaimer = new BlobReclaimer({
    blobs: blobs as unknown as BlobStore,
    clock,
    holds,
    questions: questions as unknown as RemovalQuestions,
    lease: () => ({ writerId: world.writerId, check: {} }) as unknown as WriterLease,
    endLeases: () => Promise.resolve(world.leasesEnded++),
    delayMs: DELAY_MS,
  })
  return { world, clock, holds, reclaimer, waiting: () => [...reclaimer.waiting.keys()] }
}

describe('blobs that nothing refers to', () => {
  it('are removed once their time has come, in the order in which they were let go of, 500 at a time', async () => {
    const { world, clock, reclaimer } = worldOf()
    const ids = idsOf(501)
    reclaimer.release(ids)
    assert.ok(reclaimer.isUndecided)
    clock.advance(DELAY_MS - 1)
    assert.equal(await reclaimer.reclaimDue(), 0)
    assert.equal(reclaimer.waiting.size, 501)
    clock.advance(1)
    reclaimer.release(['late'])
    assert.equal(await reclaimer.reclaimDue(), 501)
    assert.deepEqual(world.deletions, [ids.slice(0, 500), ids.slice(500)])
    assert.deepEqual([...reclaimer.waiting], [['late', { dueAt: clock.now() + DELAY_MS, isHeld: false }]])
    reclaimer.release(['soon'], 10)
    clock.advance(10)
    assert.equal(await reclaimer.reclaimDue(), 1)
    assert.equal(await reclaimer.reclaimAll(), 1)
    assert.deepEqual(world.deletions.slice(2), [['soon'], ['late']])
    assert.ok(!reclaimer.isUndecided)
  })

  it('wait no longer than they have to where the clock was set back', async () => {
    const { clock, reclaimer } = worldOf()
    reclaimer.release(['blob'])
    clock.advance(-HELD_RETRY_MS + DELAY_MS)
    assert.equal(await reclaimer.reclaimDue(), 0, 'as if it had been let go of a minute from now')
    clock.advance(-1)
    assert.equal(await reclaimer.reclaimDue(), 1)
  })

  it('wait so many at most, and the rest is left to the sweeper', () => {
    const { reclaimer } = worldOf()
    reclaimer.release(idsOf(49_999))
    assert.ok(reclaimer.hasRoom)
    reclaimer.release(['one more'])
    assert.ok(!reclaimer.hasRoom)
    reclaimer.release(idsOf(60_000, 'other'))
    assert.equal(reclaimer.waiting.size, 100_000)
  })

  it('stay while a body of this process is read from them, and are asked about again a minute later, behind the others', async () => {
    const { clock, holds, reclaimer, waiting } = worldOf()
    const hold = holds.hold(['held'])
    reclaimer.release(['held', 'free'], 0)
    assert.equal(await reclaimer.reclaimDue(), 1)
    assert.ok(!reclaimer.isUndecided, 'it is known that somebody reads it')
    reclaimer.release(['next'])
    assert.deepEqual(waiting(), ['held', 'next'])
    hold.release()
    assert.equal(await reclaimer.reclaimAll(), 1)
    assert.deepEqual(waiting(), ['held'])
    clock.advance(HELD_RETRY_MS - 1)
    assert.equal(await reclaimer.reclaimAll(), 0)
    const again = holds.hold(['held'])
    reclaimer.release(['last'])
    clock.advance(1)
    assert.equal(await reclaimer.reclaimDue(), 0)
    assert.deepEqual(waiting(), ['last', 'held'])
    again.release()
    clock.advance(HELD_RETRY_MS)
    assert.equal(await reclaimer.reclaimDue(), 2)
  })

  it('that a store could not remove are tried again, and a call that failed keeps none that follows', async () => {
    const { world, reclaimer } = worldOf()
    reclaimer.release(['blob'], 0)
    world.fails = true
    const failing = reclaimer.reclaimDue()
    const next = reclaimer.reclaimDue()
    await assert.rejects(failing, { message: 'no answer' })
    await assert.rejects(next, { message: 'no answer' })
    world.fails = false
    assert.equal(await reclaimer.reclaimDue(), 1)
  })

  it('go at once where a disk is short of room, those of the next minute too, but for what somebody reads', async () => {
    const { world, clock, holds, reclaimer } = worldOf()
    reclaimer.hurry()
    await turn()
    assert.deepEqual(world.deletions, [])
    clock.advance(2 * HURRY_MS)
    const hold = holds.hold(['held'])
    reclaimer.release(['held'], 0)
    await reclaimer.reclaimDue()
    reclaimer.release(['waits'])
    hold.release()
    reclaimer.hurry()
    await turn()
    assert.deepEqual(world.deletions, [['waits']])
    clock.advance(HURRY_MS - 1)
    reclaimer.release(['hurried'])
    await turn()
    assert.deepEqual(world.deletions.slice(1), [['hurried']])
    clock.advance(1)
    reclaimer.release(['later'])
    await turn()
    assert.equal(await reclaimer.reclaimDue(), 1, 'the one that was held')
    assert.deepEqual(world.deletions.slice(2), [['held']])
    world.fails = true
    reclaimer.hurry()
    await turn()
    assert.deepEqual([...reclaimer.waiting.keys()], ['later'], 'what fails waits for a regular call')
  })
})

describe('blobs that other processes may read', () => {
  it('are asked about, so many at a time, and removed where nobody reads them', async () => {
    const { world, clock, reclaimer, waiting } = worldOf()
    world.hasOthers = true
    const ids = idsOf(QUESTION_BLOBS_MAX + 2)
    reclaimer.release(ids, 0)
    assert.equal(await reclaimer.reclaimDue(), 0)
    assert.deepEqual([world.asked, world.deletions], [[ids.slice(0, -2)], []])
    assert.equal(await reclaimer.reclaimDue(), 0, 'one question at a time')
    assert.equal(world.asked.length, 1)
    Object.assign(world, { isOpen: false, held: ids.slice(0, 1) })
    assert.equal(await reclaimer.reclaimDue(), QUESTION_BLOBS_MAX - 1)
    assert.deepEqual(world.withdrawals, ['self'])
    assert.deepEqual(world.asked.slice(1), [ids.slice(-2)])
    assert.deepEqual(waiting(), [...ids.slice(-2), ...ids.slice(0, 1)])
    assert.ok(reclaimer.isUndecided)
    world.held = []
    assert.equal(await reclaimer.reclaimDue(), 2)
    assert.ok(!reclaimer.isUndecided)
    clock.advance(HELD_RETRY_MS)
    assert.equal(await reclaimer.reclaimDue(), 0)
    assert.equal(await reclaimer.reclaimDue(), 1)
    assert.equal(reclaimer.waiting.size, 0)
  })

  it('stay where the store takes no question, under a lease that ended for one', async () => {
    const { world, reclaimer } = worldOf()
    Object.assign(world, { hasOthers: true, isAskable: false })
    reclaimer.release(['blob'], 0)
    assert.equal(await reclaimer.reclaimDue(), 0)
    assert.deepEqual([...reclaimer.waiting.keys()], ['blob'])
    world.isAskable = true
    await reclaimer.reclaimDue()
    assert.deepEqual(world.asked, [['blob']])
  })

  it('are asked about anew under another lease', async () => {
    const { world, reclaimer } = worldOf()
    world.hasOthers = true
    reclaimer.release(['blob'], 0)
    await reclaimer.reclaimDue()
    Object.assign(world, { writerId: 'renewed', isOpen: false })
    assert.equal(await reclaimer.reclaimDue(), 0)
    assert.deepEqual(world.withdrawals, ['self'])
    assert.deepEqual(world.asked, [['blob'], ['blob']])
    assert.equal(await reclaimer.reclaimDue(), 1)
    assert.deepEqual(world.withdrawals, ['self', 'renewed'])
  })

  it('keep waiting for one that does not answer, whose lease is looked at every half minute', async () => {
    const { world, clock, reclaimer } = worldOf()
    world.hasOthers = true
    reclaimer.release(['blob'], 0)
    await reclaimer.reclaimDue()
    const endedAfter = async (ms: number): Promise<number> => {
      clock.advance(ms)
      assert.equal(await reclaimer.reclaimDue(), 0)
      return world.leasesEnded
    }
    assert.equal(await endedAfter(SILENCE_MS - 1), 0)
    assert.equal(await endedAfter(1), 1)
    assert.equal(await endedAfter(SILENCE_MS - 1), 1)
    assert.equal(await endedAfter(-2 * SILENCE_MS), 2, 'a clock that was set back tells nothing')
    assert.equal(world.asked.length, 1)
  })

  it('are left to the sweeper when this process ends; where there are no others, they are removed', async () => {
    for (const hasOthers of [true, false]) {
      const { world, reclaimer } = worldOf()
      world.hasOthers = true
      reclaimer.release(['asked'], 0)
      await reclaimer.reclaimDue()
      world.hasOthers = hasOthers
      reclaimer.release(['not due'])
      assert.equal(await reclaimer.drain(), hasOthers ? 0 : 2)
      assert.deepEqual(world.withdrawals, ['self'])
      assert.deepEqual(world.deletions, hasOthers ? [] : [['asked', 'not due']])
    }
  })
})
