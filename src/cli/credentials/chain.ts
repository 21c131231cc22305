import type { ClientCredentials } from '../../auth/sign-request.ts'
import type { Section } from '../../protocol/ini/parse-ini.ts'
import { CredentialError } from './credential-error.ts'
import type { FoundCredentials, ProviderContext } from './found-credentials.ts'
import { readExpiration } from './expiration.ts'
import { checkIdentityProfile, isIdentityProfile } from './profile-rules.ts'

/**
 * Finds the credentials of a command, in AWS CLI v1's order: environment, a role or identity of the profile, the credentials file,
 * a process, the config file, then what the container or the instance offers. Null when there are none.
 * @throws CredentialError when a place has some but not all, or cannot be asked.
 */
export async function findCredentials(context: ProviderContext): Promise<FoundCredentials | null> {
  const { settings } = context
  const { env } = settings
  const profile = settings.profile
  // A profile chosen on the command line shuts out the environment's keys.
  if (settings.profileOption === undefined && (env['AWS_ACCESS_KEY_ID'] ?? '') !== '')
    return fromEnvironment(env)
  if (isIdentityProfile(profile)) {
    checkIdentityProfile(settings)
    const ask = async (): Promise<FoundCredentials> =>
      await (await import('./sdk-providers.ts')).fromProfile(context)
    if (!profile.has('role_arn')) return await ask()
    const { roleOf, withRoleCache } = await import('./role-cache.ts')
    return await withRoleCache(roleOf(profile), env, ask)
  }
  const hasIdentityToken =
    (env['AWS_WEB_IDENTITY_TOKEN_FILE'] ?? '') !== '' && settings.profileOption === undefined
  if (hasIdentityToken) {
    const role = { RoleArn: env['AWS_ROLE_ARN'] ?? '', RoleSessionName: env['AWS_ROLE_SESSION_NAME'] }
    const { withRoleCache } = await import('./role-cache.ts')
    return await withRoleCache(
      role,
      env,
      async () => await (await import('./sdk-providers.ts')).fromIdentityToken(context),
    )
  }
  const name = settings.profileName ?? 'default'
  const stored =
    fromSection(settings.files.credentials.get(name), 'shared-credentials-file') ??
    (await fromProcess(profile, env)) ??
    fromSection(settings.files.profiles.get(name), 'config-file')
  if (stored !== undefined) return stored
  if (profile.has('login_session')) return await (await import('./sdk-providers.ts')).fromProfile(context)
  if (
    (env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'] ?? env['AWS_CONTAINER_CREDENTIALS_FULL_URI']) !== undefined
  )
    return await (await import('./sdk-providers.ts')).fromContainer(context)
  if (env['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true') return null
  return await (await import('./sdk-providers.ts')).fromInstance(context)
}

function fromEnvironment(env: NodeJS.ProcessEnv): FoundCredentials {
  const accessKeyId = env['AWS_ACCESS_KEY_ID'] ?? ''
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'] ?? ''
  if (secretAccessKey === '') throw incomplete('env', 'AWS_SECRET_ACCESS_KEY')
  // An empty variable counts as unset.
  const token = env['AWS_SECURITY_TOKEN'] || env['AWS_SESSION_TOKEN'] || undefined
  const expiration = env['AWS_CREDENTIAL_EXPIRATION'] || undefined
  return {
    ...withToken(accessKeyId, secretAccessKey, token),
    ...(expiration === undefined ? {} : { expiresAtMs: readExpiration(expiration) }),
  }
}

function fromSection(section: Section | undefined, place: string): ClientCredentials | undefined {
  const text = (name: string): string | undefined => {
    const value = section?.get(name)
    return typeof value === 'string' ? value : undefined
  }
  const accessKeyId = text('aws_access_key_id')
  if (accessKeyId === undefined) return undefined
  const secretAccessKey = text('aws_secret_access_key')
  if (secretAccessKey === undefined) throw incomplete(place, 'aws_secret_access_key')
  return withToken(accessKeyId, secretAccessKey, text('aws_security_token') ?? text('aws_session_token'))
}

async function fromProcess(profile: Section, env: NodeJS.ProcessEnv): Promise<FoundCredentials | undefined> {
  const command = profile.get('credential_process')
  return typeof command === 'string'
    ? (await import('./process.ts')).runCredentialProcess(command, env)
    : undefined
}

const incomplete = (place: string, missing: string): CredentialError =>
  new CredentialError(`Partial credentials found in ${place}, missing: ${missing}`)

const withToken = (
  accessKeyId: string,
  secretAccessKey: string,
  sessionToken: string | undefined,
): ClientCredentials => ({
  accessKeyId,
  secretAccessKey,
  ...(sessionToken === undefined ? {} : { sessionToken }),
})
