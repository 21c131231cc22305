/** integrations/github-action where it installs the package: as npm packs it. Needs a registry. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { GithubRunner } from './github-runner.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-action-'))
const runner = new GithubRunner()
after(() => {
  runner.stop()
  runner.remove()
  rmSync(folder, { recursive: true, force: true })
})

describe('the action', () => {
  it('installs the package, serves from it, and ends the server', async () => {
    const { status, stderr } = spawnSync(
      'npm',
      ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder],
      { encoding: 'utf8' },
    )
    assert.equal(status, 0, stderr)
    const [archive = ''] = readdirSync(folder)
    const { exitCode, log, outputs } = runner.start({ version: join(folder, archive) })
    assert.equal(exitCode, 0, log)
    const endpoint = outputs.get('endpoint') ?? ''
    assert.equal((await fetch(`${endpoint}/-/health`)).status, 200)
    assert.equal((await fetch(`${endpoint}/-/test/reset`, { method: 'POST' })).status, 200)
    assert.equal(runner.stop().exitCode, 0)
    await assert.rejects(fetch(`${endpoint}/-/health`))
  })

  it('says what npm says of a version that there is not', () => {
    const { exitCode, log } = runner.start({ version: join(folder, 'missing.tgz') })
    assert.equal(exitCode, 1)
    assert.match(log, /^::error::npm could not install .*missing\.tgz/m)
  })
})
