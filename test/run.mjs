// Runs the tests: all of them, or those whose path contains one of the arguments.
//   node test/run.mjs [PART_OF_PATH...]
// Files named *.long.test.ts run only when LUGSAIL_LONG_TESTS is set, or when named.
// Tests of the command run what is built, so it is built first when the sources are newer. With LUGSAIL_TEST_BUILT, as in `npm test`, the servers that are tested are the ones that were built, which start in a fraction of the time
// that the sources take; without it, the sources as they are now.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buildWhenStale } from '../build/fresh.mjs'
import { sharedProcesses } from '../build/shared-processes.mjs'
import { bundleTests } from '../build/test-bundles.mjs'

/** Folders whose tests need what is built: `bin/lugsail`, the console. */
const RUNS_BUILT = /^test\/(?:cli|clients|console|fuzz|parity|testing)\//

/** How long a file may take, and each test in it: one that hangs is told by name, and the others still run. */
const MS_MAX = 1_800_000
/** The same for long tests and other programs' clients, which install and build. */
const LONG_MS_MAX = 3_600_000
const IS_LONG = /^test\/clients\/|\.long\.test\.ts$/

/** More files than these do not fail by chance. */
const SECOND_TRIES_MAX = 5

/** The program that runs the test files of a folder. Node sorts what it runs: these come first, since they are the longest. */
const programName = (group) => `_shared/${group.replaceAll('/', '+')}.test`

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

const { bundled, folder: bundles, testsThatImport } = await bundleTests(files)

const first = runFiles(files, 3)
let { failedFiles, unsteady } =
  first.status === 0 ? { failedFiles: [], unsteady: [] } : whichFailed(first.failed)
// Continuous integration runs on machines that others share: a test that failed there has a second try, alone. What needed it is told by name, since it is a fault of the test or a race of the product that somebody must find.
const mayTryAgain =
  Boolean(process.env.CI) &&
  failedFiles.length + unsteady.length > 0 &&
  failedFiles.length <= SECOND_TRIES_MAX &&
  first.status === 1
if (mayTryAgain) {
  if (failedFiles.length > 0) console.log(`\nfailed, and tried again alone:\n${lines(failedFiles)}\n`)
  const again = failedFiles.filter((file) => runFiles([file], 1).status !== 0)
  unsteady.push(...failedFiles.filter((file) => !again.includes(file)))
  failedFiles = again
  if (unsteady.length > 0) console.log(`\nUNSTEADY, failed once and passed alone:\n${lines(unsteady)}`)
} else failedFiles.push(...unsteady.map((name) => `${name} (passed alone)`))
if (failedFiles.length > 0) console.log(`\nFAILED:\n${lines(failedFiles)}`)
const isGood = first.status === 0 || (mayTryAgain && failedFiles.length === 0)
const { passed, failed, skipped } = first.counts
const failures = isGood ? 0 : Math.max(failed, 1)
console.log(`\n${passed + failed - failures} passed, ${failures} failed, ${skipped} skipped`)
process.exit(isGood ? 0 : 1)

function lines(names) {
  return names.map((name) => `  ${name}`).join('\n')
}

/**
 * Runs the files, so many processes at a time, and tells how it ended: the exit status, the counts, and the places of the tests that failed: a test file, a
 * source that it has a rule from, or the program that stands for several files.
 */
function runFiles(chosen, concurrency) {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-run-'))
  const counts = join(folder, 'counts.json')
  const { groups, alone } = sharedProcesses(chosen)
  const { status } = spawnSync(
    process.execPath,
    [
      ...['--enable-source-maps', '--test', `--test-concurrency=${concurrency}`],
      `--test-timeout=${isLong ? LONG_MS_MAX : MS_MAX}`,
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      ...['--test-reporter=./test/report-counts.mjs', `--test-reporter-destination=${counts}`],
      ...[...groups].map(([group, members]) => programOf(group, members)),
      ...alone.map(bundled),
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
    return { status: status ?? 1, counts: { passed: 0, failed: 0, skipped: 0 }, failed: [] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function programOf(group, members) {
  const program = join(bundles, `${programName(group)}.js`)
  mkdirSync(dirname(program), { recursive: true })
  writeFileSync(program, members.map((file) => `import ${JSON.stringify(bundled(file))}\n`).join(''))
  return program
}

/** The test files that failed, by the places of their tests. Where one place may be of several, each is run alone; those of which none fails then are unsteady together. */
function whichFailed(places) {
  const failedFiles = places.filter((place) => files.includes(place))
  const unsteady = []
  for (const place of places.filter((other) => !files.includes(other))) {
    const suspects = suspectsAt(place).filter((file) => !failedFiles.includes(file))
    if (suspects.length > 1) console.log(`\n${place}: tried again one by one, to find out which failed\n`)
    const failing =
      suspects.length > 1 ? suspects.filter((file) => runFiles([file], 1).status !== 0) : suspects
    failedFiles.push(...failing)
    if (failing.length === 0) unsteady.push(place)
  }
  return { failedFiles: [...new Set(failedFiles)].sort(), unsteady }
}

function suspectsAt(place) {
  const shared = [...sharedProcesses(files).groups].find(([group]) => place === `${programName(group)}.ts`)
  return shared?.[1] ?? testsThatImport(place)
}
