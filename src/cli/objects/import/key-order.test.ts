import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compareKeys } from './key-order.ts'

describe('the order of keys', () => {
  it('is that of their bytes in UTF-8, which is not that of JavaScript', () => {
    const keys = ['\u{1f600}', 'b', '', 'a', '\uff5e', 'a/', 'ab', 'é', 'B']
    assert.deepEqual(keys.toSorted(compareKeys), ['', 'B', 'a', 'a/', 'ab', 'b', 'é', '\uff5e', '\u{1f600}'])
    assert.notDeepEqual(keys.toSorted(), keys.toSorted(compareKeys))
    assert.equal(compareKeys('a', 'a'), 0)
  })
})
