import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { pages } from './pages.ts'

interface SymbolLink {
  readonly page: string
  readonly name: string
  readonly file: string
}

/** Links of the form `[`name`](….ts)`: to a line, by what is declared there. */
const links: readonly SymbolLink[] = pages().flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/\[`([A-Za-z_]\w*)`\]\(([^()\s#]+\.ts)\)/g)].map(
    ([, name = '', target = '']) => ({ page, name, file: join(dirname(page), target) }),
  ),
)

const declares = (text: string, name: string): boolean =>
  new RegExp(
    `^(export )?(async |abstract )*(function\\*?|class|const|let|interface|type) ${name}\\b`,
    'm',
  ).test(text) ||
  new RegExp(`^ {2}(static |override |async |get |readonly )*${name}(<[^>]*>)?\\(`, 'm').test(text)

describe('names of the code in the documents', () => {
  it('were found at all, most of them in the walks', () => {
    assert.ok(links.filter(({ page }) => page === 'docs/architecture.md').length > 30)
  })

  it('are declared in the files that their links lead to', () => {
    const broken = links.filter(
      ({ file, name }) => !existsSync(file) || !declares(readFileSync(file, 'utf8'), name),
    )
    assert.deepEqual(broken, [])
  })
})
