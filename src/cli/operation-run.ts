import type { Operation } from '../model/operation.ts'
import type { Query } from './query/index.ts'
import type { Session } from './session.ts'

/** One call of an operation as it was typed. */
export interface OperationRun {
  readonly session: Session
  readonly operation: Operation
  /** What the global options left of the command line, after the operation's name. */
  readonly args: readonly string[]
  readonly query: Query | undefined
  /** Takes text that may be shown as it is. Ends the program, quietly, when nobody reads. */
  readonly write: (text: string) => void
  /** As `write`, but throws when nobody reads. */
  readonly writeOrThrow: (text: string) => void
  readonly showHelp: () => Promise<number>
}
