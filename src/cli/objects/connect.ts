import { Agent } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import { S3Client } from '@aws-sdk/client-s3'
import { systemClock } from '../../base/clock.ts'
import { checkEndpointUrl, checkRegionName } from '../../client/endpoint.ts'
import { ClientError } from '../../client/errors.ts'
import { trustedCertificates } from '../../client/http/tls.ts'
import { CredentialError } from '../credentials/credential-error.ts'
import { findCredentials } from '../credentials/chain.ts'
import type { FoundCredentials } from '../credentials/found-credentials.ts'
import { renewedCredentials } from '../credentials/renewed.ts'
import { openSession, tellOfAmazon, timeoutMs, tlsSettings } from '../session.ts'
import type { Session } from '../session.ts'
import { VERSION } from '../../base/version.ts'
import { makeAbortable } from './abortable-client.ts'

// What the SDK has to say about versions of Node is for who writes programs with it, not for who runs a command.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'

/** Where objects are, and the official client for them. */
export interface Connection {
  readonly client: S3Client
  readonly region: string
  /** Base URL; undefined for Amazon's own. */
  readonly endpoint: string | undefined
  /** Null when nothing is signed. */
  readonly credentials: FoundCredentials | null
}

const ignore = (): void => undefined

/** Connections to a server at once: four files with three parts each, and a listing. */
const SOCKETS_MAX = 16

/** What a command that is not like the others wants of its client. */
interface ConnectOptions {
  /** Connections to the server at once. */
  readonly socketsMax?: number
  /** How often a request is tried, over what the settings say. */
  readonly attemptsMax?: number
  /** Checksums are the command's own business: the SDK sends none that is not required, and compares none. */
  readonly hasOwnChecksums?: boolean
}

/**
 * Makes the client for S3 from the same settings as the bucket commands have; sends nothing.
 * @throws SettingError, CredentialError or ClientError where the settings do not tell
 */
export async function connect(
  session: Session,
  signal: AbortSignal,
  options: ConnectOptions = {},
): Promise<Connection> {
  const { globals, settings, debug } = session
  settings.requireProfile()
  const region = globals.region ?? settings.region
  if (region !== undefined) checkRegionName(region)
  const tls = tlsSettings(session)
  const credentials = globals.isSigned ? await findCredentials({ settings, region, tls }) : null
  if (region === undefined)
    throw new ClientError(
      'You must specify a region. You can also configure your region with --region, AWS_DEFAULT_REGION or "lugsail use".',
    )
  if (credentials === null && globals.isSigned)
    throw new CredentialError(
      'Unable to locate credentials. You can configure credentials by running "aws configure" or "lugsail use".',
    )
  if (credentials?.expiresAtMs !== undefined && credentials.expiresAtMs <= systemClock.now())
    throw new CredentialError('The credentials have expired.')
  const endpoint = globals.endpointUrl ?? settings.endpointUrlOf('s3')
  if (endpoint !== undefined) checkEndpointUrl(endpoint)
  debug(
    `Region ${region}, endpoint ${endpoint ?? "Amazon's own"}, profile ${settings.profileName ?? 'default'}`,
  )
  debug(credentials === null ? 'No credentials' : `Credentials of access key ${credentials.accessKeyId}`)
  if (endpoint === undefined) await tellOfAmazon(settings.env, `s3.${region}.amazonaws.com`)
  const certificates = trustedCertificates(tls)
  const attemptsMax = options.attemptsMax ?? settings.attemptsMax
  const agent = { keepAlive: true, maxSockets: options.socketsMax ?? SOCKETS_MAX }
  const client = new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    forcePathStyle: true,
    credentials:
      credentials === null
        ? { accessKeyId: '', secretAccessKey: '' }
        : renewedCredentials(credentials, () =>
            findCredentials({ settings: openSession(globals, settings.env).settings, region, tls }),
          ),
    ...(credentials === null ? { signer: { sign: (request) => Promise.resolve(request) } } : {}),
    ...(attemptsMax === undefined ? {} : { maxAttempts: attemptsMax }),
    ...(options.hasOwnChecksums === true
      ? { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' }
      : {}),
    retryMode: settings.retryMode === 'adaptive' ? 'adaptive' : 'standard',
    useFipsEndpoint: settings.useFips,
    useDualstackEndpoint: settings.useDualStack,
    // What it has to say to programmers goes to nobody.
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    customUserAgent: [['lugsail', VERSION]],
    requestHandler: {
      connectionTimeout: timeoutMs(globals.connectTimeout),
      socketTimeout: timeoutMs(globals.readTimeout),
      httpAgent: new Agent(agent),
      httpsAgent: new TlsAgent({
        ...agent,
        rejectUnauthorized: tls.isVerified,
        ...(certificates === undefined ? {} : { ca: certificates }),
      }),
    },
  })
  makeAbortable(client, signal)
  if (globals.isDebug)
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          debug(`Sending ${(commandName ?? '').replace(/Command$/, '')}`)
          return await next(args)
        },
      { step: 'initialize', name: 'lugsail-debug' },
    )
  return { client, region, endpoint, credentials }
}
