// Runs the tests: all of them, or those whose path contains one of the arguments.
//   node test/run.mjs [PART_OF_PATH...]
// Files named *.long.test.ts run only when LUGSAIL_LONG_TESTS is set, or when named.
// Tests of the command run what is built, so it is built first when the sources are newer. With LUGSAIL_TEST_BUILT, as in `npm test`, the servers that are tested are the ones that were built, which start in a fraction of the time
// that the sources take; without it, the sources as they are now.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWhenStale } from '../build/fresh.mjs'
import { bundleTests } from '../build/test-bundles.mjs'

/** Folders whose tests need what is built: `bin/lugsail`, the console. */
const RUNS_BUILT = /^test\/(?:cli|clients|console|fuzz|parity|testing)\//

/** How long a file may take, and each test in it: one that hangs is told by name, and the others still run. */
const MS_MAX = 600_000
/** The same for long tests and other programs' clients, which install and build. */
const LONG_MS_MAX = 3_600_000
const IS_LONG = /^test\/clients\/|\.long\.test\.ts$/

/** More files than these do not fail by chance. */
const SECOND_TRIES_MAX = 5

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

const { bundled, folder: bundles } = await bundleTests(files)

const first = runFiles(files, 3)
let failedFiles = first.failedFiles
// Continuous integration runs on machines that others share: a test that failed there has a second try, alone. What needed it is told by name, since it is a fault of the test or a race of the product that somebody must find.
const mayTryAgain =
  Boolean(process.env.CI) &&
  failedFiles.length > 0 &&
  failedFiles.length <= SECOND_TRIES_MAX &&
  first.status === 1
if (mayTryAgain) {
  console.log(`\nfailed, and tried again alone:\n${failedFiles.map((file) => `  ${file}`).join('\n')}\n`)
  failedFiles = failedFiles.filter((file) => runFiles([file], 1).status !== 0)
  const unsteady = first.failedFiles.filter((file) => !failedFiles.includes(file))
  if (unsteady.length > 0)
    console.log(
      `\nUNSTEADY, failed once and passed alone:\n${unsteady.map((file) => `  ${file}`).join('\n')}`,
    )
}
if (failedFiles.length > 0) console.log(`\nFAILED:\n${failedFiles.map((file) => `  ${file}`).join('\n')}`)
const isGood = first.status === 0 || (mayTryAgain && failedFiles.length === 0)
const failed = isGood ? 0 : Math.max(first.failed, 1)
console.log(`\n${first.passed + first.failed - failed} passed, ${failed} failed, ${first.skipped} skipped`)
process.exit(isGood ? 0 : 1)

/** Runs the files, so many at a time, and tells how it ended: the exit status, the counts and the files in which a test failed. */
function runFiles(chosen, concurrency) {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-run-'))
  const counts = join(folder, 'counts.json')
  const { status } = spawnSync(
    process.execPath,
    [
      ...['--enable-source-maps', '--test', `--test-concurrency=${concurrency}`],
      `--test-timeout=${isLong ? LONG_MS_MAX : MS_MAX}`,
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      ...['--test-reporter=./test/report-counts.mjs', `--test-reporter-destination=${counts}`],
      ...chosen.map(bundled),
    ],
    {
      stdio: 'inherit',
      env: { ...process.env, LUGSAIL_TEST_FRESH: '1', LUGSAIL_TEST_BUNDLES: bundles },
    },
  )
  try {
    return { status, ...JSON.parse(readFileSync(counts, 'utf8')) }
  } catch {
    // The runner itself came to an end.
    return { status: status ?? 1, passed: 0, failed: 0, skipped: 0, failedFiles: [] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
