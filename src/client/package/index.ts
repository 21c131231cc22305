/** The package's `lugsail/client`: the typed client of Lightsail's API and of Lugsail's own, for programs. */
import { systemClock } from '../../base/clock.ts'
import { lightsailOperations } from '../../model/lightsail/index.ts'
import { lugsailOperations } from '../../model/lugsail/index.ts'
import { checkEndpointUrl, checkRegionName } from '../endpoint.ts'
import { ConnectionTransport } from '../http/transport.ts'
import { LightsailClient } from '../lightsail-client.ts'
import { createRetryPolicy } from '../retry/index.ts'
import { createTypedClient, type TypedClient } from '../typed/typed-client.ts'
import type { LugsailClientOptions } from './options.ts'
import { VERSION } from '../../base/version.ts'

export { ClientError, ParameterValidationError, ServiceFault, TransportError } from '../errors.ts'
export type { LugsailClientOptions, LugsailCredentials } from './options.ts'

const operations = { ...lightsailOperations, ...lugsailOperations }

/** A method for each operation of Lightsail's API on buckets and of Lugsail's own. */
export type LugsailClient = TypedClient<typeof operations>

const TIMEOUT_MS_DEFAULT = 60_000
const REGION_DEFAULT = 'us-east-1'

/**
 * Makes a client; nothing is sent before a method is called. Methods reject with ParameterValidationError before anything is sent, ServiceFault for a
 * refusal (`code` says which), TransportError when there is no response.
 * @throws ClientError for an endpoint that is no URL, or a region that is none
 */
export function createLugsailClient(options: LugsailClientOptions): LugsailClient {
  const { endpoint, region = REGION_DEFAULT, credentials, attemptsMax, caBundle, userAgent } = options
  const { timeoutMs = TIMEOUT_MS_DEFAULT } = options
  checkEndpointUrl(endpoint)
  checkRegionName(region)
  const client = new LightsailClient({
    endpoint,
    region,
    credentials: typeof credentials === 'function' ? credentials : () => credentials,
    transport: new ConnectionTransport({
      connectTimeoutMs: timeoutMs,
      readTimeoutMs: timeoutMs,
      tls: { isVerified: true, caBundlePath: caBundle },
      proxies: {},
    }),
    retry: createRetryPolicy('standard', attemptsMax, { clock: systemClock, random: Math.random }),
    clock: systemClock,
    timestampStyle: 'wire',
    validatesParameters: true,
    userAgent: `${userAgent === undefined ? '' : `${userAgent} `}lugsail-client/${VERSION}`,
    sleep: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
  })
  return createTypedClient(client, operations)
}
