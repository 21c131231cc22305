import { devNull } from 'node:os'
import { connect } from '../connect.ts'
import type { Connection } from '../connect.ts'
import { openSession } from '../../session.ts'
import type { Session } from '../../session.ts'
import { UsageError } from '../../usage-error.ts'

/** Where the source is and whose credentials open it, as typed. */
export interface SourceWords {
  readonly endpointUrl: string | undefined
  readonly profile: string | undefined
  readonly region: string | undefined
  readonly isAnonymous: boolean
}

/** The source's own variables, and which ones of AWS they stand for. */
const VARIABLES: Readonly<Record<string, string>> = {
  LUGSAIL_FROM_ACCESS_KEY_ID: 'AWS_ACCESS_KEY_ID',
  LUGSAIL_FROM_SECRET_ACCESS_KEY: 'AWS_SECRET_ACCESS_KEY',
  LUGSAIL_FROM_SESSION_TOKEN: 'AWS_SESSION_TOKEN',
}

/** Variables that say where the destination is and who may write there; of the source they say nothing. */
const OF_DESTINATION =
  /^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN|CREDENTIAL_EXPIRATION|(?:DEFAULT_)?PROFILE|(?:DEFAULT_)?REGION|ENDPOINT_URL(?:_S3)?|WEB_IDENTITY_TOKEN_FILE|ROLE_ARN|ROLE_SESSION_NAME|MAX_ATTEMPTS)$/

/** What most stores other than Amazon's call their only region. */
const REGION_DEFAULT = 'us-east-1'

/** The client for the source; sends nothing. Certificates, timeouts and proxies are those of the command. @throws UsageError, SettingError, CredentialError */
export async function connectToSource(
  session: Session,
  words: SourceWords,
  options: { readonly signal: AbortSignal; readonly socketsMax: number },
): Promise<Connection> {
  const env = sourceEnvironment(session.settings.env, words.profile)
  if (words.profile === undefined && !words.isAnonymous && env['AWS_ACCESS_KEY_ID'] === undefined)
    throw new UsageError(
      "expected the source's credentials: --profile NAME, or LUGSAIL_FROM_ACCESS_KEY_ID and LUGSAIL_FROM_SECRET_ACCESS_KEY, or --from-anonymous",
    )
  const own = openSession(
    {
      ...session.globals,
      endpointUrl: words.endpointUrl,
      profile: words.profile,
      region: words.region,
      isSigned: !words.isAnonymous,
    },
    env,
  )
  if (words.endpointUrl === undefined && own.settings.endpointUrlOf('s3') === undefined)
    throw new UsageError(
      'expected --from URL, the source, as http://127.0.0.1:9000 or https://s3.eu-central-1.amazonaws.com',
    )
  const region = words.region ?? own.settings.region ?? REGION_DEFAULT
  return await connect({ ...own, globals: { ...own.globals, region } }, options.signal, {
    socketsMax: options.socketsMax,
    attemptsMax: 1,
    hasOwnChecksums: true,
  })
}

/**
 * The environment as it is to the source: its own variables in the place of those that are about the destination. Without a profile that was named
 * there is none: the one that is used for want of another is the destination's.
 */
function sourceEnvironment(env: NodeJS.ProcessEnv, profile: string | undefined): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !OF_DESTINATION.test(name))
  const own = Object.entries(VARIABLES).flatMap(([name, stands]) => {
    const value = env[name]
    return value === undefined || value === '' ? [] : [[stands, value] as const]
  })
  const files =
    profile === undefined ? { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull } : {}
  return { ...Object.fromEntries([...kept, ...own]), ...files }
}
