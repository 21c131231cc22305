import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Folders that hold pages for readers, besides those of the repository's root. */
const FOLDERS = ['docs', 'changelog', 'benchmarks', '.github']

/** Every page in Markdown that a reader of the repository may open, relative to its root. */
export function pages(): string[] {
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  return [...readdirSync('.'), ...inFolders].filter((name) => name.endsWith('.md')).sort()
}

/** The text of a page without its code blocks and code spans, in which nothing is a link or a heading. */
export function proseOf(page: string): string {
  return readFileSync(page, 'utf8')
    .replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1$/gm, '')
    .replace(/`[^`\n]*`/g, '')
}

/** The anchors that the repository's host makes of a page's headings. */
export function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>()
  const text = readFileSync(page, 'utf8').replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1$/gm, '')
  for (const [, heading = ''] of text.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
      .replaceAll(' ', '-')
    let name = slug
    for (let count = 1; anchors.has(name); count += 1) name = `${slug}-${count}`
    anchors.add(name)
  }
  return anchors
}
