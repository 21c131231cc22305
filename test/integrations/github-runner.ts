import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ACTION = resolve('integrations/github-action')

/** What a step said. */
export interface Step {
  readonly exitCode: number | null
  /** Its log. */
  readonly log: string
  readonly outputs: ReadonlyMap<string, string>
  /** Variables for the steps that follow. */
  readonly environment: ReadonlyMap<string, string>
}

/** What a runner of GitHub Actions does for an action: inputs as variables, files that it reads what was told from, the state for the step behind the last. */
export class GithubRunner {
  readonly folder = mkdtempSync(join(tmpdir(), 'lugsail-runner-'))
  #state: ReadonlyMap<string, string> = new Map()

  start(inputs: Readonly<Record<string, string>>): Step {
    const step = this.#run(
      'start.mjs',
      renamed(Object.entries(inputs), (name) => `INPUT_${name.toUpperCase()}`),
    )
    this.#state = this.#told('GITHUB_STATE')
    return step
  }

  stop(): Step {
    return this.#run(
      'stop.mjs',
      renamed(this.#state, (name) => `STATE_${name}`),
    )
  }

  get state(): ReadonlyMap<string, string> {
    return this.#state
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #run(file: string, environment: Readonly<Record<string, string>>): Step {
    const files = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_STATE'].map(
      (name) => [name, this.#path(name)] as const,
    )
    for (const [, path] of files) writeFileSync(path, '')
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ACTION, file)], {
      encoding: 'utf8',
      timeout: 300_000,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? '',
        // How npm gets to its registry is a matter of this machine.
        NODE_EXTRA_CA_CERTS: process.env['NODE_EXTRA_CA_CERTS'] ?? '',
        RUNNER_TEMP: this.folder,
        ...Object.fromEntries(files),
        ...environment,
      },
    })
    return {
      exitCode: status,
      log: stdout + stderr,
      outputs: this.#told('GITHUB_OUTPUT'),
      environment: this.#told('GITHUB_ENV'),
    }
  }

  #path(name: string): string {
    return join(this.folder, name)
  }

  /** As GitHub describes such files: `NAME<<END`, lines, `END`. */
  #told(name: string): ReadonlyMap<string, string> {
    const text = existsSync(this.#path(name)) ? readFileSync(this.#path(name), 'utf8') : ''
    return new Map(
      [...text.matchAll(/^([^\n]+?)<<(\S+)\n([\s\S]*?)\n\2$/gm)].map(([, key = '', , value = '']) => [
        key,
        value,
      ]),
    )
  }
}

function renamed(
  entries: Iterable<readonly [string, string]>,
  rename: (name: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from(entries, ([name, value]): [string, string] => [rename(name), value]))
}
