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

/** A copy of the working tree in a temporary folder: faults are planted there, never in the tree itself. */
export class TreeCopy {
  readonly folder: string
  /** Where processes of the copy write what they ran, while that is measured. */
  readonly coverageFolder: string
  /** What `bin/lugsail` runs is built of the sources as they are. */
  #isBuilt = false

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
    this.#isBuilt = false
    try {
      return await use()
    } finally {
      writeFileSync(path, text)
      this.#isBuilt = false
    }
  }

  /** Lets `bin/lugsail` run what is built of the copy as it is now; false when it cannot be built. */
  useBuilt(): boolean {
    if (this.#isBuilt) return true
    const { status } = spawnSync(process.execPath, ['build/bundle.mjs', '--only-commands'], {
      cwd: this.folder,
      stdio: 'ignore',
    })
    if (status !== 0) return false
    this.#isBuilt = true
    return true
  }

  /** Removes the folder. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
