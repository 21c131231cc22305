import { inspect } from 'node:util'
import { systemClock } from '../base/clock.ts'
import { keepNewFilesPrivate } from '../base/private-mode.ts'
import { terminalText } from '../base/terminal-text.ts'
import { toControlForm } from '../control/errors.ts'
import { isDomainError } from '../service/errors/domain-error.ts'
import { ConfigurationError, StartFailure } from './configuration/errors.ts'
import type { ServerCommand } from './commands/command.ts'

/** The commands that work on the server's side, by the word that is typed; each is loaded only when it is. */
const commands: Readonly<Record<string, () => Promise<ServerCommand>>> = {
  serve: async () => (await import('./commands/serve.ts')).serve,
  account: async () => (await import('./commands/account.ts')).account,
  resource: async () => (await import('./commands/resource.ts')).resource,
  store: async () => (await import('./commands/store.ts')).store,
}

const SETTINGS_ARE_WRONG = 2

/** Tells a person: the words may name what the network brought, or quote another server. */
const say = (message: string): void => void process.stderr.write(`${terminalText(message)}\n`)

/** Does the command and gives its exit code: 0, 1 when it failed, 2 when it was asked for in a way that cannot be. */
async function main([name = '', ...args]: readonly string[]): Promise<number> {
  const load = commands[name]
  if (!load) {
    say(`lugsail: no such command: ${name}; there are ${Object.keys(commands).join(', ')}`)
    return SETTINGS_ARE_WRONG
  }
  try {
    const command = await load()
    return await command({ args, environment: process.env, clock: systemClock })
  } catch (error) {
    if (error instanceof ConfigurationError) {
      say(`lugsail ${name}: ${error.message}`)
      return SETTINGS_ARE_WRONG
    }
    if (error instanceof StartFailure) {
      say(`lugsail ${name}: ${error.message}`)
      return 1
    }
    const refusal = isDomainError(error) ? toControlForm(error) : null
    if (refusal) {
      say(`lugsail ${name}: ${refusal.message} (${refusal.code})`)
      return 1
    }
    // By their names: the classes lie with the commands that throw them.
    if (error instanceof Error && ['NotShown', 'StoreUnavailable'].includes(error.name)) {
      say(`lugsail ${name}: ${error.message}`)
      return 1
    }
    // What the system refused it tells in its own words.
    if (error instanceof Error && 'syscall' in error) {
      say(`lugsail ${name}: ${error.message}`)
      return 1
    }
    throw error
  }
}

keepNewFilesPrivate()
// Node would write the stack as it is, and the message in it may quote anybody.
process.on('uncaughtException', (error) => {
  say(inspect(error))
  process.exit(1)
})
// Who reads the output may leave early, as `head` does, and a server outlives whoever started it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') say(`lugsail: standard output: ${error.message}`)
})
void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code
})
