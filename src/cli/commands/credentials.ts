import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { signRequest } from '../../auth/sign-request.ts'
import { STS_RULES } from '../../auth/service-rules.ts'
import { systemClock } from '../../base/clock.ts'
import { terminalLine } from '../../base/terminal-text.ts'
import { parseRequestUrl } from '../../client/http/request-url.ts'
import { proxySettingsOf } from '../../client/http/proxy.ts'
import { ConnectionTransport } from '../../client/http/transport.ts'
import { ENTRY_NAME } from '../key-files/entry-name.ts'
import { secondsOf } from '../key-words.ts'
import { writeStdout } from '../standard-streams.ts'
import { UsageError } from '../usage-error.ts'
import type { CommandRunner } from './command.ts'
import { readTextOptions } from './text-options.ts'

const USAGE = `Usage: lugsail credentials (--key-file FILE | --keyring NAME) [--role NAME|ARN]
                           [--session-name NAME] [--policy-file FILE] [--for TIME]

Prints temporary credentials as a program that credential_process names does, so
that the key itself is with no SDK and in no environment:

  [profile reports]
  credential_process = lugsail credentials --key-file /home/me/reports.json
  endpoint_url = https://lugsail.example.org

  --key-file FILE      the key, as "--write-json FILE" writes it; no one else may
                       read the file
  --keyring NAME       the key, as "--write-keyring NAME" keeps it in the keyring of
                       the operating system
  --role NAME          the role to take, of the key's account, or its ARN; the
                       credentials stand for the key itself when absent
  --session-name NAME  what the session is called; the user's name when absent
  --policy-file FILE   a policy document that the session is kept to
  --for TIME           how long they last, 15m to 12h; an hour when absent, and
                       less where the role's sessions last less
`

/** What `--write-json` and `--write-keyring` write, as far as it is needed here. */
interface KeptKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly endpointUrl: string
  readonly region: string
  readonly caBundle?: string
}

/** Of credentials that stand for the key itself. */
const SECONDS_DEFAULT = 3_600
const CONNECT_TIMEOUT_MS = 10_000
const READ_TIMEOUT_MS = 30_000

/** `lugsail credentials`: asks STS with a key that is kept in a file or the keyring. */
export const run: CommandRunner = async ({ args, env }) => {
  const options = readTextOptions(
    'credentials',
    ['key-file', 'keyring', 'role', 'session-name', 'policy-file', 'for'],
    args,
  )
  if (options === undefined) {
    writeStdout(USAGE)
    return 0
  }
  const { 'key-file': path, keyring: entry, role, 'policy-file': policyFile } = options
  if (path !== undefined && entry !== undefined)
    throw new UsageError('credentials: --key-file and --keyring are two places for one key: give one')
  const bound = ['session-name', 'policy-file'] as const
  for (const name of bound)
    if (options[name] !== undefined && role === undefined)
      throw new UsageError(`credentials: --${name} is for a role: name it with --role`)
  const seconds = options.for === undefined ? null : secondsOf('credentials: --for', options.for)
  const key = await readKey(path, entry)
  const send = sender(key, env)
  const text =
    role === undefined
      ? await send({ Action: 'GetSessionToken', DurationSeconds: String(seconds ?? SECONDS_DEFAULT) })
      : await send({
          Action: 'AssumeRole',
          RoleArn: role.startsWith('arn:') ? role : await roleArnOf(role, send),
          RoleSessionName: options['session-name'] ?? sessionNameOf(env),
          // Where nothing is said, the server knows how long sessions of the role last.
          ...(seconds !== null && { DurationSeconds: String(seconds) }),
          ...(policyFile !== undefined && { Policy: readFileSync(policyFile, 'utf8') }),
        })
  const credentials = {
    Version: 1,
    AccessKeyId: elementOf(text, 'AccessKeyId'),
    SecretAccessKey: elementOf(text, 'SecretAccessKey'),
    SessionToken: elementOf(text, 'SessionToken'),
    Expiration: elementOf(text, 'Expiration'),
  }
  writeStdout(`${JSON.stringify(credentials)}\n`)
  return 0
}

/** Reads the key. Throws UsageError where no place is named. */
async function readKey(path: string | undefined, entry: string | undefined): Promise<KeptKey> {
  if (path !== undefined) return parseKey(readKeyFile(path), `${path} is no key file`, '--write-json FILE')
  if (entry === undefined) throw new UsageError('credentials: --key-file or --keyring is missing')
  if (!ENTRY_NAME.test(entry))
    throw new UsageError(
      `credentials: --keyring: expected a name of letters, digits and _.@+-, got ${JSON.stringify(entry)}`,
    )
  const { openKeyring } = await import('../key-files/keyring.ts')
  const text = await openKeyring().read(entry)
  if (text === null)
    throw new Error(`the keyring has no key ${terminalLine(entry)}; "--write-keyring NAME" keeps one`)
  return parseKey(text, `what the keyring has as ${terminalLine(entry)} is no key`, '--write-keyring NAME')
}

/** Throws an Error for a file that others may read. */
function readKeyFile(path: string): string {
  const { mode } = statSync(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new Error(`${path} may be read by others: chmod 600 ${path}`)
  return readFileSync(path, 'utf8')
}

/** Throws an Error for a text that holds no key; `maker`: the option that makes one. */
function parseKey(text: string, fault: string, maker: string): KeptKey {
  const members = parseJson(text)
  const member = (name: keyof KeptKey): string => {
    const value = members[name]
    if (typeof value === 'string' && value !== '') return value
    throw new Error(`${fault}: it has no ${name}; "${maker}" makes one`)
  }
  const { caBundle } = members
  return {
    accessKeyId: member('accessKeyId'),
    secretAccessKey: member('secretAccessKey'),
    endpointUrl: member('endpointUrl'),
    region: member('region'),
    ...(typeof caBundle === 'string' && { caBundle }),
  }
}

/** What is no object has no members. */
function parseJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    // The text may be a secret: nothing of it is told.
    return {}
  }
}

type Send = (parameters: Readonly<Record<string, string>>) => Promise<string>

function sender({ endpointUrl, region, caBundle, ...credentials }: KeptKey, env: NodeJS.ProcessEnv): Send {
  const transport = new ConnectionTransport({
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    readTimeoutMs: READ_TIMEOUT_MS,
    tls: {
      isVerified: true,
      caBundlePath: caBundle ?? env['AWS_CA_BUNDLE'],
      extraCaPath: env['NODE_EXTRA_CA_CERTS'],
    },
    proxies: proxySettingsOf(env),
  })
  const url = parseRequestUrl(`${endpointUrl.replace(/\/$/, '')}/`)
  return async (parameters) => {
    const body = Buffer.from(new URLSearchParams({ ...parameters, Version: '2011-06-15' }).toString())
    const { headers } = signRequest({
      method: 'POST',
      url: '/',
      headers: {
        host: new URL(endpointUrl).host,
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      },
      payloadHash: createHash('sha256').update(body).digest('hex'),
      credentials,
      rules: STS_RULES,
      region,
      nowMs: systemClock.now(),
    })
    const response = await transport.send({ method: 'POST', url, headers, body })
    const text = response.body.toString('utf8')
    if (response.status === 200) return text
    const message = terminalLine(elementOf(text, 'Message', `status ${response.status}`))
    throw new Error(`${parameters['Action'] ?? ''} was refused: ${message}`)
  }
}

async function roleArnOf(name: string, send: Send): Promise<string> {
  const account = elementOf(await send({ Action: 'GetCallerIdentity' }), 'Account')
  return `arn:aws:iam::${account}:role/${name}`
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

/** The text of the first element of a name. Throws an Error where there is none and nothing stands for it. */
function elementOf(text: string, name: string, otherwise?: string): string {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? otherwise
  if (found === undefined) throw new Error(`the server's response has no ${name}: is it a Lugsail server?`)
  return found.replaceAll(/&(lt|gt|quot|apos|amp);/g, (whole, entity: string) => ENTITIES[entity] ?? whole)
}

/** What may stand in a session's name of who is logged in. */
function sessionNameOf(env: NodeJS.ProcessEnv): string {
  const name = (env['USER'] ?? env['USERNAME'] ?? '').replaceAll(/[^\w+=,.@-]+/g, '-').slice(0, 64)
  return name.length < 2 ? 'lugsail' : name
}
