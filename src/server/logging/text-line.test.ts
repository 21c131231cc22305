import assert from 'node:assert/strict'
import { it } from 'node:test'
import { textLine } from './text-line.ts'

const line = (entry: object): string =>
  textLine(JSON.stringify({ level: 'info', time: '2026-01-02T03:04:05.006Z', pid: 1, ...entry }))

it('a line of the log is shown with its time, level, message and fields, quoted where they have more than plain characters', () => {
  assert.equal(line({ msg: 'answered' }), '03:04:05 info  answered\n')
  assert.equal(
    line({ msg: 'answered', status: 200, key: 'a b', list: [1], quote: 'a"b', empty: '', path: '/a?b=c' }),
    '03:04:05 info  answered  status=200 key="a b" list=[1] quote="a\\"b" empty="" path=/a?b=c\n',
  )
  assert.equal(line({ level: 'error', msg: 'x' }), '03:04:05 error x\n')
})

it('an error is shown by its stack below the line, and what a terminal would act on is escaped', () => {
  assert.equal(
    line({ msg: 'x', error: { stack: 'Error: boom\n    at y' } }),
    '03:04:05 info  x\nError: boom\n    at y\n',
  )
  assert.equal(line({ msg: 'x', error: 'text' }), '03:04:05 info  x\n')
  assert.equal(line({ msg: 'x', error: null }), '03:04:05 info  x\n')
  assert.doesNotMatch(line({ msg: 'a\x1b[2J', key: '\x1b[2J' }), /\x1b/)
})
