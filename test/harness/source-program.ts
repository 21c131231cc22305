import { join } from 'node:path'

/**
 * The words with which Node runs a source as a program of its own: its bundle, where `test/run.mjs` runs the tests, which starts in a tenth of the time, else the source as it is.
 * `build/test-bundles.mjs` lists the sources that have one.
 */
export function sourceProgram(source: string): readonly string[] {
  const bundles = process.env['LUGSAIL_TEST_BUNDLES']
  return bundles === undefined
    ? ['--import', './build/typescript.mjs', source]
    : ['--enable-source-maps', join(bundles, source.replace(/\.ts$/, '.js'))]
}
