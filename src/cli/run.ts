import { lightsailOperations } from '../model/lightsail/index.ts'
import { toKebabCase } from '../model/operation.ts'
import type { Operation } from '../model/operation.ts'
import { handWrittenCommands } from './commands/index.ts'
import { SERVER_COMMANDS } from './commands/server-commands.ts'
import { ConfigFileError } from './config/ini-file.ts'
import { GLOBAL_OPTIONS, globalValues } from './grammar/global-options.ts'
import { parseArguments } from './grammar/parse-arguments.ts'
import type { Query } from './query/index.ts'
import { writeStderr, writeStdout } from './standard-streams.ts'
import { isUsageError, UnknownOptionsError, UsageError } from './usage-error.ts'
import { VERSION } from './version.ts'

const USAGE = `usage: lugsail [options] <command> [parameters]
To see help text, you can run:

  lugsail help
  lugsail <command> help
`
const SERVICE = 'lightsail'

/** Exit codes, which are AWS CLI v1's. */
const FAILED = 255
const UNREADABLE_CONFIG = 1
const MISUSED = 2

/** Runs a command line; gives the exit code. Everything a user did wrong, or that went wrong, ends as a message here. */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const [first = '', ...rest] = args
    const command = Object.hasOwn(handWrittenCommands, first) ? handWrittenCommands[first] : undefined
    if (command !== undefined) return await (await command.load()).run({ args: rest, env })
    return await dispatch(args, env)
  } catch (error) {
    if (isUsageError(error)) {
      writeStderr(`${USAGE}\nlugsail: error: ${error.message}\n`)
      return MISUSED
    }
    const message = error instanceof Error ? error.message : String(error)
    writeStderr(error instanceof UnknownOptionsError ? `${USAGE}${message}\n` : `\n${message}\n`)
    if (args.includes('--debug') && error instanceof Error) writeStderr(`${error.stack ?? ''}\n`)
    return error instanceof ConfigFileError ? UNREADABLE_CONFIG : FAILED
  }
}

const operationsByCommand = new Map<string, Operation>(
  Object.values(lightsailOperations)
    .map((operation): [string, Operation] => [toKebabCase(operation.name), operation])
    .sort(([a], [b]) => (a < b ? -1 : 1)),
)

async function dispatch(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const operationNames = [...operationsByCommand.keys()]
  const others = [...Object.keys(handWrittenCommands), ...Object.keys(SERVER_COMMANDS)]
  const main = parseArguments(args, [
    ...GLOBAL_OPTIONS,
    {
      name: 'command',
      key: 'command',
      takes: 'one',
      isRequired: true,
      choices: [SERVICE, ...operationNames, ...others, 'help'],
    },
  ])
  if (main.values.get('version') === true) {
    writeStdout(`lugsail/${VERSION} node/${process.versions.node} ${process.platform}/${process.arch}\n`)
    return 0
  }
  const command = main.values.get('command')
  const wantsHelp = main.values.get('help') === true
  const showHelp = async (operation?: Operation, isService = false): Promise<number> =>
    (await import('./help/index.ts')).showHelp({ operation, isService })
  if (command === undefined || command === 'help') return showHelp()
  if (typeof command === 'string' && others.includes(command))
    throw new UsageError(`${command} takes its options after its name: lugsail ${command} …`)

  const globals = globalValues(main.values)
  const query = await compileQuery(globals.query)
  const { openSession } = await import('./session.ts')
  const session = openSession(globals, env)

  let name = command
  let operationArgs = main.rest
  if (command === SERVICE) {
    const service = parseArguments(main.rest, [
      {
        name: 'operation',
        key: 'operation',
        takes: 'one',
        isRequired: !wantsHelp,
        choices: [...operationNames, 'help'],
      },
    ])
    name = service.values.get('operation') ?? 'help'
    operationArgs = service.rest
    if (name === 'help') return showHelp(undefined, true)
  }
  const operation = typeof name === 'string' ? operationsByCommand.get(name) : undefined
  if (operation === undefined) return showHelp()
  if (wantsHelp) return showHelp(operation)
  const { runOperation } = await import('./run-operation.ts')
  return runOperation({
    session,
    operation,
    args: operationArgs,
    query,
    write: writeStdout,
    showHelp: () => showHelp(operation),
  })
}

async function compileQuery(expression: string | undefined): Promise<Query | undefined> {
  if (expression === undefined) return undefined
  const { compile } = await import('./query/compile.ts')
  try {
    return compile(expression)
  } catch (error) {
    throw new Error(
      `Bad value for --query ${expression}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
}
