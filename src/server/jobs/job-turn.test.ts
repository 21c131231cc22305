import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import { JobTurns } from './job-turn.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

function setUp() {
  const metadata = new MemoryMetadataStore()
  const uptime = new ManualClock(0)
  const processOf = (processId: string) => {
    const clock = new ManualClock()
    const turns = new JobTurns({ metadata, clock, monotonicMs: () => uptime.now(), processId })
    return { clock, takes: () => turns.take('lifecycle', HOUR_MS) }
  }
  return { uptime, processOf }
}

describe('the turn of a job', () => {
  it('is had by one process for the interval, and then by whoever comes first', async () => {
    const { uptime, processOf } = setUp()
    const [a, b] = [processOf('a'), processOf('b')]
    assert.deepEqual([await a.takes(), await b.takes()], [true, false])
    uptime.advance(HOUR_MS - 1)
    assert.equal(await b.takes(), false)
    uptime.advance(1)
    assert.deepEqual([await b.takes(), await a.takes()], [true, false])
  })

  it('lasts as long when clocks jump meanwhile, on whichever machine', async () => {
    for (const jumpMs of [DAY_MS, -DAY_MS]) {
      const { uptime, processOf } = setUp()
      const [a, b] = [processOf('a'), processOf('b')]
      assert.deepEqual([await a.takes(), await b.takes()], [true, false])
      for (const { clock } of [a, b]) {
        clock.advance(jumpMs)
        assert.equal(await b.takes(), false)
      }
      uptime.advance(HOUR_MS)
      assert.equal(await b.takes(), true)
    }
  })

  it('that began before a process was there ends for it when it ends for the others', async () => {
    const { uptime, processOf } = setUp()
    assert.equal(await processOf('a').takes(), true)
    uptime.advance(HOUR_MS / 2)
    const late = processOf('late')
    late.clock.advance(HOUR_MS / 2)
    assert.equal(await late.takes(), false)
    uptime.advance(HOUR_MS / 2)
    assert.equal(await late.takes(), true)
  })

  it('keeps nobody waiting whom a wrong clock tells of more than an interval', async () => {
    const { processOf } = setUp()
    const ahead = processOf('ahead')
    ahead.clock.advance(DAY_MS)
    assert.equal(await ahead.takes(), true)
    assert.equal(await processOf('b').takes(), true)
  })

  it('does not keep its own process from the next', async () => {
    const { processOf } = setUp()
    const a = processOf('a')
    assert.deepEqual([await a.takes(), await a.takes()], [true, true])
  })
})
