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

describe('the terminal of the README', () => {
  const picture = readFileSync('docs/images/terminal.svg', 'utf8')

  it('is shown, is small, fits light and dark, and stands still for who wants that', () => {
    assert.ok(lines.some((line) => line.includes('src="docs/images/terminal.svg"')))
    assert.ok(picture.length < 60 * 1024, `${picture.length} bytes`)
    for (const wish of ['prefers-color-scheme:dark', 'prefers-reduced-motion:reduce'])
      assert.ok(picture.includes(wish), wish)
  })

  it('shows nothing that looks like a secret, and no folder of the machine where it was recorded', () => {
    const text = picture.replace(/<style>[\s\S]*<\/style>/, '').replace(/<[^>]*>/g, '\n')
    assert.doesNotMatch(text, /(?<![\w/+])[\w/+]{40}(?![\w/+])/)
    assert.deepEqual([...new Set(text.match(/A[KS]IA[A-Z0-9]{16}/g))], ['AKIAIOSFODNN7EXAMPLE'])
    assert.doesNotMatch(text, /\/tmp|\/root|\/home/)
  })
})
