import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import type { CommandRunner } from './index.ts'
import { readServerCredentials } from './server-credentials.ts'
import { writeStdout } from '../standard-streams.ts'

const USAGE = `Usage: lugsail env [--shell bash|fish|powershell] [--data DIR] [--account NAME]

Prints the lines that make this shell's lugsail, aws, boto3 and SDKs talk to a server on this machine:

  eval "$(lugsail env)"                                      bash, zsh
  lugsail env --shell fish | source                          fish
  lugsail env --shell powershell | Out-String | Invoke-Expression
`

interface Shell {
  readonly set: (name: string, value: string) => string
  readonly unset: (name: string) => string
}

const bash: Shell = {
  set: (name, value) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  unset: (name) => `unset ${name}`,
}

const shells: Readonly<Record<string, Shell>> = {
  bash,
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
    unset: (name) => `set -e ${name}`,
  },
  powershell: {
    set: (name, value) => `$Env:${name} = '${value.replaceAll("'", "''")}'`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  },
}

/** `lugsail env`: lines for a shell to evaluate. */
export const run: CommandRunner = async ({ args, env }) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      shell: { type: 'string' },
      data: { type: 'string' },
      account: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) {
    writeStdout(USAGE)
    return 0
  }
  const shell = values.shell === undefined ? ownShell(env) : shells[values.shell]
  if (!shell) throw new Error(`--shell: expected one of ${Object.keys(shells).join(', ')}`)
  const server = readServerCredentials({ data: values.data, account: values.account }, env)
  const lines = [
    shell.set('AWS_ACCESS_KEY_ID', server.accessKeyId),
    shell.set('AWS_SECRET_ACCESS_KEY', server.secretAccessKey),
    shell.set('AWS_REGION', server.region),
    shell.set('AWS_DEFAULT_REGION', server.region),
    shell.set('AWS_ENDPOINT_URL', server.endpointUrl),
    // What would win over, or not go with, the lines above.
    ...['AWS_PROFILE', 'AWS_SESSION_TOKEN'].filter((name) => env[name] !== undefined).map(shell.unset),
  ]
  writeStdout(`${lines.join('\n')}\n`)
  return 0
}

const ownShell = (env: NodeJS.ProcessEnv): Shell => shells[basename(env['SHELL'] ?? '')] ?? bash
