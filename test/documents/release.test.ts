import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, describe, it } from 'node:test'

const VERSION = '99.0.0'
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly dev?: boolean }>>
}
const release = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['build/release.mjs', ...args], { encoding: 'utf8' })

// Made of the last commit: a checkout that is no repository has nothing to release.
describe('a release', { skip: !existsSync('.git') && 'this is no git checkout' }, () => {
  let out = ''
  const read = (file: string) => readFileSync(join(out, file), 'utf8')
  before(() => {
    out = mkdtempSync(join(tmpdir(), 'lugsail-release-test-'))
    const { status, stderr } = release(VERSION, `--out=${out}`)
    assert.equal(status, 0, stderr)
  })
  after(() => rmSync(out, { recursive: true }))

  it('is a tarball, a bill of materials and notes, with the checksums of all', () => {
    assert.deepEqual(readdirSync(out).sort(), [
      'SHA256SUMS',
      `lugsail-${VERSION}.cdx.json`,
      `lugsail-${VERSION}.tgz`,
      'notes.md',
    ])
    for (const line of read('SHA256SUMS').trim().split('\n')) {
      const [sum, file = ''] = line.split('  ')
      assert.equal(
        createHash('sha256')
          .update(readFileSync(join(out, file)))
          .digest('hex'),
        sum,
        file,
      )
    }
  })

  it('tells every fragment once, each with a link into the folder of its version', () => {
    const links = [...read('notes.md').matchAll(/\]\(changelog\/99\.0\.0\/([^)]+)\.md\)$/gm)].map(
      ([, name]) => name,
    )
    // Of the last commit, not of what somebody writes just now.
    const { stdout } = spawnSync('git', ['ls-tree', '--name-only', 'HEAD', 'changelog/unreleased/'], {
      encoding: 'utf8',
    })
    const fragments = stdout
      .trim()
      .split('\n')
      .map((file) => basename(file).split('.', 1)[0])
    assert.deepEqual(links.sort(), fragments.sort())
  })

  it('names in its bill of materials what is installed beside it and what is part of it', () => {
    const { components } = JSON.parse(read(`lugsail-${VERSION}.cdx.json`)) as {
      readonly components: readonly { readonly name: string; readonly version: string }[]
    }
    const named = new Set(components.map(({ name, version }) => `${name}@${version}`))
    for (const [path, { version, dev }] of Object.entries(lock.packages))
      if (path !== '' && dev !== true)
        assert.ok(named.has(`${path.split('node_modules/').at(-1)}@${version}`), path)
    for (const bundled of ['react', '@aws-sdk/client-s3', '@grpc/grpc-js'])
      assert.ok(
        components.some(({ name }) => name === bundled),
        bundled,
      )
  })

  it('leaves the checkout as it was', () => {
    assert.equal(existsSync(`changelog/${VERSION}`), false)
    assert.equal(spawnSync('git', ['tag', '--list', `v${VERSION}`], { encoding: 'utf8' }).stdout, '')
  })

  it('is refused for a version that is no version, or not higher', () => {
    for (const [version, words] of [
      ['1.x', 'expected a version such as 0.2.0, got 1.x'],
      ['0.0.1', '0.0.1 is not higher than'],
    ] as const) {
      const { status, stderr } = release(version)
      assert.equal(status, 1)
      assert.ok(stderr.includes(words), stderr)
    }
  })
})
