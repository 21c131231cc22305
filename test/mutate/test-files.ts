import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { SharedWords } from './shared-words.ts'

const IMPORT = /\bfrom\s+'(\.[^']+)'|\bimport\(?\s*'(\.[^']+)'/g

const COMMAND = 'src/cli/main.ts'

/** What a file runs in a process of its own, beside what it imports. */
const STARTS: Readonly<Record<string, readonly string[]>> = {
  'test/harness/server-command.ts': ['src/server/main.ts'],
  'test/harness/executable.ts': [COMMAND, 'src/server/main.ts'],
}

/** Their subject is the sources' text, the documents or the tests, or they ask other programs: they would notice any change, or none. */
const NOT_ASKED = /^test\/(?:documents|drills|fuzz|mutate|parity|clients)\/|^test\/[^/]+$/

/** Take long, and are of one part each: asked only about sources whose paths share a word with theirs. */
const OF_ONE_PART = /^test\/(?:backup|cluster|crash|races|robustness|simulation)\//

/** Tests of the pages, in a browser: asked only about what serves those. */
const OF_CONSOLE = /^test\/console\//

/** Work on the sources as they are, in their own process, a server included. */
const UNIT = /^(?:src|test\/(?:auth|objects|s3|control(?!\/boto3)))\//
/** `lugsail serve`, `lugsail account` and the like. */
const SERVER_COMMANDS = /^src\/server\/commands\//
/** Run `bin/lugsail`, and so what was built. */
const RUNS_BUILT = /^test\/cli\//
/** Words that nearly every path has. */
const EVERYWHERE = new Set(['src', 'test', 'ts', 'index', 's3', 'service', 'operations', 'request', 'of'])

/** Whether a test file tests what is built of the sources, not the sources. */
export const runsBuilt = (path: string): boolean => RUNS_BUILT.test(path)

/** Test files to ask about a source, each list in the order in which it is asked: those first that are about the same, by their words (shared-words.ts). */
export interface AskedTestFiles {
  /** Start no process, and so answer within a second or two: those that import the source, then the others. */
  readonly unit: readonly string[]
  /** Start servers in processes of their own, then those of the command. */
  readonly wire: readonly string[]
}

/** Test files whose processes may load a source. Those of the command, which need a build, are asked only about what the command loads. */
export function testFilesOf(source: string): AskedTestFiles {
  const pathWords = wordsOf(source)
  const isOfCommand = stepsFrom(COMMAND).has(source) || SERVER_COMMANDS.test(source)
  const reaching = testFiles().flatMap((path) => {
    const count = stepsFrom(path).get(source)
    if (count === undefined || (runsBuilt(path) && !isOfCommand)) return []
    const shared = [...wordsOf(path)].filter((word) => pathWords.has(word)).length
    if (shared === 0 && OF_ONE_PART.test(path)) return []
    if (OF_CONSOLE.test(path) && !pathWords.has('console')) return []
    const isUnit = UNIT.test(path)
    const rank = isUnit ? Number(count > 1 && path !== besideOf(source)) : Number(runsBuilt(path))
    return [{ path, isUnit, rank, likeness: sharedWords().likeness(source, path) }]
  })
  reaching.sort((a, b) => a.rank - b.rank || b.likeness - a.likeness || a.path.localeCompare(b.path))
  const paths = (isUnit: boolean): string[] =>
    reaching.filter((each) => each.isUnit === isUnit).map(({ path }) => path)
  return { unit: paths(true), wire: paths(false) }
}

/** Where the test of a source lies, if it has one. */
const besideOf = (source: string): string => source.replace(/\.ts$/, '.test.ts')

let words: SharedWords | undefined

const sharedWords = (): SharedWords => (words ??= new SharedWords(testFiles(), suitesOf))

/** What a test file runs that others run as well, elsewhere: its tests stand there. */
const suitesOf = (testFile: string): readonly string[] =>
  loadedBy(testFile).filter((path) => path.endsWith('-suite.ts'))

let found: readonly string[] | undefined

function testFiles(): readonly string[] {
  found ??= ['src', 'test']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
    )
    .filter((file) => file.endsWith('.test.ts') && !file.endsWith('.long.test.ts') && !NOT_ASKED.test(file))
  return found
}

/** Lower-case words of a path, in the singular. */
const wordsOf = (path: string): ReadonlySet<string> =>
  new Set(
    path
      .split(/[/.-]/)
      .map((word) => word.replace(/(?<=...)s$/, ''))
      .filter((word) => !EVERYWHERE.has(word)),
  )

const steps = new Map<string, ReadonlyMap<string, number>>()

/** The file and all that its processes load, each with the steps that lead there. */
export function stepsFrom(file: string): ReadonlyMap<string, number> {
  const known = steps.get(file)
  if (known) return known
  const reached = new Map([[file, 0]])
  // A map gives also what is put into it on the way.
  for (const [from, count] of reached)
    for (const next of loadedBy(from)) if (!reached.has(next)) reached.set(next, count + 1)
  steps.set(file, reached)
  return reached
}

const loaded = new Map<string, readonly string[]>()

function loadedBy(file: string): readonly string[] {
  const known = loaded.get(file)
  if (known) return known
  const found = [...readFileSync(file, 'utf8').matchAll(IMPORT)]
    .map((match) => normalize(join(dirname(file), match[1] ?? match[2] ?? '')))
    .concat(STARTS[file] ?? [])
    .filter((path) => existsSync(path))
  loaded.set(file, found)
  return found
}
