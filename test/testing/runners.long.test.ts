/** As shown.test.ts, for runners that come from a registry. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ShownPrograms } from './shown.ts'

let shown: ShownPrograms
/** A runner looks for its own packages from where it lies. */
let runners = ''
before(() => {
  shown = new ShownPrograms()
  runners = join(shown.folder.path, 'runners')
  mkdirSync(runners)
  for (const file of ['package.json', 'package-lock.json'])
    copyFileSync(join('test/testing/runners', file), join(runners, file))
  const { status, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: runners,
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
})
after(() => shown.folder.remove())

const program = (path: string): string => join(runners, 'node_modules', path)

describe('what docs/testing-with-lugsail.md shows of other runners', () => {
  it('runs with vitest', () => {
    // It is imported by the test as well.
    shown.link(program('vitest'))
    shown.run(
      process.execPath,
      [program('vitest/vitest.mjs'), 'run', '--no-color', 'photos.vitest.test.mjs'],
      /Tests\s+1 passed/,
    )
  })

  it('runs with jest', () => {
    shown.run(
      process.execPath,
      [program('jest/bin/jest.js'), '--json', '--config={"testMatch":["**/photos.jest.test.cjs"]}'],
      /"numPassedTests":1\b/,
    )
  })

  it('runs with mocha', () => {
    shown.run(process.execPath, [program('mocha/bin/mocha.js'), 'photos.mocha.mjs'], /^\s+1 passing/m)
  })
})
