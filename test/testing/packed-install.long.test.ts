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
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { namedBlocks } from './shown.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-install-'))
const [home, app] = [join(folder, 'home'), join(folder, 'app')]
/** How npm gets to its registry is a matter of this machine. */
const NETWORK = /^(?:NODE_EXTRA_CA_CERTS|npm_config_.*|https?_proxy|no_proxy)$/i
const env = {
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  npm_config_update_notifier: 'false',
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => NETWORK.test(name) && !/prefix|cache$/i.test(name)),
  ),
}

/** Megabytes of 10^6 bytes that the package and all that it brings may have. */
const INSTALLED_MB_MAX = 35

function run(program: string, args: readonly string[], cwd = app): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', env })
  assert.equal(status, 0, `${program} ${args.join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`)
  return stdout
}

/** Without the scripts of packages, one of which would compile where it could. */
const install = (where: string, ...packages: readonly string[]): string =>
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], where)

let archive = ''

const megabytesIn = (path: string): number =>
  readdirSync(path, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, name) => sum + lstatSync(join(path, name)).size,
    0,
  ) / 1e6

before(() => {
  mkdirSync(home)
  mkdirSync(app)
  const configuration = join(homedir(), '.npmrc')
  if (existsSync(configuration)) copyFileSync(configuration, join(home, '.npmrc'))
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], process.cwd())
  archive = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '')
  writeFileSync(join(app, 'package.json'), '{"scripts":{"serve":"lugsail serve --ephemeral"}}')
  install(app, archive)
})
after(() => rmSync(folder, { recursive: true, force: true }))

interface Introduction {
  readonly pid: number
  readonly endpoint: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** Starts it, and gives what it says in its first line, and when it has ended. */
async function started(child: ChildProcess) {
  const ended = new Promise<void>((settle) => child.once('close', () => settle()))
  const line = await new Promise<string>((settle, reject) => {
    child.stdout?.once('data', (piece) => settle(String(piece)))
    child.once('close', () => reject(new Error('it ended')))
  })
  const said = JSON.parse(line) as Introduction
  return { ...said, ended }
}

/** Whether it runs. One that has ended and is not asked for by who took it over, which may take minutes on a busy machine, does not. */
const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch (error) {
    // Where there is no /proc.
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' && !existsSync('/proc/self')
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

  it('ends with a SIGTERM that npm got, where a script of a package starts it', async () => {
    const child = spawn('npm', ['run', '--silent', 'serve'], {
      cwd: app,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const { pid, ended } = await started(child)
    child.kill('SIGTERM')
    await Promise.all([gone(pid), ended])
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

  it('has types that fit, however a compiler looks for modules', () => {
    const text = `import { startServer, type TestServer } from 'lugsail/testing'
import { createLugsailClient } from 'lugsail/client'
const server: TestServer = await startServer({ seed: { buckets: { photos: {} } } })
const client = createLugsailClient(server.lightsailClientOptions)
const { buckets } = await client.getBuckets({})
export const names: (string | undefined)[] = (buckets ?? []).map(({ name }) => name)
// @ts-expect-error there is no such option
await startServer({ prot: 1 })
`
    writeFileSync(join(app, 'typed.mts'), text)
    for (const [module, resolution] of [
      ['node16', 'node16'],
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ] as const)
      run(process.execPath, [
        resolve('node_modules/typescript/bin/tsc'),
        ...['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--types', ''],
        ...['--module', module, '--moduleResolution', resolution, 'typed.mts'],
      ])
  })

  it('is a command where it is installed globally', () => {
    const prefix = join(folder, 'global')
    mkdirSync(prefix)
    run('npm', [
      'install',
      '--global',
      '--prefix',
      prefix,
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      archive,
    ])
    assert.match(run(join(prefix, 'bin/lugsail'), ['--version']), /^lugsail\/\d+\.\d+\.\d+ node\//)
    assert.match(run(join(prefix, 'bin/lugsail'), ['import', 'help']), /--from/)
  })

  it('brings what is in one server to another', async () => {
    const [old, ours] = await Promise.all(
      [1, 2].map(async () => {
        const child = spawn('node_modules/.bin/lugsail', ['serve', '--ephemeral'], {
          cwd: app,
          env,
          stdio: ['pipe', 'pipe', 'inherit'],
        })
        return { ...(await started(child)), child }
      }),
    )
    assert.ok(old !== undefined && ours !== undefined)
    const seed = JSON.stringify({
      buckets: { photos: { versioning: true, objects: { a: 'one', 'b/c': 'two' } } },
    })
    assert.equal((await fetch(`${old.endpoint}/-/test/seed`, { method: 'POST', body: seed })).status, 200)
    const { status, stdout, stderr } = spawnSync(
      'node_modules/.bin/lugsail',
      ['import', 's3', '--from', old.endpoint, '--to', ours.endpoint],
      {
        cwd: app,
        encoding: 'utf8',
        env: {
          ...env,
          LUGSAIL_FROM_ACCESS_KEY_ID: old.credentials.accessKeyId,
          LUGSAIL_FROM_SECRET_ACCESS_KEY: old.credentials.secretAccessKey,
          AWS_ACCESS_KEY_ID: ours.credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: ours.credentials.secretAccessKey,
          AWS_REGION: 'us-east-1',
        },
      },
    )
    assert.equal(status, 0, stderr)
    assert.match(stdout, /^photos: 2 copied/m)
    for (const { child, ended } of [old, ours]) {
      child.stdin.end()
      await ended
    }
  })
})

describe('what docs/testing-with-lugsail.md shows', () => {
  const tests = join(folder, 'tests')
  before(() => {
    mkdirSync(tests)
    for (const [name, text] of namedBlocks()) writeFileSync(join(tests, name), text)
    const { devDependencies: runners } = JSON.parse(
      readFileSync('test/testing/runners/package.json', 'utf8'),
    ) as {
      readonly devDependencies: Readonly<Record<string, string>>
    }
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      readonly devDependencies: Readonly<Record<string, string>>
    }
    writeFileSync(join(tests, 'package.json'), '{}')
    const sdk = `@aws-sdk/client-s3@${devDependencies['@aws-sdk/client-s3'] ?? ''}`
    install(tests, archive, sdk, ...Object.entries(runners).map(([name, version]) => `${name}@${version}`))
  })

  for (const [runner, ...args] of [
    ['--test', 'photos.test.mjs'],
    ['node_modules/vitest/vitest.mjs', 'run', 'photos.vitest.test.mjs'],
    ['node_modules/jest/bin/jest.js', '--config={"testMatch":["**/photos.jest.test.cjs"]}'],
    ['node_modules/mocha/bin/mocha.js', 'photos.mocha.mjs'],
  ] as const)
    it(`passes with ${runner}`, () => {
      run(process.execPath, [runner, ...args], tests)
    })
})
