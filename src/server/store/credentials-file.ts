import { readFileSync } from 'node:fs'
import { writePrivateFile } from '../../base/private-file.ts'
import { readProfileSection, writeProfileSection } from '../../protocol/profile-text.ts'
import type { AccessKeyPair } from '../../service/credentials/mint-access-key.ts'

const SECTION = 'default'

/** Writes the first account's root key pair, so that AWS_SHARED_CREDENTIALS_FILE pointed at the file is all that a client needs. */
export function writeCredentialsFile(
  path: string,
  content: AccessKeyPair & { readonly region: string; readonly endpointUrl: string },
): void {
  const members = {
    aws_access_key_id: content.accessKeyId,
    aws_secret_access_key: content.secretAccessKey,
    region: content.region,
    endpoint_url: content.endpointUrl,
  }
  writePrivateFile(path, writeProfileSection(readText(path), SECTION, members))
}

/** Notes where the server listens now. Writes only when that changed, and only when the file is there. */
export function updateCredentialsEndpoint(
  path: string,
  content: { readonly region: string; readonly endpointUrl: string },
): void {
  const text = readText(path)
  if (!readProfileSection(text, SECTION)) return
  const updated = writeProfileSection(text, SECTION, {
    region: content.region,
    endpoint_url: content.endpointUrl,
  })
  if (updated !== text) writePrivateFile(path, updated)
}

/** The access key id that the file names, or null when there is none. */
export function readCredentialsKeyId(path: string): string | null {
  return readProfileSection(readText(path), SECTION)?.get('aws_access_key_id') ?? null
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
