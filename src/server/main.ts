import { systemClock } from '../base/clock.ts'
import { keepNewFilesPrivate } from '../base/private-mode.ts'
import { ServiceError } from '../service/errors.ts'
import { ConfigurationError } from './configuration/errors.ts'
import type { ServerCommand } from './commands/command.ts'

/** The commands that work on the server's side, by the word that is typed; each is loaded only when it is. */
const commands: Readonly<Record<string, () => Promise<ServerCommand>>> = {
  serve: async () => (await import('./commands/serve.ts')).serve,
  account: async () => (await import('./commands/account.ts')).account,
  resource: async () => (await import('./commands/resource.ts')).resource,
  store: async () => (await import('./commands/store.ts')).store,
}

const SETTINGS_ARE_WRONG = 2

/** Does the command and gives its exit code: 0, 1 when it failed, 2 when it was asked for in a way that cannot be. */
async function main([name = '', ...args]: readonly string[]): Promise<number> {
  const load = commands[name]
  if (!load) {
    process.stderr.write(`lugsail: no such command: ${name}; there are ${Object.keys(commands).join(', ')}\n`)
    return SETTINGS_ARE_WRONG
  }
  try {
    const command = await load()
    return await command({ args, environment: process.env, clock: systemClock })
  } catch (error) {
    if (error instanceof ConfigurationError) {
      process.stderr.write(`lugsail ${name}: ${error.message}\n`)
      return SETTINGS_ARE_WRONG
    }
    if (error instanceof ServiceError) {
      process.stderr.write(`lugsail ${name}: ${error.message} (${error.code})\n`)
      return 1
    }
    // By its name: the class lies with the commands that throw it.
    if (error instanceof Error && error.name === 'NotShown') {
      process.stderr.write(`lugsail ${name}: ${error.message}\n`)
      return 1
    }
    throw error
  }
}

keepNewFilesPrivate()
// Who reads the output may leave early, as `head` does, and a server outlives whoever started it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`lugsail: standard output: ${error.message}\n`)
})
void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code
})
