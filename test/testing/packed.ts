import assert from 'node:assert/strict'
import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** A folder in which the package is installed as it is shipped, beside the packages that it needs and those of its tests. */
export class PackedFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'lugsail-packed-'))

  constructor() {
    const [modules, installed] = [join(this.path, 'node_modules'), join(this.path, 'node_modules/lugsail')]
    mkdirSync(installed, { recursive: true })
    for (const name of readdirSync('node_modules'))
      if (!name.startsWith('.')) symlinkSync(resolve('node_modules', name), join(modules, name))
    this.#require(
      'npm',
      ['pack', '--silent', '--ignore-scripts', '--pack-destination', this.path],
      process.cwd(),
    )
    const archive = readdirSync(this.path).find((name) => name.endsWith('.tgz')) ?? ''
    this.#require('tar', ['-xzf', archive, '-C', installed, '--strip-components=1'], this.path)
  }

  /** Runs a program in it, with `lugsail` on the path. */
  run(program: string, args: readonly string[]): SpawnSyncReturns<string> {
    const env = {
      PATH: `${join(this.path, 'node_modules/lugsail/bin')}:${process.env['PATH'] ?? ''}`,
      HOME: this.path,
    }
    return spawnSync(program, args, { cwd: this.path, encoding: 'utf8', env, timeout: 300_000 })
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }

  #require(program: string, args: readonly string[], cwd: string): void {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', cwd })
    assert.equal(status, 0, `${stdout}${stderr}`)
  }
}
