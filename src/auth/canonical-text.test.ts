import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { canonicalText } from './canonical-text.ts'

const BYTES = Array.from({ length: 256 }, (_, byte) => byte)
const hex = (byte: number) => byte.toString(16).padStart(2, '0')
const isUnreserved = (byte: number) => /[A-Za-z0-9\-._~]/.test(String.fromCharCode(byte))
/** What a byte is in the canonical encoding. */
const encoded = (byte: number) =>
  isUnreserved(byte) ? String.fromCharCode(byte) : `%${hex(byte).toUpperCase()}`

describe('the canonical encoding', () => {
  it('of an escape is one for every byte, in whatever case its digits are and whatever stands around it', () => {
    for (const byte of BYTES) {
      const [high = '', low = ''] = hex(byte)
      for (const digits of [
        high + low,
        high.toUpperCase() + low,
        high + low.toUpperCase(),
        (high + low).toUpperCase(),
      ])
        for (const [before, behind] of [
          ['', ''],
          ['x', 'f'],
          ['%20', '%2F'],
          ['', 'ab%c3'],
        ] as const)
          for (const part of ['path', 'query'] as const)
            assert.equal(
              canonicalText(`${before}%${digits}${behind}`, part),
              `${before}${encoded(byte)}${behind.replace('%c3', '%C3')}`,
            )
    }
  })

  it('of a raw character is that of its byte; a path keeps its slashes, and a plus in a query is a blank', () => {
    for (const byte of BYTES) {
      const character = String.fromCharCode(byte)
      if (character === '%') continue
      assert.equal(canonicalText(`a${character}b`, 'path'), `a${character === '/' ? '/' : encoded(byte)}b`)
      assert.equal(canonicalText(`a${character}b`, 'query'), `a${character === '+' ? '%20' : encoded(byte)}b`)
    }
  })

  it('is none of what begins no escape, or is no byte', () => {
    for (const text of ['%', '%4', 'a%', '%g0', '%0g', '%%41', '\u0100'])
      assert.equal(canonicalText(text, 'query'), null, text)
  })
})
