/** What was typed cannot be understood: shown after the usage line; exit code 2. */
export class UsageError extends Error {}

/** Options that no command knows: shown after the usage line; exit code 255. */
export class UnknownOptionsError extends Error {
  constructor(unknown: readonly string[]) {
    super(`Unknown options: ${unknown.join(', ')}`)
  }
}
