// Plants faults in copies of the tree, one at a time, and says which ones the tests do not notice.
//   npm run mutate -- [--sample N] [--seed N] [--only PATH]... [--again FILE] [--tests N] [--workers N] [--seconds N] [--noticed-min PERCENT] [--quick]
// `--sample 0` takes them all; `--tests` bounds how many test files are asked about each fault, the closest first; `--seconds` ends the run when so
// much time is gone, with the figures of what was tried, as Ctrl+C does. `--again` tries those that an earlier run wrote to FILE, and no others.
// `--quick` asks no test that starts a process: what rules are held near where they stand. With `--noticed-min` the run fails when fewer faults than that are noticed.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { SeededRandom } from '../seeded-random.ts'
import { CoverageMap } from './coverage-map.ts'
import { mutantsOf, type Mutant } from './mutants.ts'
import { acceptedSurvivors, survivorsIn, type Survivor } from './survivors.ts'
import { testFilesOf } from './test-files.ts'
import { TreeCopy } from './tree-copy.ts'
import { TypeCheck } from './type-check.ts'

/** Not rules but words, suites for engines, and what starts processes. */
const LEFT_OUT = [
  /\.test\.ts$/,
  /^src\/storage\/testing\//,
  /\/documentation(?:\/|\.ts$)/,
  /^src\/cli\/help\//,
  /\/main\.ts$/,
]
const SURVIVORS_FILE = 'mutation-survivors.json'
const SAMPLE = 200
const TESTS_MAX = 12
const CLOSEST = 3
/** Of each list so many times as many are looked at: a test file that never runs the line tells that only once it was measured. */
const LOOKS_PER_TEST = 3

const { values } = parseArgs({
  options: {
    sample: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string', multiple: true },
    again: { type: 'string' },
    tests: { type: 'string' },
    workers: { type: 'string' },
    seconds: { type: 'string' },
    'noticed-min': { type: 'string' },
    quick: { type: 'boolean' },
  },
})
const only = values.only ?? ['src']
const random = new SeededRandom(values.seed === undefined ? undefined : number('seed', values.seed))
const sampleSize = values.sample === undefined ? SAMPLE : number('sample', values.sample)
const testsMax = values.tests === undefined ? TESTS_MAX : number('tests', values.tests)
const workers = values.workers === undefined ? availableParallelism() : number('workers', values.workers)
const noticedMin = values['noticed-min'] === undefined ? 0 : number('noticed-min', values['noticed-min'])
let endsAtMs = values.seconds === undefined ? Infinity : Date.now() + number('seconds', values.seconds) * 1000
// Who ends a run early gets the figures of what was tried; who does it twice ends it at once.
process.once('SIGINT', () => (endsAtMs = 0))

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((name) => `src/${name}`)
  .filter((file) => file.endsWith('.ts') && !LEFT_OUT.some((pattern) => pattern.test(file)))
  .filter((file) => only.some((part) => file.startsWith(part)))
  .sort()
if (sources.length === 0) fail(`no source begins with ${only.join(' or ')}`)

const accepted = acceptedSurvivors()
const candidates = sources
  .flatMap((file) => mutantsOf(file, readFileSync(file, 'utf8')))
  .filter((mutant) => !accepted.has(mutant))
const earlier = values.again === undefined ? null : survivorsIn(values.again)
const sample = earlier ? candidates.filter((mutant) => earlier.has(mutant)) : sampled(candidates, sampleSize)
say(`${sample.length} of ${candidates.length} faults in ${sources.length} files; seed ${random.seed}`)

const copies = Array.from({ length: workers }, () => new TreeCopy())
/** Without a fault. */
const coverage = new CoverageMap(workers)
const types = new TypeCheck()
try {
  let [tried, byTypes] = [0, 0]
  /** What quick tests did not notice: shown to the others once all were tried, so that a run that ends early tells a lower bound of them all. */
  const left: Mutant[] = []
  await inParallel(sample, async (mutant, copy) => {
    if (Date.now() > endsAtMs) return
    const verdict = await copy.withMutant(mutant, () => quickVerdictOf(copy, mutant))
    tried += 1
    if (verdict === 'by-types') byTypes += 1
    if (verdict === 'unnoticed') left.push(mutant)
    if (tried % 10 === 0) say(`${tried} tried, ${left.length} not noticed by quick tests`)
  })
  const survivors: Mutant[] = []
  let notShown = 0
  await inParallel(left, async (mutant, copy) => {
    const isShown = values.quick !== true && Date.now() <= endsAtMs
    if (isShown && (await copy.withMutant(mutant, () => isNoticedOnTheWire(copy, mutant)))) return
    if (!isShown) notShown += 1
    survivors.push(mutant)
    say(`not noticed${isShown ? '' : ' by quick tests'}: ${mutant.file}:${mutant.line}: ${mutant.change}`)
  })
  report({ tried, byTypes, notShown }, survivors)
} finally {
  for (const copy of copies) copy.remove()
  coverage.remove()
}

type Verdict = 'by-tests' | 'by-types' | 'unnoticed'

/** Quick tests first, then the compiler: most faults come no further. */
async function quickVerdictOf(copy: TreeCopy, mutant: Mutant): Promise<Verdict> {
  const { unit } = testFilesOf(mutant.file)
  const close = unit.slice(0, testsMax)
  // Most faults are noticed by the closest of all.
  for (const some of [close.slice(0, CLOSEST), close.slice(CLOSEST)]) {
    const isNoticed = some.length > 0 && (await coverage.isNoticedTogether(copy, some))
    if (isNoticed ?? (await isNoticedBy(some, copy, mutant))) return 'by-tests'
  }
  return types.notices(mutant) ? 'by-types' : 'unnoticed'
}

/** Whether tests that start servers or commands notice it. */
function isNoticedOnTheWire(copy: TreeCopy, mutant: Mutant): Promise<boolean> {
  return isNoticedBy(testFilesOf(mutant.file).wire, copy, mutant)
}

/** Whether one of the tests that run the line of the fault fails, of so many of them as `--tests` says. */
async function isNoticedBy(
  testFiles: readonly string[],
  copy: TreeCopy,
  { file, line }: Mutant,
): Promise<boolean> {
  let asked = 0
  for (const path of testFiles.slice(0, testsMax * LOOKS_PER_TEST)) {
    const durationMs = await coverage.durationOf(path, file, line)
    if (durationMs === null) continue
    if (await coverage.isNoticedIn(copy, path, durationMs)) return true
    if (++asked === testsMax) return false
  }
  return false
}

function report(
  {
    tried,
    byTypes,
    notShown,
  }: { readonly tried: number; readonly byTypes: number; readonly notShown: number },
  unnoticed: readonly Mutant[],
): void {
  const survivors = [...unnoticed]
    .sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
    .map(({ file, line, code, change }): Survivor => ({ file, line, code, change, reason: '' }))
  writeFileSync(SURVIVORS_FILE, `${JSON.stringify(survivors, null, 2)}\n`)
  const noticed = tried - survivors.length
  if (100 * noticed < noticedMin * tried) process.exitCode = 1
  say(
    `${noticed} of ${tried} noticed (${((100 * noticed) / Math.max(tried, 1)).toFixed(1)} %), ` +
      `${byTypes} of them by types; ${notShown} of the others were shown to quick tests alone; survivors in ${SURVIVORS_FILE}; seed ${random.seed}`,
  )
}

/** So many by chance, each at most once; all of them for 0. */
function sampled(from: readonly Mutant[], size: number): Mutant[] {
  const left = [...from]
  if (size === 0) return left
  const chosen: Mutant[] = []
  while (chosen.length < size && left.length > 0) chosen.push(...left.splice(random.below(left.length), 1))
  return chosen
}

/** As many at a time as there are copies, each with a copy of its own. */
async function inParallel<T>(
  items: readonly T[],
  work: (item: T, copy: TreeCopy) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  await Promise.all(
    copies.map(async (copy) => {
      for (const item of queue) await work(item, copy)
    }),
  )
}

function number(name: string, text: string): number {
  if (!/^\d+$/.test(text)) fail(`--${name} takes a whole number, not ${text}`)
  return Number(text)
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
