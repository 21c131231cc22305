import assert from 'node:assert/strict'
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { anchorsOf, pages, proseOf } from './pages.ts'

interface Link {
  readonly page: string
  readonly target: string
}

const links: readonly Link[] = pages().flatMap((page) =>
  [...proseOf(page).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => ({ page, target })),
)
const within = links.filter(({ target }) => !/^[a-z]+:/.test(target))

/** What is wrong with a link, or undefined. */
function fault({ page, target }: Link): string | undefined {
  const [path = '', anchor] = decodeURIComponent(target).split('#', 2)
  const file = path === '' ? page : join(dirname(page), path)
  if (!existsSync(file)) return `${page}: ${target} does not exist`
  if (anchor === undefined || (statSync(file).isFile() && anchorsOf(file).has(anchor))) return undefined
  return `${page}: ${target} has no such heading`
}

describe('links of the documents', () => {
  it('were found at all', () => {
    assert.ok(within.length > 50)
  })

  it('within the repository lead to files and headings that exist', () => {
    assert.deepEqual(
      within.map(fault).filter((text) => text !== undefined),
      [],
    )
  })

  it('by a name are to places that their page names, all of them used', () => {
    const faults = pages().flatMap((page) => {
      const prose = proseOf(page)
      const named = new Set(
        [...prose.matchAll(/^\[([\w-]+)\]: https:\/\/\S+$/gm)].map(([, name = '']) => name),
      )
      const used = new Set([...prose.matchAll(/\]\[([\w-]+)\]/g)].map(([, name = '']) => name))
      return [
        ...[...used].filter((name) => !named.has(name)).map((name) => `${page}: ${name} is not named`),
        ...[...named].filter((name) => !used.has(name)).map((name) => `${page}: ${name} is not used`),
      ]
    })
    assert.deepEqual(faults, [])
  })

  it('to other places are encrypted, but for addresses of this machine', () => {
    const open = links.filter(({ target }) => /^http:\/\/(?!127\.0\.0\.1|localhost)/.test(target))
    assert.deepEqual(open, [])
  })
})
