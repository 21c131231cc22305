import type { Clock } from '../../base/clock.ts'

/** What a server command works with. It writes to standard output and standard error. */
export interface CommandContext {
  /** What was typed behind the command's name. */
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
}

/** Does its work and gives the exit code. ConfigurationError and DomainError are shown by their message. */
export type ServerCommand = (context: CommandContext) => Promise<number>
