import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

const lines = readFileSync('README.md', 'utf8').trimEnd().split('\n')

describe('the README', () => {
  it('is read in one sitting: at most 150 lines', () => {
    assert.ok(lines.length <= 150, `${lines.length} lines`)
  })

  it('has the comparison in short, of every server that the page compares', () => {
    const serversOf = (text: string): number =>
      /^\|[^\n]*Lugsail[^\n]*MinIO[^\n]*$/m.exec(text)?.[0].split('|').length ?? 0
    assert.ok(serversOf(lines.join('\n')) > 7)
    assert.equal(serversOf(lines.join('\n')), serversOf(readFileSync('docs/comparison.md', 'utf8')))
  })
})
