import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LogOutput } from './log-output.ts'

/** A target that takes a piece only when it is told to. */
function slowTarget(isImmediate = false) {
  const pieces: string[] = []
  const told: number[] = []
  let answer: ((error?: Error) => void) | undefined
  const output = new LogOutput({
    isImmediate,
    onRoom: (lines) => told.push(lines),
    target: (piece, done) => {
      pieces.push(piece)
      answer = done
    },
  })
  const take = (error?: Error): void => {
    const done = answer
    answer = undefined
    done?.(error)
  }
  return { output, pieces, told, take, isBusy: () => answer !== undefined }
}

const LINE = `${'x'.repeat(1023)}\n`
const LINES_KEPT = (8 * 1024 * 1024) / LINE.length

describe('LogOutput', () => {
  it('writes gathered lines after a moment, also when a full piece went before them', (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] })
    const { output, pieces, take } = slowTarget()
    for (let line = 0; line < 5; line++) output.write(LINE)
    take()
    assert.deepEqual(pieces, [LINE.repeat(4)])
    context.mock.timers.tick(250)
    assert.deepEqual(pieces, [LINE.repeat(4), LINE])
  })

  it('gathers lines into pieces of whole lines, and hands over one piece at a time', () => {
    const { output, pieces, take } = slowTarget()
    for (let line = 0; line < 10; line++) output.write(LINE)
    assert.deepEqual(pieces, [LINE.repeat(4)])
    take()
    assert.deepEqual(pieces, [LINE.repeat(4), LINE.repeat(4)])
    take()
    output.flush()
    take()
    assert.equal(pieces.join(''), LINE.repeat(10))
  })

  it('drops and counts lines when nobody takes them, and says so once there is room', () => {
    const { output, pieces, told, take, isBusy } = slowTarget()
    for (let line = 0; line < LINES_KEPT + 7; line++) output.write(LINE)
    assert.equal(output.droppedLines, 7)
    assert.deepEqual(told, [])
    output.flush()
    while (isBusy()) take()
    assert.deepEqual(told, [7])
    assert.equal(pieces.join('').length, 8 * 1024 * 1024)
    output.write(LINE)
    output.flush()
    assert.equal(output.droppedLines, 7)
  })

  it('counts the lines of a piece that could not be written, and goes on with the next', () => {
    const { output, pieces, take } = slowTarget(true)
    output.write('one\n')
    output.write('two\n')
    output.write('three\n')
    take(new Error('no space left'))
    assert.deepEqual(pieces, ['one\n', 'two\nthree\n'])
    assert.equal(output.droppedLines, 1)
  })

  it('gives what was not handed over to who ends the process', () => {
    const { output } = slowTarget(true)
    output.write('handed over\n')
    output.write('not yet\n')
    assert.equal(output.takeRest(), 'not yet\n')
    assert.equal(output.takeRest(), '')
  })
})
