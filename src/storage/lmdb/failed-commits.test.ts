import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it, mock } from 'node:test'
import type { DiskReserve } from '../disk-reserve.ts'
import {
  CommitUnknown,
  StoreFull,
  StoreReadOnly,
  StoreUnavailable,
  UnreadableRecord,
  type Change,
} from '../metadata-store.ts'
import { CommitQueue } from './commit-queue.ts'
import { FileRoom } from './file-room.ts'
import { LiveEnvironment } from './live-environment.ts'
import { ReadGuard } from './read-guard.ts'
import { RowReader } from './row-reader.ts'
import { WriteState } from './write-state.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-failed-commits-'))
after(() => rmSync(root, { recursive: true, force: true }))

/** An error as the system gives it. */
const refusal = (code: string, errno: number): Error =>
  Object.assign(new Error(`${code}, write`), { code, errno: -errno, syscall: 'write' })
const FULL = refusal('ENOSPC', 28)
const FAULTY = refusal('EROFS', 30)
const MISSING_BYTES = 5_000

type Writing = Parameters<LiveEnvironment['write']>[0]

/** A store whose disk fails as the test says, at a time that stands still until it is moved. */
async function openWorld(name: string) {
  let nowMs = 1_000_000
  const clock = mock.method(performance, 'now', () => nowMs)
  const disk = {
    /** What making room for a transaction throws. */
    room: null as Error | null,
    /** Parts of the reserve; to give one up makes room. */
    reserve: 0,
    reopened: [] as unknown[],
    /** How the next transaction fails. */
    next: null as ((work: Writing, write: LiveEnvironment['write']) => Promise<never>) | null,
  }
  const live = new LiveEnvironment(join(root, name))
  const [write, reopen] = [live.write.bind(live), live.reopen.bind(live)]
  live.write = async (work) => {
    const fail = disk.next
    disk.next = null
    return await (fail ? fail(work, write) : write(work))
  }
  live.reopen = async (cause) => {
    disk.reopened.push(cause)
    await reopen(cause)
  }
  const guard = new ReadGuard(live.folder)
  const rows = new RowReader(live.folder, guard)
  class Room extends FileRoom {
    override makeFor(...args: Parameters<FileRoom['makeFor']>): void {
      if (disk.room) throw disk.room
      super.makeFor(...args)
    }
  }
  const reserve = {
    missingBytes: () => Promise.resolve(disk.room ? MISSING_BYTES : 0),
    freeBytes: () => Promise.resolve(disk.room ? 0 : 1e9),
    restore: () => Promise.resolve(!disk.room),
    giveUpSome: () => {
      if (disk.reserve === 0) return Promise.resolve(false)
      disk.reserve--
      disk.room = null
      return Promise.resolve(true)
    },
  }
  const room = new Room()
  const state = new WriteState(live, room, reserve as unknown as DiskReserve)
  const queue = new CommitQueue(live, state, { room, rows })
  const has = async (key: string): Promise<boolean> =>
    await live.read((environment) => rows.get(environment, Buffer.from(key), {}) !== null)
  await queue.commit(set('old'))
  return {
    ...{ disk, live, queue, state, guard, has },
    pass: (ms: number): number => (nowMs += ms),
    close: async (): Promise<void> => {
      clock.mock.restore()
      await queue.drain()
      await live.close()
      guard.close()
    },
  }
}

const set = (key: string, value = 'value'): Change => ({
  sets: [{ key: Buffer.from(key), value: Buffer.from(value) }],
})
const remove = (key: string): Change => ({ deletes: [Buffer.from(key)] })

/** What whoever asked was told of a change. */
const toldOf = (committing: Promise<string>): Promise<string> =>
  committing.catch((error: unknown) => {
    assert.ok(error instanceof StoreUnavailable)
    return `${error.constructor.name}: ${error.message}`
  })
const full = (bytes: number): string => `StoreFull: the disk is full: at least ${bytes} bytes more are needed`
const unknown = (why: string): string => `CommitUnknown: the metadata store could not commit: ${why}`

describe('a commit that finds the disk full', () => {
  it('is refused, with what is missing, where it brings something; one that removes something has a part of the reserve', async () => {
    const { disk, queue, state, has, pass, close } = await openWorld('full')
    Object.assign(disk, { room: FULL, reserve: 1 })
    const told = await Promise.all(
      [
        set('new', 'ten bytes.'),
        remove('old'),
        { ...set('kept'), usesReserve: true },
        { ...remove('not'), usesReserve: false },
      ].map((change) => toldOf(queue.commit(change))),
    )
    assert.deepEqual(told, [full(MISSING_BYTES + 10), 'ok', 'ok', full(MISSING_BYTES)])
    assert.deepEqual([await has('new'), await has('old'), await has('kept')], [false, false, true])
    assert.deepEqual(disk.reopened, [], 'nothing was written, and so nothing is in doubt')
    assert.equal(state.isWriting, false)
    assert.equal(await toldOf(queue.commit(set('later', 'x'))), full(MISSING_BYTES + 1))
    pass(250)
    assert.equal(await queue.commit(set('later')), 'ok')
    assert.equal(state.isWriting, true)
    await close()
  })

  it('is refused whatever it does where nothing of the reserve is left', async () => {
    const { disk, queue, has, close } = await openWorld('spent')
    disk.room = FULL
    const cause = await queue.commit(remove('old')).catch((error: unknown) => error)
    assert.ok(cause instanceof StoreFull && cause.cause instanceof Error && cause.cause.cause === FULL)
    assert.equal(cause.missingBytes, MISSING_BYTES)
    assert.equal(await toldOf(queue.commit(remove('old'))), full(MISSING_BYTES))
    assert.ok(await has('old'))
    await close()
  })

  it('goes on where pages of the file are free, twice as many as it may take', async () => {
    const { disk, queue, state, has, close } = await openWorld('free')
    const asked: number[] = []
    state.hasFreePages = (bytes) => asked.push(bytes) > 1
    const room = new FileRoom()
    disk.room = FULL
    assert.equal(await toldOf(queue.commit(set('first'))), full(MISSING_BYTES + 5))
    state.tryAgain = () => Promise.resolve()
    assert.equal(await toldOf(queue.commit({ ...set('second'), usesReserve: true })), 'ok')
    assert.deepEqual(asked, [2 * room.bytesFor([set('first')]), 2 * room.bytesFor([set('second')])])
    assert.ok(await has('second'))
    disk.room = FAULTY
    assert.equal(
      await toldOf(queue.commit({ ...set('third'), usesReserve: true })),
      unknown('EROFS, write'),
      'which helps against no other failure',
    )
    await close()
  })

  /** Runs a transaction, and fails with it. */
  const begun: NonNullable<Awaited<ReturnType<typeof openWorld>>['disk']['next']> = async (work, write) => {
    await write(async (opened) => {
      const { environment } = opened
      const run = environment.childTransaction.bind(environment)
      const mocked = mock.method(environment, 'childTransaction', (inside: () => unknown) =>
        run(() => {
          inside()
          throw FULL
        }),
      )
      try {
        await work(opened)
      } finally {
        mocked.mock.restore()
      }
    })
    return assert.fail('it fails')
  }
  for (const [when, name, fail, told] of [
    ['it is known to be undone', 'undone', begun, [full(MISSING_BYTES + 5), 'ok']],
    [
      'it is in the file all the same',
      'done',
      async (work, write) => {
        await write(work)
        throw FULL
      },
      [unknown('ENOSPC, write'), unknown('ENOSPC, write')],
    ],
    [
      'it is not known how far it came',
      'unbegun',
      () => Promise.reject(FULL),
      [unknown('ENOSPC, write'), unknown('ENOSPC, write')],
    ],
  ] as readonly (readonly [string, string, typeof begun, readonly string[]])[])
    it(`while it writes is told so, and the store opened anew: where ${when}`, async () => {
      const { disk, queue, has, close } = await openWorld(name)
      // The disk is full from the moment on at which it says so.
      disk.next = async (work, write) => {
        disk.reserve = 1
        try {
          return await fail(work, write)
        } finally {
          disk.room = FULL
        }
      }
      const committing = [toldOf(queue.commit(set('new'))), toldOf(queue.commit(remove('old')))]
      assert.deepEqual(await Promise.all(committing), told)
      assert.deepEqual(disk.reopened, [FULL])
      const isDone = name === 'done'
      assert.deepEqual([await has('new'), await has('old')], [isDone, name === 'unbegun'])
      await close()
    })
})

describe('a commit that fails otherwise', () => {
  it('is in doubt for all who went along, and the store is opened anew because of it', async () => {
    const { disk, queue, state, has, close } = await openWorld('faulty')
    disk.next = () => Promise.reject(FAULTY)
    const committing = [queue.commit(set('one')), queue.commit(remove('old'))]
    const errors = await Promise.all(committing.map((each) => each.catch((error: unknown) => error)))
    for (const error of errors) {
      assert.ok(error instanceof CommitUnknown)
      assert.equal(error.message, 'the metadata store could not commit: EROFS, write')
      assert.equal(error.cause, FAULTY)
    }
    assert.deepEqual(disk.reopened, [FAULTY])
    assert.equal(state.isWriting, true)
    assert.equal(await queue.commit(set('next')), 'ok')
    assert.ok((await has('next')) && (await has('old')))
    await close()
  })

  it('a second time in a row makes the store read only, until the disk takes a write again, and one between makes it forget', async () => {
    const { disk, queue, state, has, pass, close } = await openWorld('read-only')
    const failOnce = async (): Promise<string> => {
      disk.next = () => Promise.reject(FAULTY)
      return await toldOf(queue.commit(set('failed')))
    }
    assert.equal(await failOnce(), unknown('EROFS, write'))
    await queue.commit(set('between'))
    await failOnce()
    assert.equal(state.isWriting, true)
    await failOnce()
    assert.equal(state.isWriting, false)
    assert.match(await toldOf(queue.commit(remove('old'))), /^StoreReadOnly: .*EROFS/)
    await queue.look()
    assert.equal(state.isWriting, false)
    pass(250)
    await queue.look()
    assert.equal(state.isWriting, true, 'without anybody who writes')
    assert.equal(await queue.commit(remove('old')), 'ok')
    assert.equal(await has('old'), false)
    await close()
  })

  it('never begins where the engine would read what the disk does not give', async () => {
    const { live, queue, close } = await openWorld('hidden')
    mock.getter(live, 'hidden', () => ({ format: null, isFreeListHidden: true }))
    for (const committing of [queue.commit(set('new')), queue.commit(remove('old')), queue.commitNothing()])
      await assert.rejects(committing, StoreReadOnly)
    await close()
  })
})

describe('a commit that touches what ended other processes', () => {
  it('is refused by itself: those that come with it are made', async () => {
    const first = await openWorld('fenced')
    const { live, close } = first
    await close()
    for (const name of ['one', 'two'])
      writeFileSync(
        join(live.folder, `metadata.mdb-trail-99999999-${name}`),
        JSON.stringify({ kind: 'row', key: Buffer.from('fenced').toString('hex') }).padEnd(100),
      )
    const { queue, guard, has, ...world } = await openWorld('fenced')
    assert.ok(guard.isOn)
    const [before, fenced, behind] = [set('before'), set('fenced'), set('behind')].map((change) =>
      queue.commit(change),
    )
    await assert.rejects(fenced ?? assert.fail(), UnreadableRecord)
    assert.deepEqual(await Promise.all([before, behind]), ['ok', 'ok'])
    assert.ok((await has('before')) && (await has('behind')))
    await world.close()
  })
})
