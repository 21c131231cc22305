import { basename } from 'node:path'
import { CONTRARY_VARIABLES, variablesOf } from '../config/key-variables.ts'
import type { CommandRunner } from './command.ts'
import { readServerCredentials } from './server-credentials.ts'
import { writeStdout } from '../standard-streams.ts'
import { UsageError } from '../usage-error.ts'
import { readTextOptions } from './text-options.ts'
import { fishQuoted, shellQuoted } from '../../base/shell-word.ts'

const USAGE = `Usage: lugsail env [--shell bash|zsh|fish|powershell] [--data DIR]
                   [--account NAME]

Prints the lines that make this shell's lugsail, aws, boto3 and SDKs talk to a
server on this machine:

  eval "$(lugsail env)"                                      bash, zsh
  lugsail env --shell fish | source                          fish
  lugsail env --shell powershell | Out-String | Invoke-Expression

  --shell NAME     the shell to write for; the one of SHELL when absent
  --data DIR       the server's data folder; lugsail-data when absent
  --account NAME   the account whose key pair was kept there; the first one's
                   when absent
`

interface Shell {
  readonly set: (name: string, value: string) => string
  readonly unset: (name: string) => string
}

const bash: Shell = {
  set: (name, value) => `export ${name}=${shellQuoted(value)}`,
  unset: (name) => `unset ${name}`,
}

const shells: Readonly<Record<string, Shell>> = {
  bash,
  zsh: bash,
  fish: {
    set: (name, value) => `set -gx ${name} ${fishQuoted(value)}`,
    unset: (name) => `set -e ${name}`,
  },
  powershell: {
    set: (name, value) => `$Env:${name} = '${value.replaceAll("'", "''")}'`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  },
}

/** `lugsail env`: lines for a shell to evaluate. */
export const run: CommandRunner = async ({ args, env }) => {
  const options = readTextOptions('env', ['shell', 'data', 'account'], args)
  if (options === undefined) {
    writeStdout(USAGE)
    return 0
  }
  const shell =
    options.shell === undefined
      ? (shellNamed(basename(env['SHELL'] ?? '')) ?? bash)
      : shellNamed(options.shell)
  if (shell === undefined)
    throw new UsageError(
      `env: --shell: expected one of ${Object.keys(shells).join(', ')}, got ${JSON.stringify(options.shell)}`,
    )
  const server = readServerCredentials(options, env)
  const lines = [
    ...Object.entries(variablesOf(server)).map(([name, value]) => shell.set(name, value)),
    ...CONTRARY_VARIABLES.filter((name) => env[name] !== undefined).map(shell.unset),
  ]
  writeStdout(`${lines.join('\n')}\n`)
  return 0
}

const shellNamed = (name: string): Shell | undefined =>
  Object.hasOwn(shells, name) ? shells[name] : undefined
