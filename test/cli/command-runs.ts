/** How a command ended, and what it said. */
export interface Run {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A server that tests start, with its data folder. */
export interface RunsServer {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly dataFolder: string
  /** What it logged so far. */
  readonly log: () => string
  stop(): Promise<unknown>
}

/** What is around a command. */
interface Around {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Standard input; empty when absent. */
  readonly input?: string
}

/** How tests of commands against a server run both: as they were built, or in the process of the tests. */
export interface CommandRuns {
  /** Why a test is passed over that needs processes of their own. */
  readonly withoutProcess: string | false
  startServer(): Promise<RunsServer>
  lugsail(args: readonly string[], around: Around): Promise<Run>
}
