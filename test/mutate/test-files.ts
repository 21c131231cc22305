import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { coverageOf, type CoveredLines } from './coverage.ts'

/** A test file with what it covers. */
export interface TestFile {
  readonly path: string
  readonly lines: CoveredLines
  /** Lines of `src/` that it runs: the fewer, the closer it is to each. */
  readonly lineCount: number
  readonly durationMs: number
}

const IMPORT = /\bfrom\s+'(\.[^']+)'|\bimport\(?\s*'(\.[^']+)'/g
const CACHE_FOLDER = 'node_modules/.cache/lugsail-mutate'

/** Where tests run the sources in their own process, in seconds; those of other folders start servers, or take long. */
const TEST_FOLDERS = /^(?:src|test\/(?:auth|control|features|model|objects|s3))\//

/** Test files that may notice a fault in one of these sources. */
export function testFilesFor(sources: ReadonlySet<string>): string[] {
  return ['src', 'test']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
    )
    .filter((file) => TEST_FOLDERS.test(file) && file.endsWith('.test.ts') && !file.endsWith('.long.test.ts'))
    .filter((file) => [...reachedFrom(file)].some((reached) => sources.has(reached)))
    .sort()
}

/** The file and all that it imports, through any number of steps. */
function reachedFrom(file: string, reached = new Set<string>()): Set<string> {
  if (reached.has(file) || !existsSync(file)) return reached
  reached.add(file)
  for (const match of readFileSync(file, 'utf8').matchAll(IMPORT))
    reachedFrom(normalize(join(dirname(file), match[1] ?? match[2] ?? '')), reached)
  return reached
}

/** What a test file covers in the tree of `folder`; remembered as long as nothing that it imports changes. Null when the test fails. */
export async function measuredTestFile(folder: string, path: string): Promise<TestFile | null> {
  const hash = createHash('sha256')
  for (const file of [...reachedFrom(path)].sort()) hash.update(file).update(readFileSync(file))
  const cached = join(CACHE_FOLDER, `${hash.digest('hex')}.json`)
  if (existsSync(cached)) return JSON.parse(readFileSync(cached, 'utf8')) as TestFile
  const run = await coverageOf(folder, path)
  if (run === null) return null
  const { lines, durationMs } = run
  const lineCount = Object.values(lines).reduce((sum, numbers) => sum + numbers.length, 0)
  const measured = { path, lines, lineCount, durationMs }
  mkdirSync(CACHE_FOLDER, { recursive: true })
  writeFileSync(cached, JSON.stringify(measured))
  return measured
}

/** Those that run the line, the closest first: a test beside the file, then who runs the least besides. */
export function testsOfLine(all: readonly TestFile[], file: string, line: number): TestFile[] {
  const rank = ({ path, lineCount }: TestFile) => (dirname(path) === dirname(file) ? 0 : lineCount)
  return all
    .filter(({ lines }) => lines[file]?.includes(line) === true)
    .sort((a, b) => rank(a) - rank(b) || a.durationMs - b.durationMs)
}
