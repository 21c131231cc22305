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

/** Tells some survivors from all other faults. */
class Survivors {
  readonly #names: ReadonlySet<string>

  constructor(survivors: readonly Survivor[]) {
    this.#names = new Set(survivors.map(nameOf))
  }

  has(mutant: Mutant): boolean {
    return this.#names.has(nameOf(mutant))
  }
}

const read = (file: string): readonly Survivor[] =>
  JSON.parse(readFileSync(file, 'utf8')) as readonly Survivor[]

/** Those that a run has written to a file. */
export const survivorsIn = (file: string): Survivors => new Survivors(read(file))

/** Those that nobody needs to notice. Throws when one of them has no reason. */
export function acceptedSurvivors(): Survivors {
  const survivors = existsSync(ACCEPTED_FILE) ? read(ACCEPTED_FILE) : []
  const silent = survivors.find(({ reason }) => reason.trim() === '')
  if (silent) throw new Error(`${ACCEPTED_FILE} gives no reason for ${silent.file}: ${silent.change}`)
  return new Survivors(survivors)
}
