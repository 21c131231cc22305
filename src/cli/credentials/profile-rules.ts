import { readFileSync } from 'node:fs'
import { notation, quoted } from '../../client/python-text.ts'
import { expandPath } from '../config/expand-path.ts'
import type { Section } from '../../protocol/ini/parse-ini.ts'
import type { Settings } from '../config/settings.ts'
import { CredentialError } from './credential-error.ts'

const CREDENTIAL_SOURCES = ['Ec2InstanceMetadata', 'EcsContainer', 'Environment']

/** A profile with one of these has, or can get, credentials. */
const CREDENTIAL_SETTINGS = [
  'aws_access_key_id',
  'role_arn',
  'web_identity_token_file',
  'credential_process',
  'sso_account_id',
  'sso_role_name',
  'login_session',
]

/** Whether the profile gets its credentials by taking a role, or from single sign-on. */
export const isIdentityProfile = (profile: Section): boolean =>
  profile.has('role_arn') || isSsoProfile(profile)

const isSsoProfile = (profile: Section): boolean =>
  profile.has('sso_account_id') || profile.has('sso_role_name')

/**
 * Checks what the files say of a role or of single sign-on, before any service is asked, so that a mistake in them is told in the
 * words of AWS CLI. @throws CredentialError for a reference to a profile or session that is not there, a circle, or missing settings.
 */
export function checkIdentityProfile(settings: Settings): void {
  const { profile } = settings
  const name = settings.profileName ?? 'default'
  if (!profile.has('role_arn')) checkSso(settings, name, profile)
  else if (profile.has('web_identity_token_file'))
    checkTokenFile(textOf(profile, 'web_identity_token_file') ?? '', settings.env)
  else checkRole(settings, name)
}

function checkRole(settings: Settings, first: string): void {
  const visited = [first]
  for (let name = first; ; visited.push(name)) {
    const profile = settings.profileNamed(name)
    const source = textOf(profile, 'source_profile')
    const credentialSource = textOf(profile, 'credential_source')
    if (source !== undefined && credentialSource !== undefined)
      throw new CredentialError(`The profile "${name}" contains both source_profile and credential_source.`)
    if (credentialSource !== undefined) {
      if (CREDENTIAL_SOURCES.includes(credentialSource)) return
      throw new CredentialError(
        `The credential source "${credentialSource}" referenced in profile "${name}" is not valid.`,
      )
    }
    if (source === undefined)
      throw new CredentialError(
        'Partial credentials found in assume-role, missing: source_profile or credential_source',
      )
    if (!settings.isProfile(source))
      throw new CredentialError(
        `The source_profile "${source}" referenced in the profile "${name}" does not exist.`,
      )
    const next = settings.profileNamed(source)
    // A profile may name itself for the keys that stand beside its role.
    const isOwnKeys = source === name && next.has('aws_access_key_id')
    if (visited.includes(source) && !isOwnKeys)
      throw new CredentialError(
        `Infinite loop in credential configuration detected. Attempting to load from profile ${source} which has already been visited. Visited profiles: ${notation(visited)}`,
      )
    if (!CREDENTIAL_SETTINGS.some((setting) => next.has(setting)))
      throw new CredentialError(`The source profile "${source}" must have credentials.`)
    if (isOwnKeys || !next.has('role_arn') || next.has('web_identity_token_file')) return
    name = source
  }
}

function checkSso(settings: Settings, name: string, profile: Section): void {
  const session = textOf(profile, 'sso_session')
  const section = session === undefined ? undefined : settings.files.ssoSessions.get(session)
  if (session !== undefined && section === undefined)
    throw new CredentialError(`The specified sso-session does not exist: "${session}"`)
  const missing = ['sso_role_name', 'sso_account_id', 'sso_start_url', 'sso_region'].filter(
    (setting) => !profile.has(setting) && section?.has(setting) !== true,
  )
  if (missing.length > 0)
    throw new CredentialError(
      `The profile "${name}" is configured to use SSO but is missing required configuration: ${missing.join(', ')}`,
    )
}

function checkTokenFile(path: string, env: NodeJS.ProcessEnv): void {
  try {
    readFileSync(expandPath(path, env))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new CredentialError(`[Errno 2] No such file or directory: ${quoted(path)}`)
    throw error
  }
}

function textOf(profile: Section, name: string): string | undefined {
  const value = profile.get(name)
  return typeof value === 'string' ? value : undefined
}
