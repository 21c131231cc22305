import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keyAfter, prefixEnd, readTextPart, textKey, textPart, uint64Part } from './key.ts'

const AWKWARD = [
  '',
  '\0',
  '\0\0',
  '\0a',
  'a',
  'a\0',
  'a\0b',
  'a\x01',
  'aa',
  'é',
  '\u{ffff}',
  '\u{10000}',
  'z/',
  'z/\0',
]

describe('textPart', () => {
  it('sorts encoded texts as their UTF-8 bytes sort, whatever follows them', () => {
    for (const left of AWKWARD) {
      for (const right of AWKWARD) {
        const expected = Math.sign(Buffer.compare(Buffer.from(left), Buffer.from(right)))
        const encoded = Buffer.compare(
          Buffer.concat([textPart(left), uint64Part(left === right ? 1 : 9)]),
          Buffer.concat([textPart(right), uint64Part(1)]),
        )
        assert.equal(Math.sign(encoded), expected, JSON.stringify([left, right]))
      }
    }
  })

  it('reads back what it wrote, from any offset', () => {
    for (const text of AWKWARD) {
      const key = Buffer.concat([Buffer.from('V'), textPart(text), Buffer.from('rest')])
      assert.deepEqual(readTextPart(key, 1), { text, end: key.length - 4 })
    }
  })

  it('refuses bytes that are not a terminated part', () => {
    assert.throws(() => readTextPart(Buffer.from('abc'), 0), RangeError)
    assert.throws(() => readTextPart(Buffer.from([0x61, 0x00, 0x02]), 0), RangeError)
  })
})

describe('textKey', () => {
  it('is the tag, the text part and the raw rest, whatever characters the texts hold', () => {
    for (const text of ['', 'a', 'ä€😀', 'a\0b', '\0', '\0\x01'])
      for (const rest of ['', 'r', '\0', 'é\0'])
        assert.deepEqual(
          textKey('K', text, rest),
          Buffer.concat([Buffer.from('K'), textPart(text), Buffer.from(rest)]),
        )
  })
})

describe('prefixEnd', () => {
  it('is the first key behind all keys with the prefix', () => {
    assert.deepEqual(prefixEnd(Buffer.from('ab')), Buffer.from('ac'))
    assert.deepEqual(prefixEnd(Buffer.from([0x61, 0xff])), Buffer.from([0x62]))
  })

  it('is null when no key can be behind them', () => {
    assert.equal(prefixEnd(Buffer.from([0xff, 0xff])), null)
  })
})

describe('keyAfter', () => {
  it('is the very next key', () => {
    assert.deepEqual(keyAfter(Buffer.from('a')), Buffer.from('a\0'))
  })
})
