// `npm test`: without arguments everything, as continuous integration has it: all checks and all tests, of what was built.
//   npm test -- PART_OF_PATH...         the test files whose path contains one of these, on the sources as they are now
import { spawnSync } from 'node:child_process'
import { bringChromium } from './chromium.mjs'

const parts = process.argv.slice(2)

function node(args, env = {}) {
  const { status } = spawnSync(process.execPath, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  if (status !== 0) process.exit(status ?? 1)
}

if (parts.length > 0) node(['test/run.mjs', ...parts])
else {
  bringChromium()
  node(['build/check.mjs', '--without-tests'])
  node(['build/bundle.mjs'])
  node(['test/run.mjs'], { LUGSAIL_TEST_BUILT: '1' })
}
