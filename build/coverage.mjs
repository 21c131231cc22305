// Which lines of `src` the tests beside the sources run, by folders; `npm run coverage`. It is shown and asks for nothing: a line that runs may still be held by no test, which `npm run mutate` tells.
//   node build/coverage.mjs [PART_OF_PATH...]    the tests whose path contains one of these, and what they load
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'

const parts = process.argv.slice(2)
const tests = readdirSync('src', { recursive: true })
  .map((name) => join('src', name))
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
if (tests.length === 0) {
  console.error(`no test file in src matches ${parts.join(', ')}`)
  process.exit(2)
}

/** The first two folders below `src`. */
const roomOf = (path) => relative('src', path).split(sep).slice(0, -1).slice(0, 2).join('/')

const folder = mkdtempSync(join(tmpdir(), 'lugsail-coverage-'))
try {
  const waiting = testsByRoom()
  await Promise.all(Array.from({ length: availableParallelism() }, () => runWaiting(waiting)))
  const report = ['report', '--temp-directory', join(folder, 'raw'), '--reports-dir', folder]
  const what = ['--reporter', 'json-summary', '--include', 'src/**', '--exclude', '**/*.test.ts']
  // Sources that no test loads count as well, where all are asked for.
  const all = parts.length === 0 ? ['--all', '--src', 'src'] : []
  spawnSync(process.execPath, ['node_modules/c8/bin/c8.js', ...report, ...what, ...all], { stdio: 'inherit' })
  print(JSON.parse(readFileSync(join(folder, 'coverage-summary.json'), 'utf8')))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function testsByRoom() {
  const rooms = new Map()
  for (const file of tests) rooms.set(roomOf(file), [...(rooms.get(roomOf(file)) ?? []), file])
  return [...rooms.values()]
}

/** The tests of a folder share a process, since each start takes longer than most of them; where one minds, each has its own. */
async function runWaiting(waiting) {
  for (let files = waiting.shift(); files !== undefined; files = waiting.shift()) {
    if (await passes(files)) continue
    if (files.length > 1) waiting.push(...files.map((file) => [file]))
    else console.log(`failed: ${files[0]}`)
  }
}

async function passes(files) {
  const each = "for (const file of process.argv.slice(1)) await import(process.cwd() + '/' + file)"
  const args = ['--import', './build/typescript.mjs', '--input-type=module', '--eval', each, ...files]
  const env = { ...process.env, NODE_V8_COVERAGE: join(folder, 'raw') }
  const child = spawn(process.execPath, args, { stdio: 'ignore', env, timeout: 600_000 })
  return (await new Promise((resolve) => child.once('close', resolve))) === 0
}

/** A line for each folder below `src`, and one for all. */
function print(summary) {
  const rooms = new Map()
  for (const [path, { lines }] of Object.entries(summary)) {
    if (path === 'total') continue
    const sum = rooms.get(roomOf(path)) ?? { total: 0, covered: 0 }
    rooms.set(roomOf(path), { total: sum.total + lines.total, covered: sum.covered + lines.covered })
  }
  const row = (name, { total, covered }) =>
    console.log(
      `${name.padEnd(28)} ${String(total).padStart(7)} ${((100 * covered) / total).toFixed(1).padStart(7)} %`,
    )
  console.log(`\n${'lines of'.padEnd(36)} ${'run'.padStart(7)}`)
  for (const [room, sum] of [...rooms].sort(([a], [b]) => (a < b ? -1 : 1))) row(room, sum)
  row('all', summary.total.lines)
}
