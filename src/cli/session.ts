import { isUtf8 } from 'node:buffer'
import { existsSync } from 'node:fs'
import type { ClientCredentials } from '../auth/sign-request.ts'
import { systemClock } from '../base/clock.ts'
import { checkBrackets, checkEndpointUrl, checkRegionName, resolveEndpoint } from '../client/endpoint.ts'
import { ClientError } from '../client/errors.ts'
import { proxySettingsOf } from '../client/http/proxy.ts'
import { parseRequestUrl } from '../client/http/request-url.ts'
import type { Transport } from '../client/http/transport.ts'
import type { TlsSettings } from '../client/http/tls-settings.ts'
import type { LightsailClient } from '../client/lightsail-client.ts'
import { createRetryPolicy } from '../client/retry/index.ts'
import type { RetryMode } from '../client/retry/policy.ts'
import { parseInteger } from './arguments/numbers.ts'
import type { FetchText } from './arguments/parameter-file.ts'
import {
  checkClientSettings,
  checkDefaultsMode,
  checkMetadataSettings,
  checkServiceSettings,
} from './config/client-settings.ts'
import { readConfigFiles } from './config/config-files.ts'
import { SettingError, Settings } from './config/settings.ts'
import { CredentialError } from './credentials/credential-error.ts'
import { findCredentials } from './credentials/chain.ts'
import { createDebugLog } from './debug-log.ts'
import type { DebugLog } from './debug-log.ts'
import type { GlobalValues } from './grammar/global-options.ts'
import { VERSION } from '../base/version.ts'
import { DATA_FOLDER_DEFAULT } from '../base/data-folder.ts'

/** What one command works with: its global options and settings, and the client made from them. */
export interface Session {
  readonly globals: GlobalValues
  readonly settings: Settings
  readonly debug: DebugLog
}

/** @throws Error when a global option, or a setting that every command reads, has a value it cannot have. */
export function openSession(globals: GlobalValues, env: NodeJS.ProcessEnv): Session {
  timeoutMs(globals.readTimeout)
  timeoutMs(globals.connectTimeout)
  if (globals.endpointUrl !== undefined) checkBrackets(globals.endpointUrl)
  if (globals.endpointUrl !== undefined && !/^[a-z][a-z0-9+.-]*:/i.test(globals.endpointUrl))
    throw new Error(
      `Bad value for --endpoint-url "${globals.endpointUrl}": scheme is missing.  Must be of the form http://<hostname>/ or https://<hostname>/`,
    )
  const debug = createDebugLog(globals.isDebug)
  const settings = new Settings(env, readConfigFiles(env), globals.profile)
  debug(`lugsail ${VERSION}, node ${process.versions.node}`)
  debug(`Times as ${settings.timestampStyle}`)
  checkMetadataSettings(settings)
  settings.checkApiVersion()
  return { globals, settings, debug }
}

/** What a client needs that can be wrong: found and checked in the order in which AWS CLI reports it. */
export interface ClientPlan {
  readonly region: string
  readonly endpoint: string
  /** Nothing named an endpoint, so it is Amazon's. */
  readonly isFallback: boolean
  readonly credentials: () => ClientCredentials | null
  readonly attemptsMax: number | undefined
  readonly retryMode: RetryMode
}

/**
 * Decides where calls go and how they are tried again, and looks up what they are signed with. Throws ClientError where the settings do
 * not tell.
 */
export async function planClient(session: Session): Promise<ClientPlan> {
  const { globals, settings, debug } = session
  // An empty region is one, as in the reference: the endpoint may need none.
  const region = globals.region ?? settings.region
  if (region !== undefined) checkRegionName(region)
  const found = globals.isSigned
    ? await findCredentials({ settings, region, tls: tlsSettings(session) })
    : null
  checkDefaultsMode(settings)
  const url = globals.endpointUrl ?? settings.endpointUrl
  if (region === undefined)
    throw new ClientError(
      'You must specify a region. You can also configure your region with --region, AWS_DEFAULT_REGION or "lugsail use".',
    )
  const endpoint = resolveEndpoint({
    region,
    url,
    useFips: settings.useFips,
    useDualStack: settings.useDualStack,
  })
  checkClientSettings(settings, globals.isSigned)
  const { attemptsMax, retryMode } = settings
  checkEndpointUrl(endpoint)
  checkTimeout('connect', globals.connectTimeout)
  checkTimeout('read', globals.readTimeout)
  checkServiceSettings(settings)
  debug(`Region ${region}, endpoint ${endpoint}, profile ${settings.profileName ?? 'default'}`)
  debug(found === null ? 'No credentials' : `Credentials of access key ${found.accessKeyId}`)
  return {
    region,
    endpoint,
    isFallback: url === undefined,
    credentials: () => {
      if (found === null && globals.isSigned)
        throw new CredentialError(
          'Unable to locate credentials. You can configure credentials by running "aws configure" or "lugsail use".',
        )
      if (found?.expiresAtMs !== undefined && found.expiresAtMs <= systemClock.now())
        throw new CredentialError(
          'Credentials were refreshed, but the refreshed credentials are still expired.',
        )
      return found
    },
    attemptsMax,
    retryMode,
  }
}

/** The client that a plan describes; it sends nothing before it is called. Throws ClientError for an endpoint that is no URL. */
export async function createClient(
  session: Session,
  { region, endpoint, isFallback, credentials, attemptsMax, retryMode }: ClientPlan,
): Promise<LightsailClient> {
  const { settings, debug } = session
  if (isFallback) await tellOfAmazon(settings.env, endpoint)
  const { LightsailClient } = await import('../client/lightsail-client.ts')
  return new LightsailClient({
    endpoint,
    region,
    credentials,
    transport: await createTransport(session),
    retry: createRetryPolicy(retryMode, attemptsMax, {
      clock: systemClock,
      random: Math.random,
    }),
    clock: systemClock,
    timestampStyle: settings.timestampStyle,
    validatesParameters: settings.validatesParameters,
    userAgent: `lugsail/${VERSION}`,
    sleep: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
    onEvent: debug,
  })
}

/** Says so when a call goes to Amazon, for want of an endpoint, while a server's data folder is at hand. */
export async function tellOfAmazon(env: NodeJS.ProcessEnv, endpoint: string): Promise<void> {
  if (existsSync(`${env['LUGSAIL_DATA'] ?? DATA_FOLDER_DEFAULT}/credentials`))
    (await import('./hints/amazon.ts')).tellOfAmazon(env, endpoint)
}

/** Fetches the text of a parameter that is a URL. */
export function createFetchText(session: Session): FetchText {
  return async (url) => {
    const transport = await createTransport(session)
    const response = await transport.send({
      method: 'GET',
      url: parseRequestUrl(url),
      headers: { 'user-agent': `lugsail/${VERSION}` },
    })
    if (response.status !== 200) throw new Error(`received non 200 status code of ${response.status}`)
    return decodeText(response.body)
  }
}

function decodeText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new Error('it is not UTF-8')
  return bytes.toString('utf8')
}

async function createTransport(session: Session): Promise<Transport> {
  const { globals, settings } = session
  const { ConnectionTransport } = await import('../client/http/transport.ts')
  return new ConnectionTransport({
    connectTimeoutMs: timeoutMs(globals.connectTimeout),
    readTimeoutMs: timeoutMs(globals.readTimeout),
    tls: tlsSettings(session),
    proxies: proxySettingsOf(settings.env),
  })
}

/** Which certificates a command trusts. */
export function tlsSettings({ globals, settings }: Session): TlsSettings {
  const { env } = settings
  return {
    isVerified: globals.isTlsVerified,
    caBundlePath: globals.caBundle ?? settings.caBundle ?? env['REQUESTS_CA_BUNDLE'],
    extraCaPath: env['LUGSAIL_EXTRA_CA_CERTS'] ?? env['NODE_EXTRA_CA_CERTS'],
  }
}

const TIMEOUT_SECONDS_DEFAULT = 60
/** The longest that a timer of Node takes, about 25 days. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1

/** @throws SettingError when a timeout is negative; that is found only once a client is made. */
function checkTimeout(kind: 'connect' | 'read', value: string | undefined): void {
  if (timeoutMs(value) < 0)
    throw new SettingError(
      `Attempted to set ${kind} timeout to ${timeoutMs(value) / 1000}, but the timeout cannot be set to a value less than or equal to 0.`,
    )
}

/** A timeout as typed, in milliseconds. @throws SettingError when it is not a whole number of seconds. */
export function timeoutMs(value: string | undefined): number {
  if (value === undefined) return TIMEOUT_SECONDS_DEFAULT * 1000
  const seconds = parseInteger(value)
  if (seconds === undefined) throw new SettingError(`invalid literal for int() with base 10: '${value}'`)
  return Math.min(Number(seconds) * 1000, TIMEOUT_MS_MAX)
}
