import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCsv } from './read-csv.ts'

describe('a CSV file', () => {
  it('has a header and rows, with quotes, line breaks and separators within them', () => {
    assert.deepEqual(readCsv('\ufeffname,says\r\nAnna,"a, ""b""\nc"\r\nBert,\r\n'), {
      header: ['name', 'says'],
      rows: [
        ['Anna', 'a, "b"\nc'],
        ['Bert', ''],
      ],
      isCut: false,
    })
  })

  it('may be separated by semicolons or tabs, and end without a line break', () => {
    assert.deepEqual(readCsv('a;b,c;d\n1;2;3').rows, [['1', '2', '3']])
    assert.deepEqual(readCsv('a\tb\n1\t2').header, ['a', 'b'])
  })

  it('is cut when it is long or wide', () => {
    const long = readCsv(`a\n${'1\n'.repeat(1_000)}`)
    assert.deepEqual([long.rows.length, long.isCut], [500, true])
    const wide = readCsv(`${'a,'.repeat(80)}\n`)
    assert.deepEqual([wide.header.length, wide.isCut], [50, true])
  })
})
