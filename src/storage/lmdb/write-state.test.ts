import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, describe, it, mock } from 'node:test'
import type { DiskReserve } from '../disk-reserve.ts'
import { StoreFull, StoreReadOnly } from '../metadata-store.ts'
import type { FileRoom } from './file-room.ts'
import type { LiveEnvironment } from './live-environment.ts'
import { WriteState } from './write-state.ts'

const PAGE_BYTES = 4_096
const MIB = 1024 * 1024

const folder = mkdtempSync(join(tmpdir(), 'lugsail-write-state-'))
after(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => mock.restoreAll())

/** An error as the system gives it. */
const refusal = (code: string, errno: number): Error =>
  Object.assign(new Error(code), { code, errno: -errno, syscall: 'write' })
const FULL = refusal('ENOSPC', 28)
const READ_ONLY = refusal('EROFS', 30)

/** A store on a disk that answers as the test says, at a time that stands still until it is moved. */
function worldOf() {
  const disk = {
    hidden: { format: false, isFreeListHidden: false },
    isWritable: true,
    /** What a trial write throws. */
    trial: null as Error | null,
    trials: 0,
    reopened: [] as unknown[],
    /** Of the reserve, and outside of it. */
    missing: 0,
    free: 100 * MIB,
    isSilent: false,
    canRestore: false,
    freePages: 0,
    reserve: 2,
  }
  let nowMs = 1_000_000
  mock.method(performance, 'now', () => nowMs)
  const pagesOf = (pages: number) => ({ treeBranchPageCount: 0, treeLeafPageCount: pages, overflowPages: 0 })
  const live = {
    folder,
    get hidden() {
      return disk.hidden
    },
    get isWritable() {
      return disk.isWritable
    },
    current: {
      getStats: () => ({
        root: pagesOf(5),
        free: pagesOf(3),
        // Two pages say which state counts.
        lastPageNumber: 2 + 5 + 3 + disk.freePages - 1,
        pageSize: PAGE_BYTES,
      }),
    },
    reopen: (error?: unknown) => {
      disk.reopened.push(error)
      return Promise.resolve()
    },
    write: () => {
      disk.trials++
      return disk.trial ? Promise.reject(disk.trial) : Promise.resolve()
    },
  }
  const asked = <T>(value: T): Promise<T> =>
    disk.isSilent ? Promise.reject(new Error('no answer')) : Promise.resolve(value)
  const reserve = {
    missingBytes: () => asked(disk.missing),
    freeBytes: () => asked(disk.free),
    restore: () => asked(disk.canRestore),
    giveUpSome: () => asked(disk.reserve-- > 0),
  }
  const state = new WriteState(
    live as unknown as LiveEnvironment,
    {} as unknown as FileRoom,
    reserve as unknown as DiskReserve,
  )
  const pass = (ms: number): number => (nowMs += ms)
  /** Whether a change is refused that brings something, and one that removes something. */
  const refused = (): string[] =>
    [false, true].map((usesReserve) => state.refusalOf(usesReserve, 10)?.constructor.name ?? 'taken')
  return { disk, state, pass, refused }
}

const WRITING = ['taken', 'taken']
const ONLY_REMOVALS = ['StoreFull', 'taken']
const READING = ['StoreReadOnly', 'StoreReadOnly']

describe('a store in the state of its disk', () => {
  it('takes all where nothing was wrong', () => {
    const { state, refused } = worldOf()
    assert.deepEqual(refused(), WRITING)
    assert.ok(state.isWriting)
  })

  it('takes what removes something where the disk is full, and says how much is missing', async () => {
    const { state, disk, refused } = worldOf()
    Object.assign(disk, { missing: 5_000, free: 2_000 })
    assert.equal(await state.noteFailure(FULL), true)
    assert.deepEqual(refused(), ONLY_REMOVALS)
    assert.ok(!state.isWriting)
    const error = state.refusalOf(false, 10)
    assert.ok(error instanceof StoreFull)
    assert.equal(error.missingBytes, 3_010)
    assert.equal(state.fullFor(0).missingBytes, 3_000)
    const cause = new Error('why')
    assert.equal(state.fullFor(0, cause).cause, cause)
    assert.ok(!state.hasFreePages(0))
    disk.freePages = 1
    assert.ok(state.hasFreePages(PAGE_BYTES - 3_000))
    assert.ok(!state.hasFreePages(PAGE_BYTES - 2_999))
  })

  it('misses a byte at least, also where the disk has room again or does not tell', async () => {
    for (const change of [
      { missing: 10, free: 2_000 },
      { missing: 10, free: 0, isSilent: true },
    ]) {
      const { state, disk } = worldOf()
      Object.assign(disk, change)
      await state.noteFailure(FULL)
      assert.equal(state.fullFor(0).missingBytes, 1)
      assert.equal(state.fullFor(7).missingBytes, 7)
    }
  })

  it('takes nothing after two failures in a row of another kind, and tells which', async () => {
    const { state, refused } = worldOf()
    assert.equal(await state.noteFailure(READ_ONLY), false)
    assert.deepEqual(refused(), WRITING)
    state.noteSuccess()
    await state.noteFailure(READ_ONLY)
    assert.deepEqual(refused(), WRITING)
    await state.noteFailure(READ_ONLY)
    assert.deepEqual(refused(), READING)
    assert.match(state.refusalOf(true, 0)?.message ?? '', /the file system is read only \(EROFS\)/)
    await state.noteFailure(FULL)
    assert.deepEqual(refused(), READING, 'a full disk makes no more of it')
  })

  it('finds the system’s name of a failure in the engine’s number or what caused it; else it asks the disk', async () => {
    const engine = (code: number): Error => Object.assign(new Error('engine'), { code })
    for (const [cause, isFull, words] of [
      [engine(28), true, ''],
      [new Error('outer', { cause: FULL }), true, ''],
      [engine(30), false, 'EROFS'],
      // The disk takes the trial: nothing better is known.
      [engine(-30_784), false, 'EIO'],
      [engine(5), false, 'EIO'],
      [new Error('nothing'), false, 'EIO'],
      ['a text', false, 'EIO'],
    ] as const) {
      const { state } = worldOf()
      assert.equal(await state.noteFailure(cause), isFull, String(cause))
      if (isFull) continue
      await state.noteFailure(cause)
      assert.ok(state.refusalOf(true, 0)?.message.includes(words), words)
    }
  })

  it('takes nothing from a disk that does not answer', () => {
    const { state, refused } = worldOf()
    state.noteSilence()
    assert.deepEqual(refused(), READING)
    assert.match(state.refusalOf(true, 0)?.message ?? '', /the disk does not answer/)
  })

  for (const [part, words] of [
    ['format', /the last page of the metadata; restore/],
    ['isFreeListHidden', /the list of free pages of the metadata; "lugsail store compact"/],
  ] as const)
    it(`takes nothing, whatever the disk takes, where ${part} says what cannot be read`, async () => {
      const { state, disk, pass, refused } = worldOf()
      disk.hidden[part] = true
      assert.deepEqual(refused(), READING)
      assert.ok(!state.isWriting)
      assert.ok(state.lastingRefusal instanceof StoreReadOnly)
      assert.match(state.lastingRefusal.message, words)
      pass(1_000)
      await state.tryAgain()
      assert.equal(disk.trials, 0)
    })

  describe('asks the disk again', () => {
    it('a quarter of a second after a failure at the earliest, and goes on when it takes a write', async () => {
      const { state, disk, pass, refused } = worldOf()
      await state.noteFailure(READ_ONLY)
      await state.noteFailure(READ_ONLY)
      pass(249)
      await state.tryAgain()
      assert.equal(disk.trials, 0)
      pass(1)
      disk.trial = READ_ONLY
      await state.tryAgain()
      assert.equal(disk.trials, 1)
      assert.deepEqual(disk.reopened, [READ_ONLY])
      assert.deepEqual(refused(), READING)
      pass(249)
      await state.tryAgain()
      assert.equal(disk.trials, 1)
      pass(1)
      Object.assign(disk, { trial: null, isWritable: false })
      await state.tryAgain()
      assert.deepEqual(disk.reopened, [READ_ONLY, undefined])
      assert.deepEqual(refused(), WRITING)
      await state.noteFailure(READ_ONLY)
      assert.deepEqual(refused(), WRITING, 'failures count from nothing again')
    })

    it('and knows it for full when the trial says so', async () => {
      const { state, disk, pass, refused } = worldOf()
      state.noteSilence()
      pass(250)
      Object.assign(disk, { trial: FULL, missing: 500, free: 0 })
      await state.tryAgain()
      assert.deepEqual(refused(), ONLY_REMOVALS)
      assert.equal(state.fullFor(0).missingBytes, 500)
    })

    it('when it was full, only where there is room to go on with', async () => {
      for (const [change, goesOn] of [
        [{ canRestore: true, free: MIB }, true],
        [{ canRestore: true, free: MIB - 1 }, false],
        [{ canRestore: true, free: MIB - PAGE_BYTES, freePages: 1 }, true],
        [{ canRestore: false, free: 100 * MIB, missing: 0, freePages: MIB / PAGE_BYTES }, true],
        [{ canRestore: false, free: 100 * MIB, missing: 0, freePages: MIB / PAGE_BYTES - 1 }, false],
        [{ canRestore: false, free: 0, missing: PAGE_BYTES, freePages: MIB / PAGE_BYTES }, false],
        [{ canRestore: false, free: 0, missing: PAGE_BYTES, freePages: MIB / PAGE_BYTES + 1 }, true],
      ] as const) {
        const { state, disk, pass, refused } = worldOf()
        await state.noteFailure(FULL)
        Object.assign(disk, change)
        pass(250)
        await state.tryAgain()
        assert.deepEqual(refused(), goesOn ? WRITING : ONLY_REMOVALS, JSON.stringify(change))
        assert.equal(disk.trials, goesOn ? 1 : 0)
      }
    })
  })

  describe('watches its reserve', () => {
    it('and lets nothing new in where it is neither whole nor made up for', async () => {
      for (const [change, expected] of [
        [{ canRestore: true, free: 0 }, WRITING],
        [{ canRestore: false, freePages: MIB / PAGE_BYTES }, WRITING],
        [{ canRestore: false }, ONLY_REMOVALS],
        [{ canRestore: false, isSilent: true }, WRITING],
      ] as const) {
        const { state, disk, refused } = worldOf()
        Object.assign(disk, change)
        await state.watchReserve()
        assert.deepEqual(refused(), expected, JSON.stringify(change))
      }
    })

    it('only while it writes', async () => {
      const { state, refused } = worldOf()
      state.noteSilence()
      await state.watchReserve()
      assert.deepEqual(refused(), READING)
    })

    it('and gives up a part of it until nothing is left', async () => {
      const { state, disk } = worldOf()
      const given = [await state.giveUpSome(), await state.giveUpSome(), await state.giveUpSome()]
      assert.deepEqual(given, [true, true, false])
      Object.assign(disk, { reserve: 5, isSilent: true })
      assert.equal(await state.giveUpSome(), false)
    })
  })
})
