import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { coverageOf, type CoveredLines } from './coverage.ts'
import { runTestFile, type TestRun } from './run-test-file.ts'
import { runsBuilt, stepsFrom } from './test-files.ts'
import { TreeCopy } from './tree-copy.ts'
import { runBundled } from './unit-bundle.ts'

/** What is known of a test file. */
interface Measurement {
  /** Of the test file, and of each file that its processes may load, as they were measured. */
  readonly digests: Readonly<Record<string, string>>
  readonly lines: CoveredLines
  readonly durationMs: number
}

type RunTests = (copy: TreeCopy, timeLimitMs: number) => Promise<TestRun>

const CACHE_FOLDER = 'node_modules/.cache/lugsail-mutate'
const SOUND_LIMIT_MS = 300_000
/** A fault may make a test slower; this much slower is as good as wrong. */
const SLOWNESS_MAX = 5
const TIME_LIMIT_MS_MIN = 20_000
/** What several unit tests take as one program, about, also on a machine that has much to do. */
const BUNDLED_DURATION_MS = 15_000
/** What a test file of the command takes, about. */
const BUILT_DURATION_MS = 30_000

/**
 * Which test files run which lines, and how long they take: measured once, in copies without a fault, and remembered for later runs. What was
 * measured of a source stays true as long as neither it nor the test file changes.
 */
export class CoverageMap {
  readonly #copies: readonly TreeCopy[]
  readonly #free: TreeCopy[]
  readonly #waiting: ((copy: TreeCopy) => void)[] = []
  readonly #cached = new Map<string, Measurement | null>()
  readonly #measured = new Map<string, Promise<Measurement | null>>()
  readonly #sound = new Map<string, Promise<boolean>>()
  /** How test files of a list, as one program, run without a fault. */
  readonly #bundled = new Map<string, Promise<TestRun>>()
  /** Test files that passed in such a program. */
  readonly #passing = new Set<string>()

  /** With so many copies of the tree: as many test files are measured at a time. */
  constructor(copies: number) {
    this.#copies = Array.from({ length: copies }, () => new TreeCopy())
    this.#free = [...this.#copies]
  }

  /**
   * How long a test file takes that runs the line; null when it does not, or fails without a fault. Tests of the command are not measured: each of their commands
   * would have to be run from the sources, which takes longer than to ask some that do not run the line.
   */
  async durationOf(path: string, file: string, line: number): Promise<number | null> {
    if (runsBuilt(path)) return BUILT_DURATION_MS
    const cached = this.#readCached(path)
    const measured = cached && isCurrent(cached, path, file) ? cached : await this.#measure(path)
    return measured?.lines[file]?.includes(line) === true ? measured.durationMs : null
  }

  /** Whether the test file fails in the copy with a fault, or hangs there, and passes without it. `durationMs` is how long it takes without. */
  async isNoticedIn(copy: TreeCopy, path: string, durationMs: number): Promise<boolean> {
    const run: RunTests = (at, timeLimitMs) => runIn(at, path, timeLimitMs)
    return await ((await this.#differs(copy, run, durationMs)) && this.#isSound(path))
  }

  /** The same of several test files that start nothing, as one program; null when they do not pass without a fault that way. */
  async isNoticedTogether(copy: TreeCopy, paths: readonly string[]): Promise<boolean | null> {
    const run: RunTests = (at, timeLimitMs) => runBundled(at.folder, paths, timeLimitMs)
    if (!paths.every((path) => this.#passing.has(path))) {
      const sound = await once(this.#bundled, paths.join(), () =>
        this.#withCopy((at) => run(at, SOUND_LIMIT_MS)),
      )
      if (sound.outcome !== 'passed') return null
      for (const path of paths) this.#passing.add(path)
    }
    return await this.#differs(copy, run, BUNDLED_DURATION_MS)
  }

  /**
   * Whether tests fail in the copy with a fault, or hang there. A time-out says nothing as long as the machine may be the one that is slow: the same tests are
   * then run without the fault, and given a multiple of what that took.
   */
  async #differs(copy: TreeCopy, run: RunTests, durationMs: number): Promise<boolean> {
    const { outcome, durationMs: lastedMs } = await run(copy, timeLimitOf(durationMs))
    if (outcome !== 'out-of-time') return outcome === 'failed'
    const sound = await this.#withCopy((at) => run(at, SOUND_LIMIT_MS))
    if (sound.outcome !== 'passed') return false
    const timeLimitMs = timeLimitOf(sound.durationMs)
    return timeLimitMs <= lastedMs || (await run(copy, timeLimitMs)).outcome !== 'passed'
  }

  /** Whether the test file passes without a fault, asked once: one that always fails would notice anything. */
  #isSound(path: string): Promise<boolean> {
    return once(this.#sound, path, () =>
      this.#withCopy(async (copy) => (await runIn(copy, path, SOUND_LIMIT_MS)).outcome === 'passed'),
    )
  }

  /** Removes the copies. */
  remove(): void {
    for (const copy of this.#copies) copy.remove()
  }

  #readCached(path: string): Measurement | null {
    const known = this.#cached.get(path)
    if (known !== undefined) return known
    const file = cacheFileOf(path)
    const read = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Measurement) : null
    this.#cached.set(path, read)
    return read
  }

  #measure(path: string): Promise<Measurement | null> {
    return once(this.#measured, path, () =>
      this.#withCopy(async (copy) => {
        const covered = await coverageOf(copy, path)
        if (covered === null) return null
        this.#sound.set(path, Promise.resolve(true))
        const digests = Object.fromEntries([...stepsFrom(path).keys()].map((name) => [name, digestOf(name)]))
        const measurement: Measurement = { digests, ...covered }
        mkdirSync(CACHE_FOLDER, { recursive: true })
        writeFileSync(cacheFileOf(path), JSON.stringify(measurement))
        return measurement
      }),
    )
  }

  async #withCopy<T>(use: (copy: TreeCopy) => Promise<T>): Promise<T> {
    const copy = this.#free.pop() ?? (await new Promise<TreeCopy>((resolve) => this.#waiting.push(resolve)))
    try {
      return await use(copy)
    } finally {
      const next = this.#waiting.shift()
      if (next) next(copy)
      else this.#free.push(copy)
    }
  }
}

/** Runs a test file in a copy as it is: what it starts is built first where the test is of what is built. */
async function runIn(copy: TreeCopy, path: string, timeLimitMs: number): Promise<TestRun> {
  if (runsBuilt(path) && !copy.useBuilt()) return { outcome: 'failed', durationMs: 0 }
  return await runTestFile(copy.folder, path, { timeLimitMs })
}

const timeLimitOf = (durationMs: number): number => Math.max(TIME_LIMIT_MS_MIN, durationMs * SLOWNESS_MAX)

const isCurrent = ({ digests }: Measurement, path: string, file: string): boolean =>
  digests[path] === digestOf(path) && digests[file] === digestOf(file)

const cacheFileOf = (path: string): string => `${CACHE_FOLDER}/${path.replaceAll('/', '+')}.json`

const digests = new Map<string, string>()

function digestOf(file: string): string {
  const known =
    digests.get(file) ?? createHash('sha256').update(readFileSync(file)).digest('base64url').slice(0, 16)
  digests.set(file, known)
  return known
}

function once<T>(results: Map<string, Promise<T>>, name: string, start: () => Promise<T>): Promise<T> {
  const known = results.get(name) ?? start()
  results.set(name, known)
  return known
}
