import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it, mock } from 'node:test'
import { DiskReserve } from '../disk-reserve.ts'
import { CommitUnknown, type Change } from '../metadata-store.ts'
import { CommitQueue } from './commit-queue.ts'
import { compact } from './compaction.ts'
import { FileRoom } from './file-room.ts'
import { LiveEnvironment } from './live-environment.ts'
import { ReadGuard } from './read-guard.ts'
import { RowReader } from './row-reader.ts'
import { WriteState } from './write-state.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-commits-'))
// The queue's own timer keeps no process alive.
const awake = setInterval(() => undefined, 1_000)
after(() => {
  clearInterval(awake)
  rmSync(root, { recursive: true, force: true })
})

/** Versions of one transaction are those of so many changes. */
const VERSIONS_PER_TRANSACTION = 1_024

/** A queue on a store of its own, whose disk can be made to answer no commit. */
function openQueue(name: string) {
  const live = new LiveEnvironment(join(root, name))
  const guard = new ReadGuard(live.folder)
  const [rows, room] = [new RowReader(live.folder, guard), new FileRoom()]
  const state = new WriteState(live, room, new DiskReserve(live.folder, 0))
  // The queue's own timer, which rings when the test says so.
  const timer = { unref: () => timer, refresh: () => timer }
  const timers = mock.method(globalThis, 'setTimeout', () => timer)
  const queue = new CommitQueue(live, state, { room, rows })
  const onSilence = timers.mock.calls[0]?.arguments as unknown as readonly [() => void] | undefined
  timers.mock.restore()
  const write = live.write.bind(live)
  let held: Promise<void> = Promise.resolve()
  live.write = async (work) => {
    await held
    return await write(work)
  }
  return {
    live,
    rows,
    queue,
    state,
    /** As after the time that a disk may take for a commit. */
    giveUpWaiting: () => onSilence?.[0](),
    /** No commit gets to the disk until what comes back is called. */
    hold: (): (() => void) => {
      let letGo: () => void = () => undefined
      held = new Promise((resolve) => (letGo = resolve))
      return letGo
    },
    versionOf: (key: string) =>
      live.read((environment) => Number(rows.get(environment, Buffer.from(key), {})?.version ?? NaN)),
    close: async (): Promise<void> => {
      await queue.drain()
      await live.close()
      guard.close()
    },
  }
}

const set = (key: string, rest: Change = {}): Change => ({
  sets: [{ key: Buffer.from(key), value: Buffer.from(key) }],
  ...rest,
})

describe('commits of the embedded store', () => {
  it('that come while a transaction is about to begin go along with it, each with its own outcome', async () => {
    const { queue, hold, versionOf, close } = openQueue('late')
    await queue.commit(set('before'))
    const letGo = hold()
    const first = queue.commit(set('first'))
    await new Promise((resolve) => setImmediate(resolve))
    const late = queue.commit(set('late'))
    const refused = queue.commit(set('refused', { checks: [{ key: Buffer.from('before'), version: null }] }))
    letGo()
    assert.deepEqual(await Promise.all([first, late, refused]), ['ok', 'ok', 'conflict'])
    const transactionOf = async (key: string) => Math.floor((await versionOf(key)) / VERSIONS_PER_TRANSACTION)
    assert.equal(await transactionOf('late'), await transactionOf('first'))
    assert.ok(Number.isNaN(await versionOf('refused')))
    await close()
  })

  it('of which the disk says nothing are given up, those that come meanwhile are refused and not made, and later ones are made', async () => {
    const { queue, state, hold, giveUpWaiting, versionOf, close } = openQueue('silent')
    await queue.commit(set('before'))
    const letGo = hold()
    const committing = queue.commit(set('given up'))
    await new Promise((resolve) => setImmediate(resolve))
    giveUpWaiting()
    await assert.rejects(
      committing,
      (error) =>
        error instanceof CommitUnknown &&
        error.message === 'the metadata store could not commit: the disk has not answered for 30 seconds',
    )
    assert.equal(state.isWriting, false)
    await assert.rejects(queue.commit(set('refused')), CommitUnknown)
    // It comes while the disk is about to answer: it must not go along with those of whom nobody is told any more.
    const late = queue.commit(set('late')).catch((error: unknown) => error)
    letGo()
    const outcome = await late
    assert.ok(outcome === 'ok' || outcome instanceof CommitUnknown)
    await queue.drain()
    assert.equal(Number.isNaN(await versionOf('late')), outcome !== 'ok')
    assert.equal(await queue.commit(set('after')), 'ok')
    assert.equal(state.isWriting, true)
    assert.ok(Number.isNaN(await versionOf('refused')))
    assert.ok((await versionOf('given up')) < (await versionOf('after')))
    await close()
  })

  /** How many went into each transaction, in the order in which they were asked for. */
  async function transactionSizes(versionOf: (key: string) => Promise<number>, keys: readonly string[]) {
    const sizes = new Map<number, number>()
    for (const key of keys) {
      const transaction = Math.floor((await versionOf(key)) / VERSIONS_PER_TRANSACTION)
      sizes.set(transaction, (sizes.get(transaction) ?? 0) + 1)
    }
    return [...sizes.values()]
  }

  for (const isLate of [false, true])
    it(`go into one transaction so many at most${isLate ? ', with those that come while it is about to begin' : ''}`, async () => {
      const { queue, hold, versionOf, close } = openQueue(`many-${isLate}`)
      await queue.commit(set('before'))
      const keys = Array.from({ length: 2 * VERSIONS_PER_TRANSACTION + 7 }, (_, at) => `key ${at}`)
      const letGo = hold()
      const committing = keys.slice(0, isLate ? 5 : keys.length).map((key) => queue.commit(set(key)))
      await new Promise((resolve) => setImmediate(resolve))
      committing.push(...keys.slice(committing.length).map((key) => queue.commit(set(key))))
      letGo()
      assert.deepEqual(new Set(await Promise.all(committing)), new Set(['ok']))
      assert.deepEqual(await transactionSizes(versionOf, keys), [
        VERSIONS_PER_TRANSACTION,
        VERSIONS_PER_TRANSACTION,
        7,
      ])
      await close()
    })

  it('go into one transaction until they have 32 MiB, and one that is larger goes alone', async () => {
    const { queue, hold, versionOf, close } = openQueue('large')
    await queue.commit(set('before'))
    const half = Buffer.alloc(16 * 1024 * 1024, 'x')
    const values = { first: half, second: half, over: Buffer.of(1) }
    const larger = { larger: Buffer.alloc(2 * half.length + 1, 'y'), last: Buffer.of(2) }
    for (const [asked, late, sizes] of [
      [{ ...values, ...larger }, 0, [2, 1, 1, 1]],
      [values, 2, [2, 1]],
    ] as const) {
      const letGo = hold()
      const committing: Promise<unknown>[] = []
      for (const [key, value] of Object.entries(asked)) {
        committing.push(queue.commit({ sets: [{ key: Buffer.from(key), value }] }))
        if (committing.length === late) await new Promise((resolve) => setImmediate(resolve))
      }
      letGo()
      await Promise.all(committing)
      assert.deepEqual(await transactionSizes(versionOf, Object.keys(asked)), sizes)
    }
    await close()
  })

  it('wait for work that must be alone, which waits for them and fails for itself', async () => {
    const { queue, hold, versionOf, close } = openQueue('alone')
    await queue.commit(set('before'))
    const told: string[] = []
    const tell =
      (what: string) =>
      <T>(result: T): T => {
        told.push(what)
        return result
      }
    const letGo = hold()
    const first = queue.commit(set('first')).then(tell('first'))
    await new Promise((resolve) => setImmediate(resolve))
    let second: Promise<string> | undefined
    const alone = queue.alone(async () => {
      told.push('begins')
      second = queue.commit(set('second')).then(tell('second'))
      await new Promise((resolve) => setImmediate(resolve))
      assert.ok((await versionOf('first')) > 0 && Number.isNaN(await versionOf('second')))
      told.push('ends')
    })
    const failing = queue.alone(() => Promise.reject(new Error('fails alone')))
    letGo()
    await assert.rejects(failing, { message: 'fails alone' })
    await Promise.all([alone, first, second])
    assert.deepEqual(new Set(told.slice(0, 2)), new Set(['begins', 'first']))
    assert.deepEqual(told.slice(2), ['ends', 'second'])
    await queue.alone(() => Promise.resolve(told.push('idle')))
    assert.equal(told.length, 5)
    await close()
  })

  it('may change nothing, and are counted', async () => {
    const { queue, versionOf, close } = openQueue('nothing')
    await queue.commit(set('before'))
    const before = await versionOf('before')
    await queue.commitNothing()
    await queue.commit(set('before'))
    assert.equal((await versionOf('before')) - before, 2 * VERSIONS_PER_TRANSACTION)
    await close()
  })

  it('may be compacted while the file is being opened again', async () => {
    const { live, rows, queue, versionOf, close } = openQueue('reopened')
    await queue.commit(set('before'))
    const reopening = live.reopen()
    assert.equal((await compact({ live, commits: queue, rows, options: {} })).entries, 2)
    await reopening
    assert.ok((await versionOf('before')) > 0)
    await close()
  })
})
