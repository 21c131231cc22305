// Builds dist/ when it is missing, or older than what it is made of: tests of the command never run yesterday's.
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
/** What a build writes last. */
const LAST_WRITTEN = resolve(root, 'dist/third-party-licences.txt')

const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** Whether the sources, or what builds them, changed since dist/ was built; true also when it never was. */
function isStale() {
  const builtAt = changedAt(LAST_WRITTEN)
  const inputs = ['src', 'console', 'build'].flatMap((folder) =>
    readdirSync(resolve(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map((entry) => resolve(entry.parentPath, entry.name)),
  )
  return [...inputs, resolve(root, 'package.json')].some((path) => changedAt(path) > builtAt)
}

/** Builds when that is needed. Ends the process with a line that says so when the build fails. */
export function buildWhenStale() {
  if (!isStale()) return
  console.error('dist/ is older than the sources: building it')
  const { status } = spawnSync(process.execPath, [resolve(root, 'build/bundle.mjs')], {
    stdio: 'inherit',
  })
  if (status === 0) return
  console.error('the build failed, so that no test of the command can run')
  process.exit(1)
}
