import { lightsailOperations } from '../model/lightsail/index.ts'
import { LUGSAIL_OPERATION_NAMES } from '../model/lugsail/names.ts'
import { toKebabCase } from '../model/operation.ts'
import type { Operation } from '../model/operation.ts'
import { aliasWords, readAliases, runShellAlias } from './aliases.ts'
import { handWrittenCommands } from './commands/index.ts'
import { SERVER_COMMANDS } from './commands/server-commands.ts'
import { ConfigFileError } from '../protocol/ini/parse-ini.ts'
import { isFault } from './fault.ts'
import type { ParsedArguments } from './grammar/argument.ts'
import { GLOBAL_OPTIONS, globalValues } from './grammar/global-options.ts'
import { parseArguments } from './grammar/parse-arguments.ts'
import type { Query } from './query/index.ts'
import { writeStderr, writeStdout, writeStdoutOrThrow, writeStyledStdout } from './standard-streams.ts'
import { isUsageError, UnknownOptionsError, UsageError } from './usage-error.ts'
import { VERSION } from '../base/version.ts'

const USAGE = `usage: lugsail [options] <command> [parameters]
To see help text, you can run:

  lugsail help
  lugsail <command> help
`
const SERVICE = 'lightsail'

/** What is typed first for want of anything else, and what it stands for. */
const SHORT_FORMS: Readonly<Record<string, string>> = { '-h': '--help', '-v': '--version' }

/** Exit codes, which are AWS CLI v1's. */
const FAILED = 255
const UNREADABLE_CONFIG = 1
const MISUSED = 2

/** Runs a command line; gives the exit code. Everything a user did wrong, or that went wrong, ends as a message. */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const [typed = 'help', ...rest] = await withoutKeyWords(args)
    const first = SHORT_FORMS[typed] ?? typed
    const command = Object.hasOwn(handWrittenCommands, first) ? handWrittenCommands[first] : undefined
    if (command !== undefined) return await (await command.load()).run({ args: rest, env })
    if (first === 'help' && rest[0] !== undefined) return await help(rest)
    return await dispatch([first, ...rest], env)
  } catch (error) {
    return await tellError(error, args)
  }
}

/** The command line with the operation's command where it has the shorter form, `key create NAME` or `role list`. */
async function withoutKeyWords(args: readonly string[]): Promise<readonly string[]> {
  if (!args.includes('key') && !args.includes('role')) return args
  return (await import('./key-words.ts')).expandKeyWords(args) ?? args
}

/** Says what went wrong with the command line `args`; gives the exit code. A fault of this program is told apart from all that users can mend. */
export async function tellError(error: unknown, args: readonly string[]): Promise<number> {
  const { faultReport, hintsFor } = await import('./hints/index.ts')
  const trace = args.includes('--debug') && error instanceof Error ? `${error.stack ?? ''}\n` : ''
  if (isFault(error)) {
    writeStderr(`${faultReport(error)}${trace}`)
    return FAILED
  }
  const [before, after] = await hintsFor(error, args)
  if (isUsageError(error)) {
    writeStderr(`${USAGE}\n${before}lugsail: error: ${error.message}\n${after}`)
    return MISUSED
  }
  const message = error instanceof Error ? error.message : String(error)
  writeStderr(`${error instanceof UnknownOptionsError ? USAGE : '\n'}${message}\n${after}${trace}`)
  return error instanceof ConfigFileError ? UNREADABLE_CONFIG : FAILED
}

const operationsByCommand = new Map<string, Operation>(
  Object.values(lightsailOperations)
    .map((operation): [string, Operation] => [toKebabCase(operation.name), operation])
    .sort(([a], [b]) => (a < b ? -1 : 1)),
)

/** The commands of Lugsail's own API, with its names; what they are is loaded when one is typed. */
const ownNames = new Map(LUGSAIL_OPERATION_NAMES.map((name) => [toKebabCase(name), name]))

async function findOperation(command: unknown): Promise<Operation | undefined> {
  if (typeof command !== 'string') return undefined
  const own = ownNames.get(command)
  if (own === undefined) return operationsByCommand.get(command)
  return (await import('../model/lugsail/index.ts')).lugsailOperations[own]
}

/** Shows the help of a command that is named behind the word `help`. */
async function help(words: readonly string[]): Promise<number> {
  const [name = '', ...more] = words[0] === SERVICE && words.length > 1 ? words.slice(1) : words
  const { showHelp } = await import('./help/index.ts')
  const operation = await findOperation(name)
  if (more.length > 0) throw new UsageError(`help: expected one command, got ${words.join(' ')}`)
  if (operation !== undefined) return await showHelp({ operationName: operation.name, isService: false })
  if (name === SERVICE || name.startsWith('-') || name === 'help')
    return await showHelp({ isService: name === SERVICE })
  const command = Object.hasOwn(handWrittenCommands, name) ? handWrittenCommands[name] : undefined
  if (command !== undefined) return await (await command.load()).run({ args: ['help'], env: process.env })
  throw new UsageError(`help: there is no command ${JSON.stringify(name)}; lugsail help lists all`)
}

async function dispatch(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const operationNames = [...operationsByCommand.keys()]
  const others = [...Object.keys(handWrittenCommands), ...Object.keys(SERVER_COMMANDS)]
  const aliases = readAliases(env)
  const builtIn = [SERVICE, ...operationNames, ...others, ...ownNames.keys(), 'help']
  const parse = (words: readonly string[]): ParsedArguments =>
    parseArguments(words, [
      ...GLOBAL_OPTIONS,
      {
        name: 'command',
        key: 'command',
        takes: 'one',
        isRequired: true,
        choices: [...builtIn, ...[...aliases.keys()].filter((name) => !builtIn.includes(name))],
      },
    ])
  let main = parse(args)
  const used = new Set<string>()
  for (;;) {
    const name = main.values.get('command')
    const alias = typeof name === 'string' && !used.has(name) ? aliases.get(name) : undefined
    if (typeof name !== 'string' || alias === undefined || main.values.get('version') === true) break
    if (alias.startsWith('!')) return await runShellAlias(alias, main.rest)
    used.add(name)
    main = expandAlias(name, parse(aliasWords(name, alias)), main)
    const next = String(main.values.get('command'))
    // An alias may have the name of the command that it stands for.
    if (used.has(next) && !(next === name && builtIn.includes(name)))
      throw new Error(`The alias "${name}" leads back to itself`)
  }
  if (main.values.get('version') === true) {
    writeStdout(`lugsail/${VERSION} node/${process.versions.node} ${process.platform}/${process.arch}\n`)
    return 0
  }
  const command = main.values.get('command')
  const wantsHelp = main.values.get('help') === true
  const showHelp = async (operation?: Operation, isService = false): Promise<number> =>
    await (await import('./help/index.ts')).showHelp({ operationName: operation?.name, isService })
  if (command === undefined || command === 'help') return await showHelp()
  if (typeof command === 'string' && others.includes(command))
    return await runOther(command, used.size > 0 ? main.rest : args, env, used.size > 0)

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
    if (name === 'help') return await showHelp(undefined, true)
  }
  const operation = await findOperation(name)
  if (operation === undefined) return await showHelp()
  if (wantsHelp) return await showHelp(operation)
  const { runOperation } = await import('./run-operation.ts')
  return await runOperation({
    session,
    operation,
    args: operationArgs,
    query,
    write: writeStyledStdout,
    writeOrThrow: writeStdoutOrThrow,
    showHelp: () => showHelp(operation),
  })
}

/**
 * A command that parses its own options, typed behind options of the whole program. Those that take them get all words but their name; the others
 * can be run only from an alias, which has put the words in order.
 */
async function runOther(
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  isAliased: boolean,
): Promise<number> {
  const command = Object.hasOwn(handWrittenCommands, name) ? handWrittenCommands[name] : undefined
  if (command === undefined || (!isAliased && command.takesGlobalOptions !== true))
    throw new UsageError(`${name} takes its options after its name: lugsail ${name} …`)
  const words = isAliased ? args : args.toSpliced(args.indexOf(name), 1)
  return await (await command.load()).run({ args: words, env })
}

/** What an alias stands for, with what was typed around it: global options of the alias count over those. */
function expandAlias(name: string, alias: ParsedArguments, typed: ParsedArguments): ParsedArguments {
  for (const option of ['debug', 'profile'])
    if (alias.values.has(option))
      throw new Error(
        `Global parameter "--${option}" detected in alias "${name}" which is not supported in subcommand aliases.`,
      )
  return { values: new Map([...typed.values, ...alias.values]), rest: [...alias.rest, ...typed.rest] }
}

async function compileQuery(expression: string | undefined): Promise<Query | undefined> {
  if (expression === undefined) return undefined
  const { compile } = await import('./query/compile.ts')
  try {
    return compile(expression)
  } catch (error) {
    if (isFault(error)) throw error
    throw new Error(
      `Bad value for --query ${expression}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
}
