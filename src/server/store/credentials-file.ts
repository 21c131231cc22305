import { readFileSync } from 'node:fs'
import { writePrivateFile } from '../../base/private-file.ts'
import { listProfileSections, readProfileSection, writeProfileSection } from '../../protocol/profile-text.ts'
import type { AccessKeyPair } from '../../service/credentials/mint-access-key.ts'

/** Where and with which region a client is to call. */
interface ServerAddress {
  readonly region: string
  readonly endpointUrl: string
}

/** The first account's; a client that is told of nothing but the file takes it. */
const FIRST_SECTION = 'default'

/** Keeps an account's root key pair, so that AWS_SHARED_CREDENTIALS_FILE pointed at the file is all that a client needs. */
export function writeCredentialsFile(
  path: string,
  section: string,
  content: AccessKeyPair & ServerAddress,
): void {
  const members = {
    aws_access_key_id: content.accessKeyId,
    aws_secret_access_key: content.secretAccessKey,
    region: content.region,
    endpoint_url: content.endpointUrl,
  }
  writePrivateFile(path, writeProfileSection(readText(path), section, members))
}

/** Notes where the server listens now, in each section. Writes only when that changed, and only when the file is there. */
export function updateCredentialsEndpoint(path: string, { region, endpointUrl }: ServerAddress): void {
  const text = readText(path)
  const updated = listProfileSections(text).reduce(
    (before, section) => writeProfileSection(before, section, { region, endpoint_url: endpointUrl }),
    text,
  )
  if (updated !== text) writePrivateFile(path, updated)
}

/** The server's address as the file has it, or null. */
export const readEndpoint = (path: string): string | null =>
  readProfileSection(readText(path), FIRST_SECTION)?.get('endpoint_url') ?? null

/** The sections that hold the key pair with that id. */
export function sectionsOfKey(path: string, accessKeyId: string): readonly string[] {
  const text = readText(path)
  return listProfileSections(text).filter(
    (section) => readProfileSection(text, section)?.get('aws_access_key_id') === accessKeyId,
  )
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
