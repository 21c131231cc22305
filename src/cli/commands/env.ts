import { basename } from 'node:path'
import type { CommandRunner } from './command.ts'
import { readServerCredentials } from './server-credentials.ts'
import { writeStdout } from '../standard-streams.ts'
import { UsageError } from '../usage-error.ts'
import { readTextOptions } from './text-options.ts'

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
  set: (name, value) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  unset: (name) => `unset ${name}`,
}

const shells: Readonly<Record<string, Shell>> = {
  bash,
  zsh: bash,
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
    unset: (name) => `set -e ${name}`,
  },
  powershell: {
    set: (name, value) => `$Env:${name} = '${value.replaceAll("'", "''")}'`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  },
}

/** Variables that would win over the ones that are set, or not go with them. */
const CONTRARY = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_ENDPOINT_URL_LIGHTSAIL',
  'AWS_ENDPOINT_URL_S3',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
]

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
    shell.set('AWS_ACCESS_KEY_ID', server.accessKeyId),
    shell.set('AWS_SECRET_ACCESS_KEY', server.secretAccessKey),
    shell.set('AWS_REGION', server.region),
    shell.set('AWS_DEFAULT_REGION', server.region),
    shell.set('AWS_ENDPOINT_URL', server.endpointUrl),
    ...(server.caBundle === undefined ? [] : [shell.set('AWS_CA_BUNDLE', server.caBundle)]),
    ...CONTRARY.filter((name) => env[name] !== undefined).map(shell.unset),
  ]
  writeStdout(`${lines.join('\n')}\n`)
  return 0
}

const shellNamed = (name: string): Shell | undefined =>
  Object.hasOwn(shells, name) ? shells[name] : undefined
