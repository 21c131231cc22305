import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')

/** The command as users run it. What it runs is built from the sources as they are: by `test/run.mjs`, or else here, when the test file is loaded. */
export const EXECUTABLE = resolve(ROOT, 'bin/lugsail')

if (process.env['LUGSAIL_TEST_FRESH'] === undefined) {
  const script = `const { buildWhenStale } = await import(${JSON.stringify(resolve(ROOT, 'build/fresh.mjs'))}); buildWhenStale()`
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('bin/lugsail cannot be tested: its build failed')
}
