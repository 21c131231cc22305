import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { grouped, Pace, timeText } from './pace.ts'

const MIB = 1024 * 1024

describe('the pace of an import', () => {
  it('tells how long it takes once it is known how much there is', () => {
    let now = 0
    const pace = new Pace(() => now)
    pace.begin('photos')
    pace.advance({})
    now = 10_000
    pace.advance({ objects: 10, bytes: 20 * MIB })
    assert.equal(pace.describe(), 'photos: 10 objects, 20.0 MiB (2.0 MiB/s)')
    pace.expect({ objects: 20, bytes: 220 * MIB })
    assert.equal(pace.describe(), 'photos: 10 of 20 objects, 20.0 MiB of 220.0 MiB (2.0 MiB/s), 1m40s left')
  })

  it('goes by the number of objects where these are small', () => {
    let now = 0
    const pace = new Pace(() => now)
    pace.begin('photos')
    pace.expect({ objects: 1_000, bytes: 1_000 })
    pace.advance({})
    now = 1_000
    pace.advance({ objects: 10, bytes: 900 })
    assert.match(pace.describe(), /, 1m39s left$/)
  })

  it('is told in whole bytes', () => {
    let now = 0
    const pace = new Pace(() => now)
    pace.begin('photos')
    pace.advance({})
    now = 3_000
    pace.advance({ bytes: 10 })
    assert.equal(pace.describe(), 'photos: 0 objects, 10 B (3 B/s)')
  })

  it('is that of the last half minute', () => {
    let now = 0
    const pace = new Pace(() => now)
    pace.begin('photos')
    pace.advance({ bytes: 1_000 * MIB })
    for (let second = 1; second <= 100; second++) {
      now = second * 1_000
      pace.advance({ bytes: MIB })
    }
    assert.match(pace.describe(), /\(1\.0 MiB\/s\)$/)
  })
})

describe('numbers for people', () => {
  it('have commas', () => {
    assert.deepEqual([0, 999, 1_000, 1_234_567].map(grouped), ['0', '999', '1,000', '1,234,567'])
  })

  it('are times of two units at most', () => {
    assert.deepEqual([0.2, 59, 130, 11_100, 352_800].map(timeText), ['1s', '59s', '2m10s', '3h05m', '4d02h'])
  })
})
