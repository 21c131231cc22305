/** The package as `npm` installs it, in an empty folder and an empty home: what it takes, and how it is started there. Needs a registry. */
import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import {
  existsSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-install-'))
const [home, app] = [join(folder, 'home'), join(folder, 'app')]
const env = { PATH: process.env['PATH'] ?? '', HOME: home, npm_config_update_notifier: 'false' }

/** Megabytes of 10^6 bytes that the package and all that it brings may have. */
const INSTALLED_MB_MAX = 35

function run(program: string, args: readonly string[], cwd = app): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', env })
  assert.equal(status, 0, `${program} ${args.join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`)
  return stdout
}

const megabytesIn = (path: string): number =>
  readdirSync(path, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, name) => sum + lstatSync(join(path, name)).size,
    0,
  ) / 1e6

before(() => {
  mkdirSync(home)
  mkdirSync(app)
  // Where npm finds its registry is a matter of this machine.
  const configuration = join(homedir(), '.npmrc')
  if (existsSync(configuration)) copyFileSync(configuration, join(home, '.npmrc'))
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], process.cwd())
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? ''
  writeFileSync(join(app, 'package.json'), '{}')
  // Without the scripts of packages, one of which would compile where it could.
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', join('..', archive)])
})
after(() => rmSync(folder, { recursive: true, force: true }))

/** Starts it, and gives what it says in its first line, and when it has ended. */
async function started(child: ChildProcess) {
  const ended = new Promise<void>((settle) => child.once('close', () => settle()))
  const line = await new Promise<string>((settle, reject) => {
    child.stdout?.once('data', (piece) => settle(String(piece)))
    child.once('close', () => reject(new Error('it ended')))
  })
  const said = JSON.parse(line) as { readonly pid: number; readonly endpoint: string }
  return { ...said, ended }
}

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function gone(pid: number): Promise<void> {
  while (isThere(pid)) await new Promise((settle) => setTimeout(settle, 20))
}

describe('the package, installed', () => {
  it(`has at most ${INSTALLED_MB_MAX} MB, without maps and bytecode`, () => {
    assert.ok(megabytesIn(join(app, 'node_modules')) <= INSTALLED_MB_MAX)
    const own = readdirSync(join(app, 'node_modules/lugsail'), { recursive: true, encoding: 'utf8' })
    assert.deepEqual(
      own.filter((name) => /\.(?:map|bytecode)$/.test(name)),
      [],
    )
    assert.ok(own.includes('docs/configuration.md'))
  })

  it('keeps its data with the embedded engine, whose machine code came as it is', async () => {
    const child = spawn('node_modules/.bin/lugsail', ['serve', '--data', 'data', '--listen', '127.0.0.1:0'], {
      cwd: app,
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const text = await new Promise<string>((settle, reject) => {
      child.stdout.once('data', (piece) => settle(String(piece)))
      child.once('close', () => reject(new Error('it ended')))
    })
    assert.match(text, /^Lugsail serves /)
    assert.ok(existsSync(join(app, 'data/store/metadata')))
    child.kill('SIGTERM')
    await new Promise((settle) => child.once('close', settle))
  })

  it('ends with a SIGTERM that npx got, and with a SIGINT of their terminal', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      // A group of their own, to all of which a terminal sends its SIGINT.
      const child = spawn('npx', ['--no', 'lugsail', 'serve', '--ephemeral'], {
        cwd: app,
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
        detached: true,
      })
      const { pid, endpoint, ended } = await started(child)
      assert.equal((await fetch(`${endpoint}/-/health`)).status, 200)
      process.kill(signal === 'SIGINT' ? -(child.pid ?? 0) : (child.pid ?? 0), signal)
      await Promise.all([gone(pid), ended])
    }
  })

  it('ends when the pipe to npx is closed', async () => {
    const child = spawn('npx', ['--no', 'lugsail', 'serve', '--ephemeral'], {
      cwd: app,
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const { pid, ended } = await started(child)
    child.stdin.end()
    await Promise.all([gone(pid), ended])
  })

  it('is there for import and require', () => {
    const use =
      'startServer().then(async (server) => { console.log(server.accountId); await server.close() })'
    writeFileSync(join(app, 'use.mjs'), `import { startServer } from 'lugsail/testing'\n${use}`)
    writeFileSync(join(app, 'use.cjs'), `const { startServer } = require('lugsail/testing')\n${use}`)
    for (const file of ['use.mjs', 'use.cjs']) assert.equal(run(process.execPath, [file]), '111122223333\n')
  })
})
