// Runs the tests: all of them, or those whose path contains one of the arguments.
//   node test/run.mjs [PART_OF_PATH...]
// Files named *.long.test.ts run only when LUGSAIL_LONG_TESTS is set, or when named.
// Tests of the command run what is built, so it is built first when the sources are newer. With LUGSAIL_TEST_BUILT, as in `npm test`, the servers that are tested are the ones that were built, which start in a fraction of the time
// that the sources take; without it, the sources as they are now.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { buildWhenStale } from '../build/fresh.mjs'

/** Folders whose tests need what is built: `bin/lugsail`, the console. */
const RUNS_BUILT = /^test\/(?:cli|clients|console|fuzz|parity)\//

/** How long a file may take, and each test in it: one that hangs is told by name, and the others still run. */
const MS_MAX = 600_000
/** The same for long tests and other programs' clients, which install and build. */
const LONG_MS_MAX = 3_600_000
const IS_LONG = /^test\/clients\/|\.long\.test\.ts$/

const wanted = process.argv.slice(2)
const isChosen = (file) =>
  wanted.length > 0
    ? wanted.some((part) => file.includes(part))
    : !file.endsWith('.long.test.ts') || Boolean(process.env.LUGSAIL_LONG_TESTS)
const files = ['src', 'console', 'test']
  .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => `${folder}/${name}`))
  .filter((file) => file.endsWith('.test.ts') && isChosen(file))
  .sort()
if (files.length === 0) {
  console.error(`no test file matches ${wanted.join(', ')}`)
  process.exit(1)
}
if (process.env.LUGSAIL_TEST_BUILT || files.some((file) => RUNS_BUILT.test(file))) buildWhenStale()
// Of the clients, a run of everything starts those alone that are here.
const isLong =
  wanted.length > 0 ? files.some((file) => IS_LONG.test(file)) : Boolean(process.env.LUGSAIL_LONG_TESTS)
const { status } = spawnSync(
  process.execPath,
  [
    ...['--import', './build/typescript.mjs', '--test', '--test-concurrency=3'],
    `--test-timeout=${isLong ? LONG_MS_MAX : MS_MAX}`,
    ...files,
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, LUGSAIL_TEST_FRESH: '1' },
  },
)
process.exit(status ?? 1)
