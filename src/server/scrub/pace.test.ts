import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Pace } from './pace.ts'

function pacedAt(sharePercent: number) {
  const pauses: number[] = []
  const pace = new Pace({ sharePercent, pause: async (pauseMs) => void pauses.push(pauseMs) })
  return { pace, pauses }
}

describe('pace', () => {
  it('pauses in proportion to the time that work took', async () => {
    const { pace, pauses } = pacedAt(20)
    await pace.spend(10, 1_000_000)
    await pace.spend(20, 2_000_000)
    assert.deepEqual(pauses, [40, 80])
  })

  it('gathers work that takes hardly any time', async () => {
    const { pace, pauses } = pacedAt(50)
    for (let count = 0; count < 4; count++) await pace.spend(1, 1_000)
    assert.deepEqual(pauses, [])
    await pace.spend(1, 1_000)
    assert.deepEqual(pauses, [5])
  })

  it('pauses for longer where reading became much slower', async () => {
    const { pace, pauses } = pacedAt(50)
    await pace.spend(10, 10_000_000)
    await pace.spend(100, 10_000_000)
    assert.deepEqual(pauses, [10, 200])
  })

  it('never pauses where it may have the whole disk, and never for longer than ten seconds', async () => {
    const whole = pacedAt(100)
    await whole.pace.spend(1_000, 1_000_000)
    assert.deepEqual(whole.pauses, [])
    const little = pacedAt(1)
    await little.pace.spend(60_000, 1_000_000)
    assert.deepEqual(little.pauses, [10_000])
  })

  it('pauses again while this process is busy with requests, for a bound of times, and not once it is to end', async (t) => {
    const ending = new AbortController()
    const idle = { idle: 0, active: 0 }
    for (const [utilization, pauses, isEnding] of [
      [0.29, 1, false],
      [0.3, 8, false],
      [1, 8, false],
      [0.3, 0, true],
    ] as const) {
      let measured = 0
      t.mock.method(performance, 'eventLoopUtilization', (before?: object) => {
        if (before) measured++
        return { ...idle, utilization }
      })
      if (isEnding) ending.abort()
      const pace = new Pace({ sharePercent: 90, signal: ending.signal })
      await pace.spend(9, 1_000)
      assert.equal(measured, pauses, String(utilization))
      t.mock.restoreAll()
    }
  })

  it('ends a pause that is under way, and nothing else, when it is to end', async () => {
    const ending = new AbortController()
    const spent = new Pace({ sharePercent: 1, signal: ending.signal }).spend(5_000, 1_000)
    ending.abort()
    await spent
  })
})
