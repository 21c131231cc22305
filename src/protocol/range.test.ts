import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseCopySourceRange, parseRange } from './range.ts'

describe('parseRange', () => {
  const CASES: readonly (readonly [
    header: string,
    sizeBytes: number,
    expected: ReturnType<typeof parseRange>,
  ])[] = [
    ['bytes=0-9', 100, { start: 0, end: 9 }],
    ['bytes=4-', 11, { start: 4, end: 10 }],
    ['bytes=-7', 11, { start: 4, end: 10 }],
    ['bytes=-100', 11, { start: 0, end: 10 }],
    ['bytes=5-1000', 11, { start: 5, end: 10 }],
    ['bytes=10-10', 11, { start: 10, end: 10 }],
    ['bytes=0-99999999999999999999', 11, { start: 0, end: 10 }],
    ['bytes=11-', 11, 'unsatisfiable'],
    ['bytes=40-50', 11, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=-1', 0, null],
    ['bytes=-0', 0, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=-0', 11, 'unsatisfiable'],
    ['bytes=5-2', 11, null],
    ['bytes=-', 11, null],
    ['bytes=', 11, null],
    ['bytes=a-b', 11, null],
    ['bytes= -1', 11, null],
    ['bytes=0 -1', 11, null],
    ['bytes=0x1-2', 11, null],
    ['bytes=0-1,3-4', 11, null],
    ['items=0-1', 11, null],
    ['0-1', 11, null],
    ['', 11, null],
  ]
  for (const [header, sizeBytes, expected] of CASES) {
    it(`"${header}" of ${sizeBytes} bytes gives ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(parseRange(header, sizeBytes), expected)
    })
  }
})

describe('parseCopySourceRange', () => {
  it('reads a range with both ends', () => {
    assert.deepEqual(parseCopySourceRange('bytes=1-4'), { start: 1, end: 4 })
  })

  for (const header of [
    '0-2',
    'bytes=0',
    'bytes=hello-world',
    'bytes=0-bar',
    'bytes=hello-',
    'bytes=0-2,3-5',
    'bytes=-2',
    'bytes=3-1',
  ]) {
    it(`takes "${header}" for none`, () => {
      assert.equal(parseCopySourceRange(header), null)
    })
  }
})
