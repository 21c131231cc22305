import { writeProfileSection } from '../../protocol/ini/profile-text.ts'
import type { WrittenKey } from './written-key.ts'

/** What rclone writes first into a file that it has encrypted. */
const ENCRYPTED_RCLONE = /^RCLONE_ENCRYPT_V\d+:/m

/** rclone's file with a remote of this name. Throws an Error for a file that is encrypted. */
export function rcloneText(text: string, remote: string, key: WrittenKey): string {
  if (ENCRYPTED_RCLONE.test(text)) throw new Error('it is encrypted, so that only rclone can write it')
  return writeProfileSection(text, remote, {
    type: 's3',
    provider: 'Other',
    env_auth: 'false',
    access_key_id: key.accessKeyId,
    secret_access_key: key.secretAccessKey,
    session_token: null,
    endpoint: key.endpointUrl,
    region: key.region,
    force_path_style: 'true',
  })
}

/** A configuration of s3cmd; what else it sets stays. */
export function s3cfgText(text: string, key: WrittenKey): string {
  const { host, protocol } = new URL(key.endpointUrl)
  return writeProfileSection(text, 'default', {
    access_key: key.accessKeyId,
    secret_key: key.secretAccessKey,
    access_token: null,
    host_base: host,
    // Without %(bucket)s buckets are addressed by path.
    host_bucket: host,
    bucket_location: key.region,
    use_https: protocol === 'https:' ? 'True' : 'False',
    signature_v2: 'False',
    ...(key.caBundle !== undefined && { ca_certs_file: key.caBundle }),
  })
}
