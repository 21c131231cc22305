import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isAscii, isHeaderText } from './header-characters.ts'

describe('the characters of a header', () => {
  it('are no control characters but tabs, and none that is no byte', () => {
    for (const text of ['', 'a b~!', '\t', '\x80\xff']) assert.equal(isHeaderText(text), true, text)
    for (const text of ['\n', '\r', '\0', '\x1f', '\x7f', '\u0100']) assert.equal(isHeaderText(text), false)
  })

  it('are ASCII up to the last of its 128', () => {
    for (const text of ['', '\0\n~', '\x7f']) assert.equal(isAscii(text), true)
    for (const text of ['\x80', 'a\xff', 'ab\u0100']) assert.equal(isAscii(text), false)
  })
})
