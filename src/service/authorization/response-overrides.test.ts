import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkResponseOverrides } from './response-overrides.ts'

describe('replacing headers of a response', () => {
  it('is for those who are known', () => {
    checkResponseOverrides({ Expires: '' }, false)
    checkResponseOverrides({}, true)
    assert.throws(() => checkResponseOverrides({ Expires: '' }, true), { kind: 'AnonymousOverrides' })
  })
})
