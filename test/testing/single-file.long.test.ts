/** The single executable file, in an empty folder with an empty home, where no Node is on PATH. Making it takes a while. */
import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-single-'))
const home = join(folder, 'home')
const program = join(folder, 'made/lugsail')
const data = join(folder, 'data')
const env = { PATH: join(folder, 'nothing'), HOME: home }

const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  spawnSync(program, args, { cwd: folder, encoding: 'utf8', env: { ...env, ...more } })
const succeed = (...call: Parameters<typeof run>): string => {
  const { status, stdout, stderr } = run(...call)
  assert.equal(status, 0, `${stdout}${stderr}`)
  return stdout
}

describe('the single file', () => {
  let server: ChildProcess
  let endpoint = ''
  before(async () => {
    mkdirSync(home)
    const { status, stderr } = spawnSync(process.execPath, ['build/single-file.mjs', join(folder, 'made')], {
      encoding: 'utf8',
    })
    assert.equal(status, 0, stderr)
    // Workers and threads are processes and files of their own.
    server = spawn(program, ['serve', `--data=${data}`, '--listen=127.0.0.1:0', '--workers=2'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    endpoint = await new Promise<string>((settle, fail) => {
      let text = ''
      server.stdout?.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
        const [, url] = /on (http:\S+)/.exec(text) ?? []
        if (url !== undefined) settle(url)
      })
      server.once('close', () => fail(new Error(`it ended: ${text}`)))
    })
  })
  after(async () => {
    const ended = new Promise((settle) => server.once('close', settle))
    server.kill('SIGTERM')
    assert.equal(await ended, 0)
    rmSync(folder, { recursive: true, force: true })
  })
  const ofServer = (): Record<string, string> => ({
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_SHARED_CREDENTIALS_FILE: join(data, 'credentials'),
  })

  it('serves, and is the command', () => {
    succeed(['create-bucket', '--bucket-name', 'single', '--bundle-id', 'small_1_0'], ofServer())
    const key = JSON.parse(succeed(['create-bucket-access-key', '--bucket-name', 'single'], ofServer())) as {
      readonly accessKey: { readonly status: string }
    }
    assert.equal(key.accessKey.status, 'Active')
    writeFileSync(join(folder, 'large'), Buffer.alloc(3_000_000, 'abc'))
    succeed(['cp', 'large', 's3://single/large'], ofServer())
    succeed(['cp', 's3://single/large', 'again'], ofServer())
    assert.deepEqual(readFileSync(join(folder, 'again')), readFileSync(join(folder, 'large')))
  })

  it('has the console', async () => {
    assert.equal((await fetch(`${endpoint}/-/console/`)).status, 200)
  })

  it('unpacks its files once, for the user alone', () => {
    const unpacked = readdirSync(join(home, '.cache/lugsail'))
    succeed(['--version'])
    assert.deepEqual(readdirSync(join(home, '.cache/lugsail')), unpacked)
    assert.equal(unpacked.length, 1)
  })

  it('unpacks them again where some are missing or cut short', () => {
    const [unpacked = ''] = readdirSync(join(home, '.cache/lugsail'))
    const file = join(home, '.cache/lugsail', unpacked, 'dist/cli/main.cjs')
    const whole = readFileSync(file)
    for (const damage of [() => rmSync(file), () => writeFileSync(file, '')]) {
      damage()
      assert.match(succeed(['--version']), /^lugsail\//)
      assert.deepEqual(readFileSync(file), whole)
    }
  })

  it('uses no folder that others may write to', () => {
    const cache = join(folder, 'open')
    mkdirSync(join(cache, 'lugsail'), { recursive: true })
    chmodSync(join(cache, 'lugsail'), 0o777)
    const temporary = join(folder, 'temporary')
    mkdirSync(temporary)
    succeed(['--version'], { XDG_CACHE_HOME: cache, TMPDIR: temporary })
    assert.deepEqual(readdirSync(join(cache, 'lugsail')), [])

    const { status, stderr } = run(['--version'], { XDG_CACHE_HOME: '/dev/null', TMPDIR: '/dev/null' })
    assert.equal(status, 1)
    assert.match(stderr, /^lugsail: its files cannot be unpacked:/)
  })
})
