import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import { ProgressLine } from './progress-line.ts'

/** What is shown of the steps on a terminal, or where there is none. */
function shown(work: (progress: ProgressLine) => void, isTTY = true): string {
  let text = ''
  const write = mock.method(process.stderr, 'write', (piece: string) => {
    text += piece
    return true
  })
  const was = process.stderr.isTTY
  process.stderr.isTTY = isTTY
  try {
    work(new ProgressLine())
  } finally {
    process.stderr.isTTY = was
    write.mock.restore()
  }
  return text
}

const LINE = '\r\x1b[K'

describe('the line that shows how far something got', () => {
  it('says how much is done, with a bar where the whole is known', () => {
    assert.equal(
      shown((line) => line.show('blobs', 7, 0, '1.0 MB')),
      `${LINE}blobs    7 1.0 MB`,
    )
    assert.equal(
      shown((line) => line.show('records', 1, 3)),
      `${LINE}records  [${'#'.repeat(10)}${'.'.repeat(20)}] 33% 1/3 `,
    )
    for (const [done, filled, percent] of [
      [0, 0, 0],
      [59, 29, 98],
      [60, 30, 100],
      [90, 30, 150],
    ] as const)
      assert.equal(
        shown((line) => line.show('blobs', done, 60)),
        `${LINE}blobs    [${'#'.repeat(filled)}${'.'.repeat(30 - filled)}] ${percent}% ${done}/60 `,
      )
  })

  it('is written anew now and then, at the end of a part, and on a line of its own for the next part', () => {
    assert.deepEqual(
      shown((line) => {
        line.show('blobs', 1, 3)
        line.show('blobs', 2, 3)
        line.show('blobs', 3, 3)
        line.show('records', 1, 0)
        line.show('records', 2, 0)
        line.finish()
        line.finish()
        line.show('records', 3, 0)
      })
        .split(LINE)
        .map((part) => part.replace(/\[.*\] /, '')),
      ['', 'blobs    33% 1/3 ', 'blobs    100% 3/3 \n', 'records  1 \n', 'records  3 '],
    )
  })

  it('says nothing where nobody sits at a terminal, and ends no line that it did not begin', () => {
    assert.equal(
      shown((line) => {
        line.show('blobs', 1, 1)
        line.finish()
      }, false),
      '',
    )
    assert.equal(
      shown((line) => line.finish()),
      '',
    )
  })
})
