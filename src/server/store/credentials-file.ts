import { writePrivateFile } from '../../base/private-file.ts'
import { readTextFile } from '../../base/text-file.ts'
import {
  listProfileSections,
  readProfileSection,
  writeProfileSection,
} from '../../protocol/ini/profile-text.ts'
import type { AccessKeyPair } from '../../service/credentials/mint-access-key.ts'

/** Where and with which region a client is to call. */
interface ServerAddress {
  readonly region: string
  readonly endpointUrl: string
}

/** What the file says of the server. */
interface NotedServer extends ServerAddress {
  readonly store: string
  /** The file of the certificate that clients must trust, where they do not trust it anyway. */
  readonly caBundle: string | null
}

/** Which store a section's key pair is of; clients pass over a member that they do not know. */
const STORE_MEMBER = 'lugsail_store'

/** The first account's; a client that is told of nothing but the file takes it. */
const FIRST_SECTION = 'default'

/**
 * Keeps an account's root key pair, so that AWS_SHARED_CREDENTIALS_FILE pointed at the file is all that a client needs. `store`: the mark of the store
 * that the account is in.
 */
export function writeCredentialsFile(
  path: string,
  section: string,
  content: AccessKeyPair & ServerAddress & { readonly store: string },
): void {
  const members = {
    aws_access_key_id: content.accessKeyId,
    aws_secret_access_key: content.secretAccessKey,
    region: content.region,
    endpoint_url: content.endpointUrl,
    [STORE_MEMBER]: content.store,
  }
  writePrivateFile(path, writeProfileSection(readTextFile(path), section, members))
}

/** A section of the file, and what it says of its key pair. */
export interface KeptKey {
  readonly section: string
  readonly accessKeyId: string | null
  /** The mark of the store that it is of; null in files of older releases. */
  readonly store: string | null
}

/** What the file holds; nothing when there is no file. */
export function listKeptKeys(path: string): readonly KeptKey[] {
  const text = readTextFile(path)
  return listProfileSections(text).map((section) => {
    const members = readProfileSection(text, section)
    return {
      section,
      accessKeyId: members?.get('aws_access_key_id') ?? null,
      store: members?.get(STORE_MEMBER) ?? null,
    }
  })
}

/** Notes where the server listens now, and which store it serves, in these sections. Writes only when that changed. */
export function updateCredentialsEndpoint(
  path: string,
  sections: readonly string[],
  { region, endpointUrl, store, caBundle }: NotedServer,
): void {
  const text = readTextFile(path)
  const updated = sections.reduce(
    (before, section) =>
      writeProfileSection(before, section, {
        region,
        endpoint_url: endpointUrl,
        ca_bundle: caBundle,
        [STORE_MEMBER]: store,
      }),
    text,
  )
  if (updated !== text) writePrivateFile(path, updated)
}

/** The server's address as the file has it, or null. */
export const readEndpoint = (path: string): string | null =>
  readProfileSection(readTextFile(path), FIRST_SECTION)?.get('endpoint_url') ?? null

/** The sections that hold the key pair with that id. */
export const sectionsOfKey = (path: string, accessKeyId: string): readonly string[] =>
  listKeptKeys(path)
    .filter((kept) => kept.accessKeyId === accessKeyId)
    .map(({ section }) => section)
