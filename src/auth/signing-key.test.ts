import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import { SigningKey } from './signing-key.ts'

describe('SigningKey', () => {
  const bytes = Buffer.from(Array.from({ length: 32 }, (_, at) => at * 7))
  const key = new SigningKey(bytes)

  it("signs as Node's own HMAC-SHA256 does, texts of any length, one after the other", () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 200, 10_000]) {
      const text = '\xe4\xffz'.repeat(length).slice(0, length)
      assert.equal(key.sign(text), createHmac('sha256', bytes).update(text, 'latin1').digest('hex'))
    }
  })

  it('shows nothing of itself', () => {
    assert.equal(inspect(key, { showHidden: true }), 'SigningKey {}')
  })
})
