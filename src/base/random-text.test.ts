import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { randomText } from './random-text.ts'

describe('random text', () => {
  it('holds as many bytes as are asked for, in the encoding that is asked for', () => {
    assert.match(randomText(8, 'hex'), /^[0-9a-f]{16}$/)
    assert.match(randomText(16, 'base64'), /^[A-Za-z0-9+/]{22}==$/)
    assert.equal(Buffer.from(randomText(4096, 'hex'), 'hex').length, 4096)
  })

  it('never comes twice, over many fillings of its pool', () => {
    const seen = new Set<string>()
    for (let count = 0; count < 5_000; count++) seen.add(randomText(count % 2 ? 8 : 11, 'hex'))
    assert.equal(seen.size, 5_000)
  })

  it('is spread evenly over the values of a byte', () => {
    const counts = new Array<number>(256).fill(0)
    for (let piece = 0; piece < 4_000; piece++)
      for (const byte of Buffer.from(randomText(16, 'hex'), 'hex')) counts[byte] = (counts[byte] ?? 0) + 1
    // 250 of each are expected; a tenth of that missing would be some 25, five times the deviation is 79.
    for (const [byte, count] of counts.entries())
      assert.ok(count > 171 && count < 329, `byte ${byte} came ${count} times`)
  })
})
