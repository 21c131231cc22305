import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { addressOf } from './pages.mjs'

const { homepage } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
/** Where the repository can be read, for links to its files; without it they are texts. `https://host/owner/name/blob/main`. */
const FILES = process.env.LUGSAIL_SITE_FILES ?? (homepage === undefined ? undefined : `${homepage}/blob/main`)

/**
 * A plugin of markdown-it: links between the repository's files become links between the site's pages; those to files that are no pages lead
 * to the repository, or are texts where that has no address. A link to what is not there fails the build.
 */
export function repositoryLinks(md, { repository }) {
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    const page = env.realPath ?? env.path
    const folder = posix.dirname(page.slice(repository.length))
    for (const { type, children } of tokens) if (type === 'inline') followLinks(children, folder)
    for (const token of tokens)
      for (const html of [token, ...(token.children ?? [])])
        if (html.type === 'html_block' || html.type === 'html_inline')
          html.content = html.content.replace(
            /\b(src|srcset)="(?![a-z]+:|\/)([^"]+)"/g,
            (_, attribute, target) => `${attribute}="./${posix.normalize(target)}"`,
          )
  })

  function followLinks(children, folder) {
    /** Whether each open link stays one. */
    const kept = []
    for (const token of children) {
      if (token.type === 'link_open') {
        const target = siteTarget(token.attrGet('href'), folder)
        kept.push(target !== undefined)
        if (target === undefined) hide(token)
        else token.attrSet('href', target)
      } else if (token.type === 'link_close' && kept.pop() === false) hide(token)
    }
  }

  /** The address in the site, or undefined for a file that the site does not have. Throws for one that is not there. */
  function siteTarget(href, folder) {
    if (/^([a-z]+:|\/|#)/.test(href)) return href
    const [path, anchor] = decodeURIComponent(href).split('#', 2)
    const file = posix.normalize(posix.join(folder, path)).replace(/\/$/, '')
    if (!existsSync(join(repository, file)))
      throw new Error(`${folder}: a link leads to ${href}, which does not exist`)
    const suffix = anchor === undefined ? '' : `#${anchor}`
    const page = isFolder(file) ? join(file, 'README.md') : file
    if (isPage(page)) return `/${addressOf(page)}${suffix}`
    return FILES === undefined ? undefined : `${FILES}/${file}${suffix}`
  }

  const isFolder = (file) => statSync(join(repository, file)).isDirectory()

  /** Pages of the site: those in `docs/` and its folders, and those right in the repository's root and `benchmarks/`. */
  const isPage = (file) =>
    file.endsWith('.md') &&
    existsSync(join(repository, file)) &&
    (file.startsWith('docs/') || ['.', 'benchmarks'].includes(dirname(file)))
}

function hide(token) {
  token.type = 'text'
  token.tag = ''
  token.content = ''
  token.attrs = null
  token.nesting = 0
}
