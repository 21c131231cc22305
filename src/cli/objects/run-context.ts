import type { ArgumentValue } from '../grammar/argument.ts'
import { UsageError } from '../usage-error.ts'
import type { Session } from '../session.ts'
import type { Connection } from './connect.ts'
import type { Report } from './report.ts'
import type { TransferContext } from './transfer.ts'

/** What a command that works on objects runs with. */
export interface ObjectRun extends Connection, TransferContext {
  readonly session: Session
  /** The command's name. */
  readonly command: string
  readonly report: Report
  readonly options: ObjectOptions
  /** The words behind the name, as many as the command has; one that was left out is undefined. */
  readonly words: readonly (string | undefined)[]
}

/** The options of such a command, as typed. */
export class ObjectOptions {
  readonly #values: ReadonlyMap<string, ArgumentValue>

  constructor(values: ReadonlyMap<string, ArgumentValue>) {
    this.#values = values
  }

  /** Whether a flag was given. */
  has(key: string): boolean {
    return this.#values.get(key) === true
  }

  text(key: string): string | undefined {
    const value = this.#values.get(key)
    return typeof value === 'string' ? value : undefined
  }

  /** The words of an option that takes several. */
  list(key: string): readonly string[] | undefined {
    const value = this.#values.get(key)
    return Array.isArray(value) ? value.map(String) : undefined
  }

  /** A number within bounds. @throws UsageError for another one */
  number(
    key: string,
    { name, min, max }: { readonly name: string; readonly min: number; readonly max: number },
  ) {
    const value = this.#values.get(key)
    if (typeof value !== 'number') return undefined
    if (value < min || value > max) throw new UsageError(`${name} must be ${min} to ${max}, got ${value}`)
    return value
  }
}

/** Runs one command, after all options were read; what it could not do, it has told its report. */
export type ObjectRunner = (run: ObjectRun) => Promise<void>
