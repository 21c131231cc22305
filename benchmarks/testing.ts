/* oxlint-disable no-console -- a command that prints what it measures */
// How long a test waits for a server of `lugsail/testing`, and for `lugsail serve --ephemeral`, of the package as npm installs it, in an empty folder and an
// empty home. Each round is a process of its own; medians, and the least and the most. Needs a registry.
//   npm run build && node --import tsx benchmarks/testing.ts [ROUNDS]
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from './load/latencies.ts'

const rounds = Number(process.argv[2] ?? 50)
const folder = mkdtempSync(join(tmpdir(), 'lugsail-testing-'))
const [home, app] = [join(folder, 'home'), join(folder, 'app')]
const env = { PATH: process.env['PATH'] ?? '', HOME: home }

const IN_PROCESS = `
const began = performance.now()
const { startServer } = await import('lugsail/testing')
const imported = performance.now()
const server = await startServer({ seed: { buckets: { photos: { objects: { 'a.txt': 'hello' } } } } })
const started = performance.now()
const s3 = (path, more) => fetch(server.endpoint + path, more).then((response) => response.arrayBuffer())
await server.createBucket('other')
const resets = []
for (let round = 0; round < 50; round++) {
  await server.createBucket('more')
  await s3('/photos/a.txt')
  const before = performance.now()
  await server.reset()
  resets.push(performance.now() - before)
}
const another = performance.now()
const second = await (await import('lugsail/testing')).startServer()
const afterSecond = performance.now()
await Promise.all([server.close(), second.close()])
console.log(JSON.stringify({ import: imported - began, start: started - imported, second: afterSecond - another, resets }))
`

interface Told {
  readonly import: number
  readonly start: number
  readonly second: number
  readonly resets: readonly number[]
}

function run(program: string, args: readonly string[], cwd = app): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stdout}${stderr}`)
  return stdout
}

function install(): void {
  mkdirSync(home)
  mkdirSync(app)
  const configuration = join(homedir(), '.npmrc')
  if (existsSync(configuration)) copyFileSync(configuration, join(home, '.npmrc'))
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], process.cwd())
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? ''
  writeFileSync(join(app, 'package.json'), '{}')
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', join('..', archive)])
  writeFileSync(join(app, 'round.mjs'), IN_PROCESS)
}

/** Milliseconds from the start of a process to its first line, or to its end where it has none. */
async function untilFirstLine(program: string, args: readonly string[]): Promise<number> {
  const began = performance.now()
  const child = spawn(program, args, { cwd: app, env, stdio: ['pipe', 'pipe', 'inherit'] })
  const elapsedMs = await new Promise<number>((settle) => {
    child.stdout.once('data', () => settle(performance.now() - began))
    child.once('close', () => settle(performance.now() - began))
  })
  child.kill('SIGTERM')
  await new Promise((settle) => (child.exitCode === null ? child.once('close', settle) : settle(undefined)))
  return elapsedMs
}

const show = (name: string, values: readonly number[]): void =>
  console.log(
    `${name}: ${median(values).toFixed(1)} ms (${Math.min(...values).toFixed(1)}–${Math.max(...values).toFixed(1)}), ${values.length} times`,
  )

try {
  install()
  const told: Told[] = []
  const [node, command, launcher]: [number[], number[], number[]] = [[], [], []]
  const serve = ['serve', '--ephemeral']
  for (let round = 0; round < rounds; round++) {
    told.push(JSON.parse(run(process.execPath, ['round.mjs'])) as Told)
    node.push(await untilFirstLine(process.execPath, ['-e', '0']))
    command.push(await untilFirstLine(join(app, 'node_modules/lugsail/bin/lugsail'), serve))
    launcher.push(await untilFirstLine(join(app, 'node_modules/.bin/lugsail'), serve))
  }
  show(
    'import of lugsail/testing',
    told.map((each) => each.import),
  )
  show(
    'startServer, the first of a process',
    told.map(({ start }) => start),
  )
  show(
    'startServer, the second',
    told.map(({ second }) => second),
  )
  show(
    'reset',
    told.flatMap(({ resets }) => resets),
  )
  show('node -e 0', node)
  show('lugsail serve --ephemeral, by the shell launcher', command)
  show("lugsail serve --ephemeral, by npm's link", launcher)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
