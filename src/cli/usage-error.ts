/** What was typed cannot be understood: shown after the usage line; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** By the name, not the class: a command that is a file of its own when built (build/bundle.mjs) throws its own copy of the class. */
export const isUsageError = (error: unknown): error is UsageError =>
  error instanceof Error && error.name === 'UsageError'

/** Options that no command knows: shown after the usage line; exit code 255. */
export class UnknownOptionsError extends Error {
  constructor(unknown: readonly string[]) {
    super(`Unknown options: ${unknown.join(', ')}`)
  }
}
