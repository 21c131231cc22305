import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { describe, it } from 'node:test'

const FOLDER = 'changelog'
const UNRELEASED = 'unreleased'
const fragmentsOf = (version: string): string[] =>
  existsSync(`${FOLDER}/${version}`)
    ? readdirSync(`${FOLDER}/${version}`).map((name) => `${FOLDER}/${version}/${name}`)
    : []
const versions = readdirSync(FOLDER).filter(
  (name) => name !== UNRELEASED && statSync(`${FOLDER}/${name}`).isDirectory(),
)
const firstLineOf = (file: string): string => readFileSync(file, 'utf8').split('\n', 1)[0] ?? ''

describe('what changed', () => {
  it('is told in fragments that say it in a line, an empty line and some sentences', () => {
    for (const file of [UNRELEASED, ...versions].flatMap(fragmentsOf))
      assert.match(readFileSync(file, 'utf8'), /^\S[^\n]*\n\n\S/, file)
  })

  for (const version of versions)
    it(`in ${version} has an entry of CHANGELOG.md for each fragment, under that version`, () => {
      const [, section = ''] = readFileSync('CHANGELOG.md', 'utf8').split(`\n## ${version}\n`)
      const entries = [...(section.split('\n## ', 1)[0] ?? '').matchAll(/^- \[(.+)\]\(([^)]+)\)$/gm)]
      assert.deepEqual(
        entries.map(([, text = '', file = '']) => [file, text]).sort(),
        fragmentsOf(version)
          .map((file) => [file, firstLineOf(file).replace(/\.$/, '')])
          .sort(),
      )
    })

  it('has a version for the one of package.json', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string }
    assert.ok(versions.includes(version))
  })
})
