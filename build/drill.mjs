// Runs one of the drills of docs/durability.md: npm run drill -- NAME. Without a name, or with one that there is none of, it lists them.
import { spawnSync } from 'node:child_process'

/** What each drill runs: parts of the paths of test files. */
const DRILLS = {
  kill: ['test/crash/kill.long', 'test/crash/server-kill.long', 'test/crash/write-steps'],
  'kill-workers': ['test/robustness/several-workers'],
  'failing-disk': ['test/robustness/failing-disk'],
  'full-disk': ['test/robustness/full-disk', 'test/robustness/disk-full'],
  'bit-rot': ['test/robustness/bit-rot'],
  compaction: ['test/crash/compaction'],
  'hanging-mirror': ['test/robustness/hanging-mirror'],
  'power-loss': ['test/crash/power-loss'],
  'bad-sectors': ['test/robustness/bad-sectors'],
  simulation: ['test/simulation/simulation.long'],
  clocks: ['test/drills/clock-jumps', 'test/features/dates-under-clock-jumps', 'src/server/jobs/'],
  gateways: ['test/drills/kill-gateway', 'test/drills/postgres', 'test/drills/blob-engine'],
  'planted-faults': ['test/simulation/planted-faults'],
}

const name = process.argv[2] ?? ''
const parts = Object.hasOwn(DRILLS, name) ? DRILLS[name] : null
if (!parts) {
  console.error(`npm run drill -- NAME; NAME is one of ${Object.keys(DRILLS).join(', ')}`)
  process.exit(2)
}
const { status } = spawnSync(process.execPath, ['test/run.mjs', ...parts], {
  stdio: 'inherit',
  env: { LUGSAIL_LONG_TESTS: '1', LUGSAIL_TEST_SEED: 'random', ...process.env },
})
process.exit(status ?? 1)
