import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import { printJson, printLines, printMembers, printTable } from './output.ts'

const NAME = 'a\x1b[2J\rb\nc\u202e'
const SHOWN = String.raw`a\u001b[2J\u000db\u000ac\u202e`

function printed(print: () => void): string {
  let text = ''
  const write = mock.method(process.stdout, 'write', (piece: string) => {
    text += piece
    return true
  })
  try {
    print()
  } finally {
    write.mock.restore()
  }
  return text
}

void describe('what the commands of the server print', () => {
  void it('shows names with control characters in their column and on their line', () => {
    const table = printed(() =>
      printTable(
        ['NAME', 'TYPE'],
        [
          [NAME, 'x'],
          ['short', 'y'],
        ],
      ),
    )
    assert.equal(
      table,
      [`${'NAME'.padEnd(SHOWN.length)}  TYPE`, `${SHOWN}  x`, `${'short'.padEnd(SHOWN.length)}  y`, ''].join(
        '\n',
      ),
    )
    assert.equal(
      printed(() => printMembers([['Name', NAME]])),
      `Name  ${SHOWN}\n`,
    )
    assert.equal(
      printed(() => printLines([`  ${NAME}: gone`, '  b'])),
      `  ${SHOWN}: gone\n  b\n`,
    )
  })

  void it('gives JSON of the same value, without what a terminal would act on', () => {
    const text = printed(() => printJson({ name: `${NAME}\x7f\x9b` }))
    assert.doesNotMatch(text, /(?!\n)[\p{Cc}\u202e]/u)
    assert.deepEqual(JSON.parse(text), { name: `${NAME}\x7f\x9b` })
  })
})
