/**
 * The credential providers that talk to other services: roles, identity tokens, single sign-on, containers, instances. This is the only
 * file that imports the AWS SDK's providers, and it is bundled apart from the rest, since few commands need it.
 */
import { isFault } from '../fault.ts'
import { Agent } from 'node:https'
import {
  fromContainerMetadata,
  fromIni,
  fromInstanceMetadata,
  fromTokenFile,
} from '@aws-sdk/credential-providers'
import { trustedCertificates } from '../../client/http/tls.ts'
import type { FoundCredentials, ProviderContext } from './found-credentials.ts'
import { retrievalError } from './credential-error.ts'
import { promptForMfaCode } from './mfa-prompt.ts'

// What the SDK has to say about versions of Node is for who writes programs with it, not for who runs a command.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'

type Provider = () => Promise<{
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  expiration?: Date
}>

const METADATA_TIMEOUT_MS = 1000

/** A role or a single sign-on session that the profile names. */
export const fromProfile = (context: ProviderContext): Promise<FoundCredentials> =>
  provide(
    'the profile',
    fromIni({
      ...(context.settings.profileName === undefined ? {} : { profile: context.settings.profileName }),
      clientConfig: clientConfig(context),
      mfaCodeProvider: (serial) => Promise.resolve(promptForMfaCode(serial)),
    }),
  )

/** A role taken with the identity token that the environment names. */
export const fromIdentityToken = (context: ProviderContext): Promise<FoundCredentials> =>
  provide('assume-role-with-web-identity', fromTokenFile({ clientConfig: clientConfig(context) }))

/** What the container's environment offers. */
export const fromContainer = (_context: ProviderContext): Promise<FoundCredentials> =>
  provide('container-role', fromContainerMetadata({ timeout: METADATA_TIMEOUT_MS, maxRetries: 2 }))

/** The role of the EC2 instance this runs on; null when it is none. */
export async function fromInstance(_context: ProviderContext): Promise<FoundCredentials | null> {
  try {
    return await provide('iam-role', fromInstanceMetadata({ timeout: METADATA_TIMEOUT_MS, maxRetries: 0 }))
  } catch {
    // No instance, no role or no answer: as if there were no such provider.
    return null
  }
}

function clientConfig({ region, tls }: ProviderContext): {
  region?: string
  requestHandler: { httpsAgent: Agent }
} {
  const certificates = trustedCertificates(tls)
  const agent = new Agent({
    rejectUnauthorized: tls.isVerified,
    ...(certificates === undefined ? {} : { ca: certificates }),
  })
  return { ...(region === undefined ? {} : { region }), requestHandler: { httpsAgent: agent } }
}

async function provide(place: string, provider: Provider): Promise<FoundCredentials> {
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await provider()
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      ...(expiration === undefined ? {} : { expiresAtMs: expiration.getTime() }),
    }
  } catch (error) {
    if (isFault(error)) throw error
    throw retrievalError(place, error instanceof Error ? error.message : String(error))
  }
}
