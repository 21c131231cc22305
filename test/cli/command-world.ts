import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { TEMPORARY } from './credential-services.ts'
import { StubEndpoint } from './stub-endpoint.ts'
import type { SeenRequest, StubResponse } from './stub-endpoint.ts'

export const ACCESS_KEY_ID = 'AKIDPARITYEXAMPLE000'
export const SECRET_ACCESS_KEY = 'parity+secret/Example0000000000000000000'
const DEFAULT_ENV = {
  AWS_ACCESS_KEY_ID: ACCESS_KEY_ID,
  AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
  AWS_DEFAULT_REGION: 'us-east-1',
}

/** A command line and what is around it. `{ENDPOINT}` and `{DIR}` in any text stand for the stub's URL and the working folder. */
export interface CommandLine {
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Leaves out the default credentials and region. */
  readonly bare?: boolean
  /** Text of ~/.aws/config. */
  readonly config?: string
  /** Text of ~/.aws/credentials. */
  readonly credentials?: string
  /** Files of the working folder: name → text. */
  readonly files?: Readonly<Record<string, string>>
  /** Files of the home folder: path → text. */
  readonly homeFiles?: Readonly<Record<string, string>>
  readonly responses?: readonly StubResponse[]
  readonly stdin?: string
}

/** What a user and the endpoint saw; the stub's URL and the folders are put back to their placeholders. */
export interface CommandResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  readonly requests: readonly SeenRequest[]
}

/** Runs the command with an environment, in a working folder. */
export type Execute = (
  args: readonly string[],
  around: { readonly env: NodeJS.ProcessEnv; readonly cwd: string; readonly stdin: string },
) => Promise<Pick<CommandResult, 'exitCode' | 'stdout' | 'stderr'>>

/** Runs the command against a stub endpoint, in a home folder of its own. */
export class CommandWorld {
  readonly #execute: Execute
  readonly #stub = new StubEndpoint({
    [ACCESS_KEY_ID]: SECRET_ACCESS_KEY,
    AKIDPROFILE000000000: 'profile/secret/Example00000000000000000',
    [TEMPORARY.accessKeyId]: TEMPORARY.secretAccessKey,
  })
  #url = ''

  /** Why a test is passed over that needs a process for the command: its standard input, or what else it starts. */
  readonly withoutProcess: string | false

  /** `execute` is how the command is run. */
  constructor(execute: Execute, { isInProcess = false }: { readonly isInProcess?: boolean } = {}) {
    this.#execute = execute
    this.withoutProcess = isInProcess && 'needs a process of its own'
  }

  /** Where the stub answers. */
  get url(): string {
    return this.#url
  }

  async start(): Promise<void> {
    this.#url = await this.#stub.start()
  }

  async stop(): Promise<void> {
    await this.#stub.stop()
  }

  async run(line: CommandLine): Promise<CommandResult> {
    const folder = mkdtempSync(join(tmpdir(), 'lugsail-cli-'))
    const home = join(folder, 'home')
    const cwd = join(folder, 'cwd')
    const fill = (text: string): string => text.replaceAll('{ENDPOINT}', this.#url).replaceAll('{DIR}', cwd)
    const hide = (text: string): string =>
      text.replaceAll(this.#url, '{ENDPOINT}').replaceAll(cwd, '{DIR}').replaceAll(folder, '{TMP}')
    try {
      mkdirSync(join(home, '.aws'), { recursive: true })
      mkdirSync(cwd)
      if (line.config !== undefined) writeFileSync(join(home, '.aws/config'), fill(line.config))
      if (line.credentials !== undefined)
        writeFileSync(join(home, '.aws/credentials'), fill(line.credentials))
      for (const [name, text] of Object.entries(line.homeFiles ?? {})) {
        mkdirSync(dirname(join(home, name)), { recursive: true })
        writeFileSync(join(home, name), fill(text))
      }
      for (const [name, text] of Object.entries(line.files ?? {})) writeFileSync(join(cwd, name), fill(text))
      this.#stub.expect(
        (line.responses ?? []).map((response) =>
          response.body === undefined ? response : { ...response, body: fill(response.body) },
        ),
      )
      const env = {
        PATH: process.env['PATH'] ?? '',
        HOME: home,
        TZ: 'UTC',
        LANG: 'C.UTF-8',
        COLUMNS: '80',
        AWS_EC2_METADATA_DISABLED: 'true',
        ...(line.bare === true ? {} : DEFAULT_ENV),
        ...Object.fromEntries(Object.entries(line.env ?? {}).map(([name, value]) => [name, fill(value)])),
      }
      const ended = await this.#execute(line.args.map(fill), { env, cwd, stdin: line.stdin ?? '' })
      return {
        exitCode: ended.exitCode,
        stdout: hide(ended.stdout),
        stderr: hide(ended.stderr),
        requests: this.#stub.requests,
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
