import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { runTestFile, type TestRun } from './run-test-file.ts'

const BUNDLE = 'unit-tests.mjs'

/**
 * Runs test files of the tree in `folder` as one program, built in memory of all that they import: it starts in a tenth of the time that they take one by one.
 * What cannot be built has failed.
 */
export async function runBundled(
  folder: string,
  testFiles: readonly string[],
  timeLimitMs: number,
): Promise<TestRun> {
  try {
    await build({
      absWorkingDir: folder,
      stdin: {
        contents: testFiles.map((path) => `import './${path}'`).join('\n'),
        resolveDir: folder,
        loader: 'ts',
      },
      outfile: join(folder, BUNDLE),
      bundle: true,
      // Two classes of one name are told apart by another one otherwise, and tests look at names.
      keepNames: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      loader: { '.sql': 'text' },
      plugins: [ownUrls],
      logLevel: 'silent',
    })
  } catch {
    return { outcome: 'failed', durationMs: 0 }
  }
  // A thread is a file of its own, which nothing has made JavaScript of.
  const startsThreads = readFileSync(join(folder, BUNDLE), 'utf8').includes('new Worker(')
  return await runTestFile(folder, BUNDLE, { timeLimitMs, isBundled: !startsThreads })
}

/** Each file still finds what lies beside it. */
const ownUrls: Plugin = {
  name: 'own-urls',
  setup(bundle) {
    bundle.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path))),
      loader: 'ts',
    }))
  },
}
