import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { terminalLine, terminalText } from './terminal-text.ts'

/** A text, and what a terminal is given of it. */
const SHOWN: readonly (readonly [name: string, text: string, shown: string])[] = [
  ['plain text', 'my-bucket: 12 %', 'my-bucket: 12 %'],
  ['letters beyond ASCII', 'Grüße, 日本語, 😀, שלום', 'Grüße, 日本語, 😀, שלום'],
  ['colours', '\x1b[31mred\x1b[0m', String.raw`\u001b[31mred\u001b[0m`],
  ['a window title', '\x1b]0;title\x07', String.raw`\u001b]0;title\u0007`],
  ['NUL, backspace, carriage return', 'a\0b\bc\rd', String.raw`a\u0000b\u0008c\u000dd`],
  ['vertical tab and form feed', '\v\f', String.raw`\u000b\u000c`],
  ['DEL', '\x7f', String.raw`\u007f`],
  ['C1, which begin sequences alone', '\x85\x90\x9b31m', String.raw`\u0085\u0090\u009b31m`],
  ['what turns the direction of writing', '\u202a\u202e\u2066\u2069', String.raw`\u202a\u202e\u2066\u2069`],
  ['separators of lines and paragraphs', '\u2028\u2029', String.raw`\u2028\u2029`],
  ['a no-break space', '\u00a0', '\u00a0'],
]

void describe('terminalText', () => {
  for (const [name, text, shown] of SHOWN)
    void it(`shows ${name} without letting the terminal act on it`, () => {
      assert.equal(terminalText(text), shown)
      assert.equal(terminalLine(text), shown)
    })

  void it('keeps line ends and tabs of a text, and escapes those of a line', () => {
    assert.equal(terminalText('a\tb\n'), 'a\tb\n')
    assert.equal(terminalLine('a\tb\n'), String.raw`a\u0009b\u000a`)
  })

  void it('leaves JSON as JSON of the same value', () => {
    const value = { name: '\x1b\x7f\x9b\u202e"\\\r\n' }
    assert.deepEqual(JSON.parse(terminalText(JSON.stringify(value, null, 4))), value)
  })
})
