import { existsSync, readFileSync } from 'node:fs'
import type { Mutant } from './mutants.ts'

/** A fault that no test noticed. */
export interface Survivor extends Pick<Mutant, 'file' | 'line' | 'code' | 'change'> {
  /** Why no test needs to notice it; empty as long as nobody has said. */
  readonly reason: string
}

/** Survivors that were looked at, each with its reason. Lines are those of the day; `file`, `code` and `change` find them again. */
const ACCEPTED_FILE = 'test/mutate/survivors.json'

const nameOf = ({ file, code, change }: Pick<Mutant, 'file' | 'code' | 'change'>): string =>
  [file, code, change].join('\n')

/** Tells accepted survivors from new ones. */
export class AcceptedSurvivors {
  readonly #names: ReadonlySet<string>

  constructor(file = ACCEPTED_FILE) {
    const survivors = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly Survivor[]) : []
    const silent = survivors.find(({ reason }) => reason.trim() === '')
    if (silent) throw new Error(`${file} gives no reason for ${silent.file}: ${silent.change}`)
    this.#names = new Set(survivors.map(nameOf))
  }

  has(mutant: Mutant): boolean {
    return this.#names.has(nameOf(mutant))
  }
}
