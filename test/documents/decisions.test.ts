import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { it } from 'node:test'

const FOLDER = 'docs/decisions'

it('the index of decisions has each page once, by its title, in the order of the days', () => {
  const rows = [
    ...readFileSync(`${FOLDER}/README.md`, 'utf8').matchAll(
      /^\| (\d{4}-\d{2}-\d{2}) \| \[(.+)\]\(([^)]+)\) *\|$/gm,
    ),
  ].map(([, day = '', title = '', file = '']) => ({ day, title, file }))
  const pages = readdirSync(FOLDER)
    .filter((name) => name !== 'README.md')
    .map((file) => ({ title: /^# (.+)/.exec(readFileSync(`${FOLDER}/${file}`, 'utf8'))?.[1], file }))
  const byFile = (a: { file: string }, b: { file: string }): number => (a.file < b.file ? -1 : 1)
  assert.deepEqual(rows.map(({ title, file }) => ({ title, file })).sort(byFile), pages.sort(byFile))
  const days = rows.map(({ day }) => day)
  assert.deepEqual(days, days.toSorted())
})
