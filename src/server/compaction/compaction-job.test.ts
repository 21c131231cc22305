import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import { CompactionFailed, type StoreSpace } from '../../storage/metadata-store.ts'
import { compactionJob, isDue } from './compaction-job.ts'

const HOUR_MS = 3_600_000
const MIB = 1024 * 1024
const SETTINGS = { compactFreePercent: 50, compactFreeBytes: 64 * MIB, compactIntervalHours: 24 }
const HALF_EMPTY: StoreSpace = { fileBytes: 300 * MIB, freeBytes: 200 * MIB }

describe('whether a compaction is worth while', () => {
  for (const [what, space, settings, is] of [
    ['more than the share is free', HALF_EMPTY, SETTINGS, true],
    ['just the share is free', { fileBytes: 300 * MIB, freeBytes: 150 * MIB }, SETTINGS, false],
    ['all of a small file is free', { fileBytes: 60 * MIB, freeBytes: 59 * MIB }, SETTINGS, false],
    ['it is switched off', HALF_EMPTY, { ...SETTINGS, compactFreePercent: 0 }, false],
  ] as const)
    it(`${is ? 'is so' : 'is not so'} where ${what}`, () => assert.equal(isDue(space, settings), is))
})

describe('the job that compacts the metadata', () => {
  /** A store of which the same share is free however often it is compacted. */
  class HollowStore extends MemoryMetadataStore {
    compactions = 0
    failure: Error | null = null

    async space(): Promise<StoreSpace> {
      return HALF_EMPTY
    }

    async compact() {
      this.compactions++
      if (this.failure) throw this.failure
      return { bytesBefore: 3, bytesAfter: 1, entries: 1, copiedAgain: 0, durationMs: 1, pauseMs: 1 }
    }
  }

  function start() {
    const clock = new ManualClock(Date.UTC(2030, 0, 1))
    const metadata = new HollowStore()
    const lines: string[] = []
    const compactedAt: number[] = []
    const note = (_facts: object, message: string): void => void lines.push(message)
    const job = compactionJob({
      context: { metadata, clock },
      settings: SETTINGS,
      processId: 'one',
      monotonicMs: () => clock.now(),
      log: { info: note, warn: note },
      metrics: { setMetadataSpace: () => undefined, setLastCompaction: (at) => compactedAt.push(at) },
    })
    const run = (): Promise<void> => job.run(new AbortController().signal)
    return { clock, metadata, lines, compactedAt, run }
  }

  it('compacts once in the interval, however often it looks, and says so', async () => {
    const { clock, metadata, lines, compactedAt, run } = start()
    for (let look = 0; look < 3; look++) await run()
    assert.equal(metadata.compactions, 1)
    assert.deepEqual(compactedAt, [clock.now()])
    assert.deepEqual(lines, ['compacted the metadata'])
    clock.advance(25 * HOUR_MS)
    await run()
    assert.equal(metadata.compactions, 2)
  })

  it('says why it was not possible, and lets other failures be those of the job', async () => {
    const { clock, metadata, lines, run } = start()
    metadata.failure = new CompactionFailed('there is no room')
    await run()
    assert.deepEqual(lines, ['the metadata were not compacted; it is tried again later'])
    clock.advance(25 * HOUR_MS)
    metadata.failure = new Error('a disk')
    await assert.rejects(run(), /a disk/)
  })
})
