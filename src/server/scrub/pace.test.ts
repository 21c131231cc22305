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
})
