import { readProfileSection, writeProfileSection } from '../../protocol/ini/profile-text.ts'

/** A key and the server that it is for, as a profile has them. */
interface ProfileKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly endpointUrl: string
  readonly region: string
  readonly caBundle: string | undefined
}

/**
 * Without these, botocore presigns with signature version 2 in the older regions (`aws s3 presign`), and addresses buckets as hosts where
 * the endpoint is a name. The other SDKs do not read them.
 */
const S3_MEMBERS = ['', 'addressing_style = path', 'signature_version = s3v4'].join('\n  ')

/** What a profile may say of where its credentials come from, and of another endpoint: it would count over what is written here. */
const LEADING_ELSEWHERE: Readonly<Record<string, null>> = Object.fromEntries(
  [
    'aws_access_key_id',
    'aws_secret_access_key',
    'aws_session_token',
    'aws_security_token',
    'role_arn',
    'source_profile',
    'credential_source',
    'credential_process',
    'external_id',
    'mfa_serial',
    'role_session_name',
    'duration_seconds',
    'web_identity_token_file',
    'sso_session',
    'sso_account_id',
    'sso_role_name',
    'sso_start_url',
    'sso_region',
    'login_session',
    'services',
  ].map((name) => [name, null]),
)

/** The credentials file with the key as that of the profile. */
export const credentialsText = (text: string, profile: string, key: ProfileKey): string =>
  writeProfileSection(text, profile, {
    ...LEADING_ELSEWHERE,
    aws_access_key_id: key.accessKeyId,
    aws_secret_access_key: key.secretAccessKey,
  })

/** The configuration file with the server as that of the profile. */
export function profileConfigText(
  text: string,
  profile: string,
  { region, endpointUrl, caBundle }: Omit<ProfileKey, 'accessKeyId' | 'secretAccessKey'>,
): string {
  const section = profile === 'default' ? 'default' : `profile ${profile}`
  return writeProfileSection(text, section, {
    ...LEADING_ELSEWHERE,
    region,
    endpoint_url: endpointUrl,
    // Where the server needs none, the user may still have one for a proxy.
    ...(caBundle === undefined ? {} : { ca_bundle: caBundle }),
    // What the user wrote below `s3` is the user's: it may hold more than this.
    ...(readProfileSection(text, section)?.has('s3') ? {} : { s3: S3_MEMBERS }),
  })
}
