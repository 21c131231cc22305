import type { ClientCredentials } from '../auth/sign-request.ts'
import { systemClock } from '../base/clock.ts'
import { checkEndpointUrl, checkRegionName, resolveEndpoint } from '../client/endpoint.ts'
import { ClientError } from '../client/errors.ts'
import { proxySettingsOf } from '../client/http/proxy.ts'
import { SocketTransport } from '../client/http/transport.ts'
import type { TlsSettings, Transport } from '../client/http/transport.ts'
import { LightsailClient } from '../client/lightsail-client.ts'
import { createRetryPolicy } from '../client/retry/index.ts'
import { parseInteger } from './arguments/numbers.ts'
import type { FetchText } from './arguments/parameter-file.ts'
import { SettingError } from './config/settings.ts'
import type { Settings } from './config/settings.ts'
import { CredentialError } from './credentials/credential-error.ts'
import { findCredentials } from './credentials/chain.ts'
import type { DebugLog } from './debug-log.ts'
import type { GlobalValues } from './grammar/global-options.ts'
import { VERSION } from './version.ts'

/** What one command works with: its global options and settings, and the client made from them. */
export interface Session {
  readonly globals: GlobalValues
  readonly settings: Settings
  readonly debug: DebugLog
}

/** What a client needs that can be wrong: found and checked in the order in which AWS CLI reports it. */
export interface ClientPlan {
  readonly region: string
  readonly endpoint: string
  readonly credentials: () => ClientCredentials | null
}

export async function planClient(session: Session): Promise<ClientPlan> {
  const { globals, settings, debug } = session
  const region = globals.region ?? settings.region
  if (region !== undefined) checkRegionName(region)
  const found = globals.isSigned
    ? await findCredentials({ settings, region, tls: tlsSettings(session) })
    : null
  const url = globals.endpointUrl ?? settings.endpointUrl
  if (region === undefined || region === '')
    throw new ClientError(
      'You must specify a region. You can also configure your region with --region, AWS_DEFAULT_REGION or "lugsail use".',
    )
  const endpoint = resolveEndpoint({
    region,
    url,
    useFips: settings.useFips,
    useDualStack: settings.useDualStack,
  })
  checkEndpointUrl(endpoint)
  debug(`Region ${region}, endpoint ${endpoint}, profile ${settings.profileName ?? 'default'}`)
  debug(found === null ? 'No credentials' : `Credentials of access key ${found.accessKeyId}`)
  return {
    region,
    endpoint,
    credentials: () => {
      if (found === null && globals.isSigned)
        throw new CredentialError(
          'Unable to locate credentials. You can configure credentials by running "aws configure" or "lugsail use".',
        )
      return found
    },
  }
}

export function createClient(
  session: Session,
  { region, endpoint, credentials }: ClientPlan,
): LightsailClient {
  const { settings, debug } = session
  return new LightsailClient({
    endpoint,
    region,
    credentials,
    transport: createTransport(session),
    retry: createRetryPolicy(settings.retryMode, settings.attemptsMax, {
      clock: systemClock,
      random: Math.random,
    }),
    clock: systemClock,
    timestampStyle: settings.timestampStyle,
    userAgent: `lugsail/${VERSION}`,
    sleep: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
    onEvent: debug,
  })
}

/** Fetches the text of a parameter that is a URL. */
export function createFetchText(session: Session): FetchText {
  return async (url) => {
    const response = await createTransport(session).send({
      method: 'GET',
      url: new URL(url),
      headers: { 'user-agent': `lugsail/${VERSION}` },
    })
    if (response.status !== 200) throw new Error(`received non 200 status code of ${response.status}`)
    return response.body.toString('utf8')
  }
}

function createTransport(session: Session): Transport {
  const { globals, settings } = session
  return new SocketTransport({
    connectTimeoutMs: timeoutMs('--cli-connect-timeout', globals.connectTimeout),
    readTimeoutMs: timeoutMs('--cli-read-timeout', globals.readTimeout),
    tls: tlsSettings(session),
    proxies: proxySettingsOf(settings.env),
  })
}

function tlsSettings({ globals, settings }: Session): TlsSettings {
  const { env } = settings
  return {
    isVerified: globals.isTlsVerified,
    caBundlePath: globals.caBundle ?? settings.caBundle ?? env['REQUESTS_CA_BUNDLE'],
    extraCaPath: env['LUGSAIL_EXTRA_CA_CERTS'] ?? env['NODE_EXTRA_CA_CERTS'],
  }
}

const TIMEOUT_SECONDS_DEFAULT = 60

/** @throws SettingError when it is not a whole number of seconds, or a negative one. */
export function timeoutMs(option: string, value: string | undefined): number {
  if (value === undefined) return TIMEOUT_SECONDS_DEFAULT * 1000
  const seconds = parseInteger(value)
  if (seconds === undefined || seconds < 0)
    throw new SettingError(`Bad value for ${option}: expected whole seconds, 0 or more, got ${value}`)
  return Number(seconds) * 1000
}
