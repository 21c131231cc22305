/** The package for Debian, installed into a root of its own by dpkg, and purged. Making it takes a while. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

const TOOLS = ['dpkg', 'dpkg-deb', 'systemd-sysusers', 'systemd-tmpfiles']
const missing = TOOLS.filter((tool) => spawnSync('which', [tool]).status !== 0)
const skip =
  missing.length > 0
    ? `there is no ${missing.join(', ')}`
    : process.getuid?.() !== 0 && 'only root may make users, even in a root of its own'

const MODE_BITS = 0o777

describe('the package for Debian', { skip }, () => {
  const root = mkdtempSync(join(tmpdir(), 'lugsail-debian-'))
  const made = mkdtempSync(join(tmpdir(), 'lugsail-debian-made-'))
  let file = ''
  const inRoot = (path: string): string => join(root, path)
  const run = (program: string, ...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    assert.equal(status, 0, `${program} ${args.join(' ')}: ${stdout}${stderr}`)
    return stdout
  }
  // What it depends on is the system's, and this root has none; its scripts run outside, and are told where it is.
  const dpkg = (...args: readonly string[]): string =>
    run('dpkg', `--root=${root}`, '--force-depends', '--force-script-chrootless', ...args)

  before(() => {
    run(process.execPath, 'build/debian-package.mjs', made)
    for (const path of ['var/lib/dpkg/updates', 'var/lib/dpkg/info', 'etc', 'var/lib'])
      mkdirSync(inRoot(path), { recursive: true })
    for (const path of ['var/lib/dpkg/status', 'var/lib/dpkg/available']) writeFileSync(inRoot(path), '')
    const [name = ''] = readdirSync(made).filter((each) => each.endsWith('.deb'))
    file = join(made, name)
    dpkg('--install', file)
  })
  after(() => {
    for (const folder of [root, made]) rmSync(folder, { recursive: true, force: true })
  })

  it('closes no folder of the system to others', () => {
    for (const line of run('dpkg-deb', '--contents', file).trim().split('\n'))
      if (line.startsWith('d')) assert.match(line, /^drwxr-xr-x root\/root /)
  })

  it('has the command, which needs no Node', () => {
    const { status, stdout } = spawnSync(inRoot('usr/bin/lugsail'), ['--version'], {
      encoding: 'utf8',
      env: { PATH: '/nonexistent', HOME: inRoot('home') },
    })
    assert.deepEqual([status, stdout.startsWith('lugsail/')], [0, true])
  })

  it('makes a user, and folders that are closed to others', () => {
    assert.match(readFileSync(inRoot('etc/passwd'), 'utf8'), /^lugsail:.*:\/var\/lib\/lugsail:/m)
    assert.equal(statSync(inRoot('var/lib/lugsail')).mode & MODE_BITS, 0o700)
    assert.equal(statSync(inRoot('etc/lugsail/lugsail.env')).mode & 0o007, 0)
  })

  it('has a unit, manual pages and completion for three shells', () => {
    for (const path of [
      'usr/lib/systemd/system/lugsail.service',
      'usr/share/man/man1/lugsail.1.gz',
      'usr/share/man/man1/lugsail-serve.1.gz',
      'usr/share/bash-completion/completions/lugsail',
      'usr/share/zsh/vendor-completions/_lugsail',
      'usr/share/fish/vendor_completions.d/lugsail.fish',
    ])
      assert.ok(statSync(inRoot(path)).size > 0, path)
    assert.match(
      readFileSync(inRoot('usr/lib/systemd/system/lugsail.service'), 'utf8'),
      /^ExecStart=\/usr\/bin\/lugsail serve$/m,
    )
  })

  it('keeps what was stored when it is purged, and nothing else', () => {
    writeFileSync(inRoot('var/lib/lugsail/kept'), 'bytes')
    dpkg('--purge', 'lugsail')
    assert.equal(readFileSync(inRoot('var/lib/lugsail/kept'), 'utf8'), 'bytes')
    for (const path of ['usr/bin/lugsail', 'etc/lugsail/lugsail.env'])
      assert.ok(!existsSync(inRoot(path)), path)
  })
})
