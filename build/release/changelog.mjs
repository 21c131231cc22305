// The release's part of CHANGELOG.md, out of the fragments in changelog/unreleased.
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a fragment's name ends with before `.md` → its heading; a name without such an end is a change. */
const HEADINGS = { added: 'Added', changed: 'Changed', fixed: 'Fixed' }
const NAME = /^(?<name>[^.]+)(?:\.(?<kind>added|changed|fixed))?\.md$/
const TITLE_END = '\n## '

/**
 * Moves the fragments below `root` to the folder of the version and puts its section, in front of the others, into CHANGELOG.md. Gives the section.
 * Throws where there is nothing to release, or a fragment's name tells nothing.
 */
export function releaseChangelog(root, version) {
  const from = join(root, 'changelog/unreleased')
  const fragments = readdirSync(from).map((file) => {
    const { name, kind = 'changed' } = NAME.exec(file)?.groups ?? {}
    if (name === undefined)
      throw new Error(`changelog/unreleased/${file}: expected NAME.md, NAME.added.md or NAME.fixed.md`)
    const [title] = readFileSync(join(from, file), 'utf8').split('\n', 1)
    return { file, name, kind, title: title.replace(/\.$/, '') }
  })
  if (fragments.length === 0) throw new Error('changelog/unreleased is empty: there is nothing to release')

  const names = fragments.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new Error(`changelog/unreleased: ${twice} is there twice, as two kinds`)

  const to = join(root, 'changelog', version)
  mkdirSync(to)
  for (const { file, name } of fragments) renameSync(join(from, file), join(to, `${name}.md`))
  const parts = Object.entries(HEADINGS).flatMap(([kind, heading]) => {
    const entries = fragments
      .filter((fragment) => fragment.kind === kind)
      .map(({ name, title }) => `- [${title}](changelog/${version}/${name}.md)`)
      .sort()
    return entries.length === 0 ? [] : [`### ${heading}\n\n${entries.join('\n')}`]
  })
  const section = `## ${version}\n\n${parts.join('\n\n')}\n`
  const file = join(root, 'CHANGELOG.md')
  const text = readFileSync(file, 'utf8')
  const at = text.indexOf(TITLE_END) + 1
  writeFileSync(file, `${text.slice(0, at)}${section}\n${text.slice(at)}`)
  return section
}
