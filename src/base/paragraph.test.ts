import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { columns, grid, HELP_WIDTH, paragraph } from './paragraph.ts'

const words = (count: number, length: number): string =>
  Array.from({ length: count }, (_, at) => String(at % 10).repeat(length)).join(' ')

describe('a paragraph of help', () => {
  it('is broken between words, each line as full as it fits, and indented', () => {
    assert.equal(paragraph('a  b\n c', 2), '  a b c\n')
    for (const [indent, length] of [
      [0, 7],
      [4, 9],
      [10, 6],
    ] as const) {
      const text = words(40, length)
      const lines = paragraph(text, indent).trimEnd().split('\n')
      assert.equal(lines.map((line) => line.trim()).join(' '), text)
      for (const [at, line] of lines.entries()) {
        assert.ok(line.length <= HELP_WIDTH && line.startsWith(' '.repeat(indent)), line)
        const next = lines[at + 1]
        if (next !== undefined)
          assert.ok(line.length + 1 + length > HELP_WIDTH, 'the next word would have fit')
      }
    }
    const exact = 'x'.repeat(HELP_WIDTH - 6)
    assert.equal(paragraph(`${exact} y`, 4), `    ${exact} y\n`)
    assert.equal(paragraph(`${exact}x y`, 4), `    ${exact}x\n    y\n`)
    assert.equal(paragraph('a').length, 6)
  })

  it('breaks a word that is longer than a line, behind a comma, colon or bar where there is one', () => {
    const width = HELP_WIDTH - 4
    assert.deepEqual(
      paragraph('x'.repeat(width * 2 + 1))
        .split('\n')
        .map((line) => line.trim().length),
      [width, width, 1, 0],
    )
    for (const mark of [',', ':', '|']) {
      const [first, second] = ['a'.repeat(50) + mark, 'b'.repeat(50)]
      assert.equal(paragraph(first + second), `    ${first}\n    ${second}\n`)
    }
    assert.equal(paragraph('x'.repeat(width)), `    ${'x'.repeat(width)}\n`)
  })
})

describe('columns of help', () => {
  it('have names in one and texts in the other, which goes on below itself', () => {
    assert.equal(
      columns([
        ['a', 'first'],
        ['long', 'second'],
      ]),
      '  a     first\n  long  second\n',
    )
    const lines = columns([['name', words(30, 5)]], 4)
      .trimEnd()
      .split('\n')
    assert.ok(lines.length > 2)
    assert.match(lines[0] ?? '', /^ {4}name {2}0/)
    for (const line of lines.slice(1)) assert.match(line, /^ {10}\S/)
  })

  it('of words go down before they go across, as many as fit', () => {
    assert.equal(grid(['a', 'b', 'c']), '  a  b  c\n')
    assert.equal(grid([]), '\n'.repeat(1))
    const many = Array.from({ length: 20 }, (_, at) => `word-${String(at).padStart(2, '0')}-xxxxxx`)
    const lines = grid(many).trimEnd().split('\n')
    assert.ok(lines.every((line) => line.length <= HELP_WIDTH && !line.endsWith(' ')))
    assert.deepEqual(
      lines[0]?.trim().split(/ +/),
      many.filter((_, at) => at % lines.length === 0),
    )
    assert.equal(lines.flatMap((line) => line.trim().split(/ +/)).length, 20)
    assert.ok(20 / (lines.length - 1) > 4, 'with a row less it would not fit')
    const long = ['x'.repeat(100), 'y'.repeat(100)]
    assert.deepEqual(grid(long, 0).split('\n'), [...long, ''])
  })
})
