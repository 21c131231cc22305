// Follows each link between the pages that were built, headings included; ends with 1 when one leads nowhere.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const DIST = fileURLToPath(new URL('.vitepress/dist/', import.meta.url))
const BASE = process.env.LUGSAIL_SITE_BASE ?? '/'

const pages = new Map(
  readdirSync(DIST, { recursive: true })
    .filter((file) => file.endsWith('.html'))
    .map((file) => [file.replaceAll('\\', '/'), readFileSync(join(DIST, file), 'utf8')]),
)
const idsOf = new Map([...pages].map(([page, html]) => [page, new Set(valuesOf(html, 'id'))]))

const broken = []
let followed = 0
for (const [page, html] of pages)
  for (const href of new Set([...valuesOf(html, 'href'), ...valuesOf(html, 'src')])) {
    if (/^([a-z]+:|\/\/)/.test(href) || href === '') continue
    followed += 1
    const [path, anchor = ''] = decodeURIComponent(href).split('#', 2)
    const file = path === '' ? page : fileOf(path, page)
    if (!existsSync(join(DIST, file)) || !statSync(join(DIST, file)).isFile())
      broken.push(`${page}: ${href} does not exist`)
    else if (anchor !== '' && idsOf.get(file)?.has(anchor) !== true)
      broken.push(`${page}: ${href} has no such heading`)
  }

for (const line of broken) console.error(line)
console.log(`${pages.size} pages, ${followed} links between them, ${broken.length} lead nowhere`)
process.exitCode = broken.length > 0 || pages.size === 0 ? 1 : 0

function fileOf(path, page) {
  const whole = path.startsWith(BASE) ? path.slice(BASE.length) : posix.join(posix.dirname(page), path)
  if (whole === '' || whole.endsWith('/')) return `${whole}index.html`
  return posix.extname(whole) === '' ? `${whole}.html` : whole
}

function valuesOf(html, attribute) {
  return [...html.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, 'g'))].map(([, value]) =>
    value.replaceAll('&amp;', '&'),
  )
}
