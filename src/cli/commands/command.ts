/** What a hand-written command gets. It writes through `standard-streams.ts`. */
export interface CommandContext {
  /** What was typed after the command's name. */
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

/** Does the command's work; resolves to the exit code. A thrown Error is shown by its message and exits with 255, a UsageError with 2. */
export type CommandRunner = (context: CommandContext) => Promise<number>

/** A command that follows from no operation of the API. */
export interface HandWrittenCommand {
  /** One line for `lugsail help`. */
  readonly summary: string
  readonly load: () => Promise<{ readonly run: CommandRunner }>
  /** Whether it takes the options that every bucket command takes, which may then stand before its name as well. */
  readonly takesGlobalOptions?: boolean
  /** Whether `lugsail help` names it in passing, without its summary: its page is full. */
  readonly isSeldomTyped?: boolean
}
