/** Keys in the keyring of a desktop: a real Secret Service on a message bus of the test's own. */
import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { EXECUTABLE } from '../harness/executable.ts'
import { startServer, type RunningServer } from '../harness/server.ts'

const NEEDED = ['secret-tool', 'gnome-keyring-daemon', 'dbus-run-session']
const missing = NEEDED.filter((program) => spawnSync('which', [program]).status !== 0)
const skip = missing.length > 0 && `not installed: ${missing.join(', ')}`

/** Opens a new keyring with an empty password, tells where its bus is, and goes on until its input ends. */
const SESSION = `
printf '\\n' | gnome-keyring-daemon --unlock --components=secrets > keyring.log 2>&1
echo "$DBUS_SESSION_BUS_ADDRESS"
cat`

describe('a key in the keyring', { skip }, () => {
  let server: RunningServer
  let home = ''
  let session: ChildProcess
  let bus = ''
  before(async () => {
    server = await startServer({ isBuilt: true })
    home = mkdtempSync(join(tmpdir(), 'lugsail-keyring-'))
    const child = spawn('dbus-run-session', ['--', 'sh', '-c', SESSION], {
      cwd: home,
      env: { PATH: process.env['PATH'], HOME: home, XDG_RUNTIME_DIR: home },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    session = child
    const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
    bus = line.trim()
  })
  after(async () => {
    session.stdin?.end()
    await once(session, 'close')
    await server.stop()
    rmSync(home, { recursive: true })
  })

  const runWith = (env: Readonly<Record<string, string>>, program: string, ...args: readonly string[]) =>
    spawnSync(program, args, {
      encoding: 'utf8',
      cwd: home,
      env: { PATH: process.env['PATH'], HOME: home, DBUS_SESSION_BUS_ADDRESS: bus, ...env },
    })
  const asRoot = () => ({
    AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: server.endpoint,
  })
  const lugsail = (...args: readonly string[]) => runWith(asRoot(), EXECUTABLE, ...args)
  const create = (name: string, ...options: readonly string[]) =>
    lugsail('key', 'create', name, '--rights', 'read', 'list', ...options)
  const kept = (name: string) =>
    runWith({}, 'secret-tool', 'lookup', 'service', 'lugsail', 'name', name).stdout
  const members = (text: string) => JSON.parse(text) as Readonly<Record<string, string>>
  const names = () => lugsail('key', 'list', '--query', 'accessKeys[].name', '--output', 'text').stdout

  it('is on no screen, and SDKs get credentials of it that end', () => {
    const made = create('reports', '--write-keyring', 'reports', '--write-profile', 'reports')
    assert.equal(made.status, 0, made.stderr)
    assert.match(made.stderr, /^The key AKIA\w+ is in the keyring, as reports\.\nThe key AKIA/)
    const { secretAccessKey = '', accessKeyId = '' } = members(kept('reports'))
    assert.equal(secretAccessKey.length, 40)
    assert.ok(!`${made.stdout}${made.stderr}`.includes(secretAccessKey))
    const given = runWith({}, EXECUTABLE, 'credentials', '--keyring', 'reports')
    assert.equal(given.status, 0, given.stderr)
    assert.match(members(given.stdout)['AccessKeyId'] ?? '', /^ASIA/)
    writeFileSync(
      join(home, 'config'),
      `[default]\nregion = us-east-1\nendpoint_url = ${server.endpoint}\ncredential_process = ${EXECUTABLE} credentials --keyring reports\n`,
    )
    const asked = runWith({ AWS_CONFIG_FILE: join(home, 'config') }, EXECUTABLE, 'ls')
    assert.equal(asked.status, 0, asked.stderr)
    assert.notEqual(accessKeyId, '')
  })

  it('leaves what was kept before under another name', () => {
    create('one', '--write-keyring', 'same')
    const first = kept('same')
    const made = create('two', '--write-keyring', 'same')
    assert.match(made.stderr, /What was there before is in same\.before-write\./)
    assert.equal(kept('same.before-write'), first)
    create('three', '--write-keyring', 'same')
    assert.equal(members(kept('same.before-write-2'))['name'], 'two')
  })

  it('is not made where the keyring does not answer', () => {
    const before = names()
    const nowhere = { ...asRoot(), DBUS_SESSION_BUS_ADDRESS: `unix:path=${home}/none` }
    const refused = runWith(nowhere, EXECUTABLE, 'key', 'create', 'never', '--write-keyring', 'never')
    assert.notEqual(refused.status, 0)
    assert.match(refused.stderr, /--write-keyring: never cannot be written: secret-tool: /)
    assert.equal(names(), before)
  })

  it('that is none is told so', () => {
    const ask = (name: string) => runWith({}, EXECUTABLE, 'credentials', '--keyring', name)
    assert.match(ask('nobody').stderr, /the keyring has no key nobody; "--write-keyring NAME" keeps one/)
    assert.match(ask('-x').stderr, /--keyring/)
    runWith({}, 'sh', '-c', 'echo "not a key" | secret-tool store --label=x service lugsail name other')
    assert.match(ask('other').stderr, /what the keyring has as other is no key: it has no accessKeyId/)
  })
})
