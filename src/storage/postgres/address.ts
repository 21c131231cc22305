import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { isLoopbackHost } from '../../base/loopback.ts'
import { decodePart, UrlParameters } from '../url-parameters.ts'

/** Where a PostgreSQL metadata store is and how to talk to it; read from a URL by {@link parsePostgresUrl}. */
export interface PostgresAddress {
  /** Tried in turn until one takes writes: the members of a cluster that fails over. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[]
  readonly database: string
  readonly user: string
  /** Absent: PGPASSWORD or the password file of the PostgreSQL client decides. */
  readonly password?: string
  readonly tls: ConnectionOptions | false
  /** Quoted identifier of the schema that holds the store. */
  readonly schema: string
  /** Connections that this process opens at most. */
  readonly connectionsMax: number
  /** Calls that may wait for a connection; more are refused as unavailable. */
  readonly waitingMax: number
  /** How long the server may take to answer one query. */
  readonly answerTimeoutMs: number
  /** Run although the server acknowledges commits before they are on disk. */
  readonly isUnsafeAllowed: boolean
}

const PORT_DEFAULT = 5432
const TLS_MODES = ['disable', 'require', 'verify-ca', 'verify-full']
const PARAMETERS = [
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'schema',
  'connections',
  'waiting',
  'answer_timeout_ms',
  'allow_unsafe_durability',
]
const PORT_MAX = 65_535
/** No `@` among the hosts: behind one that was not encoded stands a part of the password, which would be shown as a host's name. */
const FORM = /^postgres(?:ql)?:\/\/(?:([^/?#@]*)@)?([^/?#@]*)\/([^/?#]+)(?:\?([^#]*))?$/

/**
 * Reads `postgres://USER[:PASSWORD]@HOST[:PORT][,HOST[:PORT]…]/DATABASE[?NAME=VALUE&…]`. Throws RangeError with a message that names what is wrong
 * and never holds the password.
 */
export function parsePostgresUrl(url: string): PostgresAddress {
  const match = FORM.exec(url)
  if (!match)
    throw new RangeError(
      'expected postgres://USER[:PASSWORD]@HOST[:PORT]/DATABASE[?NAME=VALUE&…], each part percent-encoded',
    )
  const [, login = '', hostList = '', database = '', query = ''] = match
  const [user = '', ...passwordParts] = login.split(':')
  if (user === '') throw new RangeError('the URL must name a user: postgres://USER@HOST/DATABASE')
  const parameters = new UrlParameters(query, PARAMETERS)
  const hosts = hostList.split(',').map(parseHost)
  return {
    hosts,
    database: decodePart(database, 'database'),
    user: decodePart(user, 'user'),
    ...(passwordParts.length > 0 ? { password: decodePart(passwordParts.join(':'), 'password') } : {}),
    tls: tlsOptions(
      parameters,
      hosts.map(({ host }) => host),
    ),
    schema: schemaName(parameters.get('schema') ?? 'lugsail'),
    connectionsMax: parameters.wholeNumber('connections', { default: 16, min: 1, max: 1000 }),
    waitingMax: parameters.wholeNumber('waiting', { default: 1024, min: 0, max: 100_000 }),
    answerTimeoutMs: parameters.wholeNumber('answer_timeout_ms', { default: 10_000, min: 100, max: 600_000 }),
    isUnsafeAllowed: parameters.flag('allow_unsafe_durability', false),
  }
}

/** The address for messages: hosts, database and schema, never the login. */
export function describeAddress(address: PostgresAddress): string {
  const hosts = address.hosts.map(({ host, port }) => `${host}:${port}`).join(',')
  return `PostgreSQL at ${hosts}/${address.database}`
}

function parseHost(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3] ?? PORT_DEFAULT)
  if (host === undefined || port < 1 || port > PORT_MAX)
    throw new RangeError(`expected HOST or HOST:PORT, got ${JSON.stringify(text)}`)
  return { host: decodePart(host, 'host'), port }
}

/** Without TLS everything that is stored could be read on the way, so it must be asked for by name where the way leaves this machine. */
function tlsOptions(parameters: UrlParameters, hosts: readonly string[]): ConnectionOptions | false {
  const mode = parameters.get('sslmode') ?? (hosts.every(isLocal) ? 'disable' : null)
  if (mode === null || !TLS_MODES.includes(mode))
    throw new RangeError(
      `parameter sslmode must be one of ${TLS_MODES.join(', ')} for a server on another machine, got ${mode ?? 'nothing'}`,
    )
  if (mode === 'disable') return false
  const file = (name: string) => {
    const path = parameters.get(name)
    return path === null ? undefined : readFileSync(path, 'utf8')
  }
  const [ca, cert, key] = [file('sslrootcert'), file('sslcert'), file('sslkey')]
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    rejectUnauthorized: mode !== 'require',
    ...(mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  }
}

/** A path is the folder of a socket. */
const isLocal = (host: string) => host.startsWith('/') || isLoopbackHost(host)

function schemaName(name: string): string {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name))
    throw new RangeError(`parameter schema must be 1–63 of a-z, 0-9 and _, got ${JSON.stringify(name)}`)
  return `"${name}"`
}
