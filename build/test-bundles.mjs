// Makes JavaScript of test files and of the sources that they import, with what several of them share apart. A process that runs it begins in a third of the
// time that one takes which asks a loader for each module.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '..')
/** In node_modules, so that packages are found from there, and where no other program's rules of ignoring files need to know of it. */
const CACHE = join(root, 'node_modules/.cache/lugsail')

/** The thread of digests is started by its file's name, beside the module that starts it. */
const THREAD = 'src/protocol/checksums/digest-thread.ts'
const STARTS_THREAD = 'src/protocol/checksums/threaded-digester.ts'

/** `import.meta` of a source stays that of the source: tests read what lies beside them. */
const placesOfSources = (folder) => ({
  name: 'places-of-sources',
  setup({ onLoad }) {
    onLoad({ filter: /\/(?:src|console|test)\/.*\.tsx?$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8')
      if (!contents.includes('import.meta.')) return undefined
      const place = relative(root, path) === STARTS_THREAD ? join(folder, 'threaded-digester.js') : path
      return {
        contents: contents
          .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(place).href))
          .replaceAll('import.meta.dirname', JSON.stringify(dirname(place))),
        loader: path.endsWith('x') ? 'tsx' : 'ts',
      }
    })
  },
})

/** Programs that tests start, as their sources are (test/harness/source-program.ts). */
const PROGRAMS = [
  'src/cli/main.ts',
  'src/server/main.ts',
  'test/crash/compaction/process.ts',
  'test/crash/server/lying-disk.ts',
  'test/crash/writer-process.ts',
  'test/robustness/divided-value-writer.ts',
  'test/robustness/many-commits.ts',
  'test/testing/unclosed-server.ts',
]

/** Bundles the test files and the programs that they start, until this process ends. A source's JavaScript has its path below `folder`, with another ending. Ends the process when that fails, with esbuild's words. */
export async function bundleTests(files) {
  const folder = join(CACHE, `tests-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  removeOld()
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  // Node would otherwise read each file twice to find out what it is.
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const built = await build({
    absWorkingDir: root,
    entryPoints: [
      ...[...files, ...PROGRAMS].map((file) => ({ in: file, out: file.replace(/\.ts$/, '') })),
      { in: THREAD, out: 'digest-thread' },
    ],
    outdir: folder,
    bundle: true,
    splitting: true,
    chunkNames: 'shared/[hash]',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
    jsx: 'automatic',
    // Errors and messages have the names of classes.
    keepNames: true,
    sourcemap: 'linked',
    metafile: true,
    logLevel: 'warning',
    plugins: [placesOfSources(folder)],
  }).catch(() => null)
  if (built === null) process.exit(1)
  return {
    folder,
    /** A test file's bundle. */
    bundled: (file) => join(folder, file.replace(/\.ts$/, '.js')),
    /** The test files, of those that were bundled, that a source is part of. */
    testsThatImport: (source) => files.filter((file) => importsOf(built.metafile.inputs, file).has(source)),
  }
}

function importsOf(inputs, file) {
  const found = new Set([file])
  for (const path of found)
    for (const { path: imported, external } of inputs[path]?.imports ?? []) if (!external) found.add(imported)
  return found
}

/** What a run left that was ended from outside. */
function removeOld() {
  for (const name of readdirSync(CACHE, { withFileTypes: true }).map(({ name }) => name)) {
    const pid = /^tests-(\d+)$/.exec(name)?.[1]
    if (pid !== undefined && !isRunning(Number(pid)))
      rmSync(join(CACHE, name), { recursive: true, force: true })
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}
