import { terminalLine } from '../../base/terminal-text.ts'
import type { CommandContext, CommandRunner } from '../commands/command.ts'
import { page } from '../help/pager.ts'
import { GLOBAL_OPTIONS, globalValues } from '../grammar/global-options.ts'
import { isFault } from '../fault.ts'
import { parseArguments } from '../grammar/parse-arguments.ts'
import type { ArgumentValue } from '../grammar/argument.ts'
import { openSession } from '../session.ts'
import { writeStderr } from '../standard-streams.ts'
import { takeSignal } from '../take-signal.ts'
import { isUsageError, UsageError } from '../usage-error.ts'
import { cat } from './cat.ts'
import { objectCommands } from './commands.ts'
import type { ObjectCommandName } from './commands.ts'
import { connect } from './connect.ts'
import { cp, mv } from './copy.ts'
import { explainError } from './explain-error.ts'
import { objectHelp } from './help.ts'
import { ls } from './ls.ts'
import { readObjectPlace } from './place.ts'
import type { ObjectPlace } from './place.ts'
import { presign } from './presign.ts'
import { Progress } from './progress.ts'
import { Report } from './report.ts'
import { rm } from './rm.ts'
import { revoke } from './revoke/index.ts'
import { ObjectOptions } from './run-context.ts'
import type { ObjectRunner } from './run-context.ts'

const runners: Readonly<Record<ObjectCommandName, ObjectRunner>> = {
  ls,
  cp,
  mv,
  rm,
  cat,
  presign,
  revoke,
  // Loaded when it runs: it has checksums, one of them machine code.
  import: async (run) => await (await import('./import/index.ts')).importStore(run),
}

/** Exit codes, which are those of `aws s3`. */
const FAILED = 1
const MISUSED = 2
/** After a signal: 128 and its number, as a shell counts it. */
const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const

/** Gives what runs the command of that name. */
export const objectCommand =
  (name: ObjectCommandName): CommandRunner =>
  (context) =>
    runObjectCommand(name, context)

async function runObjectCommand(name: ObjectCommandName, context: CommandContext): Promise<number> {
  try {
    const line = readLine(name, context.args)
    if (line !== undefined) return await carryOut(name, line, context.env)
    page(objectHelp(name))
    return 0
  } catch (error) {
    if (!isUsageError(error)) throw error
    writeStderr(`lugsail ${name}: ${terminalLine(error.message)}; see lugsail ${name} help\n`)
    return MISUSED
  }
}

/** What was typed: the options, and the words as many as the command has. */
interface ObjectLine {
  readonly values: ReadonlyMap<string, ArgumentValue>
  readonly words: readonly (string | undefined)[]
}

async function carryOut(
  name: ObjectCommandName,
  { values, words }: ObjectLine,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const globals = globalValues(values)
  const isJson = values.get('json') === true || globals.output === 'json'
  const options = new ObjectOptions(new Map([...values, ['json', isJson]]))
  const progress = new Progress({
    isOn: !options.has('noProgress') && !options.has('quiet'),
    isSingle: !options.has('recursive'),
  })
  const report = new Report({ command: name, isJson, isQuiet: options.has('quiet'), progress })
  const stop = catchSignals()
  let endpoint: string | undefined
  try {
    const session = openSession(globals, env)
    const connection = await connect(session, stop.signal)
    endpoint = connection.endpoint
    await runners[name]({
      ...connection,
      session,
      command: name,
      signal: stop.signal,
      progress,
      report,
      options,
      words,
    })
  } catch (error) {
    report.finish()
    // Whatever fails once it was interrupted does so because of that: libraries that are cut off throw errors of any kind.
    if (stop.signal.aborted) {
      writeStderr(`lugsail ${name}: interrupted\n`)
      if (globals.isDebug && error instanceof Error) writeStderr(`${error.stack ?? ''}\n`)
      return stop.exitCode()
    }
    if (isUsageError(error) || isFault(error)) throw error
    const place = firstPlace(name, words)
    writeStderr(`lugsail ${name}: ${explainError(error, { endpoint, place })}\n`)
    if (globals.isDebug && error instanceof Error) writeStderr(`${error.stack ?? ''}\n`)
    return FAILED
  }
  return report.finish()
}

/** Undefined when help is asked for. @throws UsageError */
function readLine(name: ObjectCommandName, args: readonly string[]): ObjectLine | undefined {
  if (args.length === 1 && (args[0] === 'help' || args[0] === '-h')) return undefined
  const command = objectCommands[name]
  const { values, rest } = parseArguments(args, [
    ...command.options,
    ...GLOBAL_OPTIONS.filter(
      ({ name: option }) => !NOT_TAKEN.includes(option) && command.omits?.includes(option) !== true,
    ),
  ])
  if (values.get('help') === true) return undefined
  const output = values.get('output')
  if (output !== undefined && output !== 'json' && output !== 'text')
    throw new UsageError(`--output: expected json or text, got ${String(output)}`)
  const end = rest.indexOf('--')
  const before = end < 0 ? rest : rest.slice(0, end)
  const unknown = before.find((word) => word.startsWith('-') && word !== '-')
  if (unknown !== undefined) throw new UsageError(`unknown option ${unknown}`)
  const words = end < 0 ? rest : [...before, ...rest.slice(end + 1)]
  const missing = command.words.slice(words.length).filter((word) => !word.startsWith(OPTIONAL))
  if (missing.length > 0) throw new UsageError(`expected ${missing.join(' and ')}`)
  if (words.length > command.words.length)
    throw new UsageError(`one word too many: ${words[command.words.length] ?? ''}`)
  return { values, words: command.words.map((_, index) => words[index]) }
}

/** How a word is written that may be left out. */
const OPTIONAL = '[s3://]['

/** Options of the bucket commands that would do nothing here. */
const NOT_TAKEN = ['--query', '--no-paginate', '--version']

/** The first object or bucket that was named. */
function firstPlace(
  name: ObjectCommandName,
  words: readonly (string | undefined)[],
): ObjectPlace | undefined {
  const isBare = objectCommands[name].words[0]?.startsWith('[') === true
  const word = words.find((each = '') => isBare || each.startsWith('s3://'))
  return word === undefined || word === 's3://' ? undefined : readObjectPlace(word)
}

/** The first signal aborts what runs, which then takes back what it began; the second one ends the program at once. */
function catchSignals(): { readonly signal: AbortSignal; readonly exitCode: () => number } {
  const controller = new AbortController()
  let exitCode = FAILED
  for (const [name, code] of SIGNALS) {
    takeSignal(name, () => {
      if (controller.signal.aborted) process.exit(code)
      exitCode = code
      controller.abort(new Error('interrupted'))
    })
  }
  return { signal: controller.signal, exitCode: () => exitCode }
}
