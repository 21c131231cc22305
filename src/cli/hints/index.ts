/**
 * What to do about an error, on a line of its own. The messages themselves are those of AWS CLI v1 wherever that has one, byte for byte; a hint never
 * stands where the two are compared, so none is given of what a stand-in for Amazon may answer as well.
 */
import { nearCommand } from './commands.ts'
import { connectionHint } from './connection.ts'
import { nearOptions } from './options.ts'

export { faultReport } from './fault.ts'

/** The hint's line with its end, before the error's message or behind it; both are empty where there is nothing to say. `args`: the command line. */
export async function hintsFor(
  error: unknown,
  args: readonly string[],
): Promise<readonly [before: string, after: string]> {
  const hint = error instanceof Error ? await find(error, args) : undefined
  if (!(error instanceof Error) || hint === undefined) return ['', '']
  const line = `lugsail: ${hint}\n`
  // Behind `error:` all is compared with what the reference says, except lists of commands, of which it has others.
  return error.name === 'UsageError' && !INVALID_COMMAND.test(error.message) ? [line, ''] : ['', line]
}

/** A word, such as `yesterday`: who wrote digits knows the form, and gets the reference's message alone. */
const WORD_FOR_TIME = /value: \D*, type: .*valid types: <class 'datetime\.datetime'>, timestamp-string/

const INVALID_COMMAND = /^argument (?:command|operation): Invalid choice/

/** By names and members: this file has its own copies of the errors' classes when built. */
async function find(error: Error, args: readonly string[]): Promise<string | undefined> {
  const { message } = error
  if ('hint' in error && typeof error.hint === 'string') return error.hint
  if ('kind' in error) return await connectionHint(error)
  if (INVALID_COMMAND.test(message)) return nearCommand(args)
  if (error.name === 'UsageError' || message.startsWith('Unknown options: ')) return nearOptions(args)
  if (WORD_FOR_TIME.test(message))
    return 'a time is written as 2030-01-31T12:00:00Z, or as seconds since 1970; date -u -d yesterday +%FT%TZ writes one'
  return undefined
}
