import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { plant, type Mutant } from './mutants.ts'

const LAUNCHER = 'bin/lugsail'

/** A copy of the working tree in a temporary folder: faults are planted there, never in the tree itself. */
export class TreeCopy {
  readonly folder: string
  /** Where processes of the copy write what they ran, while that is measured. */
  readonly coverageFolder: string
  /** What the launcher runs: `null` when the sources have changed since the build. */
  #launched: 'built' | 'sources' | null = null

  constructor() {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'lugsail-mutants-')))
    this.coverageFolder = join(this.folder, 'coverage')
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])
    for (const file of listed.toString().split('\0').filter(Boolean)) this.#copy(file)
    symlinkSync(realpathSync('node_modules'), join(this.folder, 'node_modules'))
  }

  #copy(file: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true })
    // What is deleted but not committed is still listed.
    cpSync(file, join(this.folder, file), { force: true, errorOnExist: false, recursive: true })
  }

  /** Runs `use` with the fault in the copy. */
  async withMutant<T>(mutant: Mutant, use: () => Promise<T>): Promise<T> {
    const path = join(this.folder, mutant.file)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, plant(text, mutant))
    this.#launched = null
    try {
      return await use()
    } finally {
      writeFileSync(path, text)
      this.#launched = null
    }
  }

  /** Lets `bin/lugsail` run what is built of the copy as it is now; false when it cannot be built. */
  useBuilt(): boolean {
    if (this.#launched === 'built') return true
    this.#launched = null
    writeFileSync(join(this.folder, LAUNCHER), readFileSync(LAUNCHER))
    const { status } = spawnSync(process.execPath, ['build/bundle.mjs', '--only-commands'], {
      cwd: this.folder,
      stdio: 'ignore',
    })
    if (status !== 0) return false
    this.#launched = 'built'
    return true
  }

  /** Lets `bin/lugsail` run the sources and measure what runs: a command is given no environment by its test. */
  useSources(): void {
    if (this.#launched === 'sources') return
    const built = readFileSync(LAUNCHER, 'utf8')
    const changes: readonly (readonly [string, string])[] = [
      ['$root/dist/server/main.cjs', '$root/src/server/main.ts'],
      ['$root/dist/cli/main.cjs', '$root/src/cli/main.ts'],
      [
        'exec node ',
        `NODE_V8_COVERAGE='${this.coverageFolder}' exec node --import '${this.folder}/build/typescript.mjs' `,
      ],
    ]
    const text = changes.reduce((before, [from, to]) => {
      if (!before.includes(from)) throw new Error(`${LAUNCHER} has no ${from}`)
      return before.replace(from, to)
    }, built)
    writeFileSync(join(this.folder, LAUNCHER), text)
    this.#launched = 'sources'
  }

  /** Removes the folder. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
