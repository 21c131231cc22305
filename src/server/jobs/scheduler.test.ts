import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import type { Job } from './job.ts'
import { Scheduler } from './scheduler.ts'

const MINUTE_MS = 60_000

function setUp(...jobs: readonly Job[]) {
  const [wall, uptime] = [new ManualClock(), new ManualClock(0)]
  const monotonicMs = () => uptime.now()
  // Time that passes shows on both clocks; the wall clock alone is set.
  const clock = {
    advance: (durationMs: number): void => {
      wall.advance(durationMs)
      uptime.advance(durationMs)
    },
    set: (byMs: number): void => wall.advance(byMs),
  }
  const metadata = new MemoryMetadataStore()
  const logged: string[] = []
  const write = (_: object, message: string) => void logged.push(message)
  const log = { debug: write, info: write, warn: write, error: write }
  const schedulerOf = (processId: string) =>
    new Scheduler({ jobs, clock: wall, monotonicMs, metadata, log, processId })
  return { clock, metadata, logged, schedulerOf, scheduler: schedulerOf('first') }
}

function countingJob(scope: Job['scope'], more: Partial<Job> = {}) {
  const runs: number[] = []
  const job: Job = {
    name: 'count',
    intervalMs: MINUTE_MS,
    scope,
    run: async () => void runs.push(runs.length),
    ...more,
  }
  return { job, runs }
}

describe('Scheduler', () => {
  it('does a job when it is due, and again an interval later', async () => {
    const { job, runs } = countingJob('process')
    const { clock, scheduler } = setUp(job)
    await scheduler.runDue()
    assert.equal(runs.length, 0)
    clock.advance(10_000)
    await scheduler.runDue()
    await scheduler.runDue()
    assert.equal(runs.length, 1)
    clock.advance(MINUTE_MS)
    await scheduler.runDue()
    assert.equal(runs.length, 2)
  })

  it('does a job of the store once in an interval, however many processes share the store', async () => {
    const { job, runs } = countingJob('store')
    const { clock, schedulerOf } = setUp(job)
    const schedulers = ['a', 'b', 'c'].map(schedulerOf)
    for (let minute = 1; minute <= 3; minute++) {
      clock.advance(MINUTE_MS)
      await Promise.all(schedulers.map((scheduler) => scheduler.runDue()))
      assert.equal(runs.length, minute)
    }
  })

  it('logs a job that fails and tries it again at its next time', async () => {
    const { job, runs } = countingJob('process', {
      run: async () => {
        runs.push(1)
        throw new Error('disk full')
      },
    })
    const { clock, logged, scheduler } = setUp(job)
    for (let minute = 0; minute < 2; minute++) {
      clock.advance(MINUTE_MS)
      await scheduler.runDue()
    }
    assert.equal(runs.length, 2)
    assert.deepEqual(logged, Array(2).fill('a job failed; it is tried again at its next time'))
  })

  for (const [direction, jumpMs] of [
    ['forwards', 1_000 * MINUTE_MS],
    ['back', -1_000 * MINUTE_MS],
  ] as const) {
    it(`does a job neither sooner nor later when the clock is set ${direction}`, async () => {
      for (const scope of ['process', 'store'] as const) {
        const { job, runs } = countingJob(scope)
        const { clock, schedulerOf } = setUp(job)
        const schedulers = ['a', 'b'].map(schedulerOf)
        const runDue = () => Promise.all(schedulers.map((scheduler) => scheduler.runDue()))
        const perMinute = scope === 'store' ? 1 : 2
        for (let minute = 0; minute < 5; minute++) {
          clock.advance(MINUTE_MS / 2)
          // Whoever is due in between looks whose turn it is, and remembers that.
          await runDue()
          clock.set(jumpMs)
          await runDue()
          const before = runs.length
          clock.advance(MINUTE_MS / 2)
          await runDue()
          clock.set(-jumpMs)
          await runDue()
          if (minute > 0) assert.ok(runs.length - before <= perMinute)
        }
        assert.equal(runs.length, 5 * perMinute)
      }
    })
  }

  it('waits for its next time when the store cannot tell whose turn it is', async () => {
    const { job, runs } = countingJob('store')
    const { clock, metadata, logged, scheduler } = setUp(job)
    await metadata.close()
    clock.advance(MINUTE_MS)
    await scheduler.runDue()
    assert.equal(runs.length, 0)
    assert.equal(logged.length, 1)
  })

  it('at the stop aborts and awaits what runs, then does once more what is to be done at the end', async () => {
    const events: string[] = []
    const { clock, scheduler } = setUp(
      {
        name: 'long',
        intervalMs: MINUTE_MS,
        scope: 'process',
        run: (signal) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              events.push('long stopped')
              resolve()
            })
          }),
      },
      {
        name: 'flush',
        intervalMs: 10 * MINUTE_MS,
        scope: 'process',
        isDoneAtStop: true,
        run: async () => void events.push('flushed'),
      },
    )
    clock.advance(10_000)
    void scheduler.runDue()
    events.length = 0
    await scheduler.stop()
    assert.deepEqual(events, ['long stopped', 'flushed'])
  })
})
