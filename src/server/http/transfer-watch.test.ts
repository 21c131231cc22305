import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TransferWatch, type TransferState } from './transfer-watch.ts'

const LIMITS = { bytesPerSecondMin: 100, windowMs: 10_000 }
const receiving = (movedBytes: number): TransferState => ({ direction: 'receiving', movedBytes })

/** Whether one of the looks, a second apart, finds the client too slow. */
function isCaught(looks: readonly (TransferState | null)[]): boolean {
  const watch = new TransferWatch()
  return looks.some((state, second) => watch.isTooSlow(state, LIMITS, second * 1_000))
}
const seconds = (count: number, at: (second: number) => TransferState | null) =>
  Array.from({ length: count }, (_, second) => at(second))

describe('a client that moves bytes', () => {
  it('slowly out of a large buffer of the system, which tells of it now and then, is not caught', () => {
    const taken = (second: number): TransferState => ({
      direction: 'sending',
      movedBytes: Math.floor(second / 40) * 200_000,
    })
    assert.ok(!isCaught(seconds(200, taken)))
    assert.ok(isCaught(seconds(52, () => ({ direction: 'sending', movedBytes: 0 }))))
    assert.ok(!isCaught(seconds(48, () => ({ direction: 'sending', movedBytes: 0 }))))
  })

  it('too slowly over the whole window is caught', () => {
    assert.ok(isCaught(seconds(12, (second) => receiving(second * 99))))
  })

  it('at the least rate is not, nor one that moves them all at once', () => {
    assert.ok(!isCaught(seconds(60, (second) => receiving(second * 100))))
    assert.ok(!isCaught(seconds(60, (second) => receiving(Math.floor(second / 10) * 1_000))))
  })

  it('and is not waited for now and then is not caught: the server may be the slow one', () => {
    assert.ok(!isCaught(seconds(60, (second) => (second % 9 === 0 ? null : receiving(0)))))
  })

  it('first one way and then the other gets a window for each', () => {
    const turns = seconds(18, (second): TransferState =>
      second < 9 ? receiving(0) : { direction: 'sending', movedBytes: 0 },
    )
    assert.ok(!isCaught(turns))
    assert.ok(!isCaught([...turns, ...turns.slice(0, 9)]))
  })
})
