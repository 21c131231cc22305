import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { coverageOf, type CoveredLines } from './coverage.ts'

/** A test file with what it covers. */
export interface TestFile {
  readonly path: string
  readonly lines: CoveredLines
  readonly durationMs: number
}

const IMPORT = /\bfrom\s+'(\.[^']+)'|\bimport\(?\s*'(\.[^']+)'/g
const CACHE_FOLDER = 'node_modules/.cache/lugsail-mutate'

/** Where tests run the sources in their own process, in seconds; those of other folders start servers, or take long. */
const TEST_FOLDERS = /^(?:src|test\/(?:auth|control|features|model|objects|s3))\//

/** Those that start no server, and so answer soonest: asked before the others. */
const SOON = /^(?:src|test\/(?:auth|objects))\//

/** Test files that may notice a fault in a source: the soonest first, and of them the one that reaches it through the fewest imports. */
export function testFilesOf(source: string): string[] {
  const reached = testFiles().flatMap((path) => {
    const steps = stepsFrom(path).get(source)
    return steps === undefined ? [] : [{ path, steps }]
  })
  return reached
    .sort(
      (a, b) =>
        Number(SOON.test(b.path)) - Number(SOON.test(a.path)) ||
        a.steps - b.steps ||
        a.path.localeCompare(b.path),
    )
    .map(({ path }) => path)
}

function testFiles(): string[] {
  return ['src', 'test']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
    )
    .filter((file) => TEST_FOLDERS.test(file) && file.endsWith('.test.ts') && !file.endsWith('.long.test.ts'))
}

const steps = new Map<string, ReadonlyMap<string, number>>()

/** The file and all that it imports, each with the steps that lead there. */
function stepsFrom(file: string): ReadonlyMap<string, number> {
  const known = steps.get(file)
  if (known) return known
  const reached = new Map([[file, 0]])
  // A map gives also what is put into it on the way.
  for (const [from, count] of reached)
    for (const next of importsOf(from)) if (!reached.has(next)) reached.set(next, count + 1)
  steps.set(file, reached)
  return reached
}

const imports = new Map<string, readonly string[]>()

function importsOf(file: string): readonly string[] {
  const known = imports.get(file)
  if (known) return known
  const found = [...readFileSync(file, 'utf8').matchAll(IMPORT)]
    .map((match) => normalize(join(dirname(file), match[1] ?? match[2] ?? '')))
    .filter((path) => existsSync(path))
  imports.set(file, found)
  return found
}

/** What a test file covers in the tree of `folder`; remembered as long as nothing that it imports changes. Null when the test fails. */
export async function measuredTestFile(folder: string, path: string): Promise<TestFile | null> {
  const hash = createHash('sha256')
  for (const file of [...stepsFrom(path).keys()].sort()) hash.update(file).update(readFileSync(file))
  const cached = join(CACHE_FOLDER, `${hash.digest('hex')}.json`)
  if (existsSync(cached)) return JSON.parse(readFileSync(cached, 'utf8')) as TestFile
  const run = await coverageOf(folder, path)
  if (run === null) return null
  const measured = { path, ...run }
  mkdirSync(CACHE_FOLDER, { recursive: true })
  writeFileSync(cached, JSON.stringify(measured))
  return measured
}
