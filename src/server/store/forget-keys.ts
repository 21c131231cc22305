import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writePrivateFile } from '../../base/private-file.ts'
import {
  listProfileSections,
  readProfileSection,
  removeProfileSection,
} from '../../protocol/ini/profile-text.ts'

/**
 * Takes key pairs that are gone out of the files that name them: the data folder's credentials file, and the AWS files of who gives the command, with the
 * profile that led to them. Gives the places, for a message. Files that cannot be read or written are passed over: the keys are gone all the same.
 */
export function forgetKeys(
  accessKeyIds: readonly string[],
  credentials: string,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  const { HOME: home } = environment
  const aws = (variable: string, name: string): string | null =>
    environment[variable] ?? (home === undefined ? null : join(home, '.aws', name))
  const places = removeSections(credentials, (members) => isOneOf(members, accessKeyIds)).map(
    (section) => `${credentials} [${section}]`,
  )
  const [keyFile, configFile] = [
    aws('AWS_SHARED_CREDENTIALS_FILE', 'credentials'),
    aws('AWS_CONFIG_FILE', 'config'),
  ]
  if (keyFile === null || keyFile === credentials) return places
  for (const profile of removeSections(keyFile, (members) => isOneOf(members, accessKeyIds))) {
    places.push(`${keyFile} [${profile}]`)
    // The user's own default profile may say more than where the server is.
    if (configFile === null || profile === 'default') continue
    for (const section of removeSections(configFile, (_, name) => name === `profile ${profile}`))
      places.push(`${configFile} [${section}]`)
  }
  return places
}

type Members = ReadonlyMap<string, string>

const isOneOf = (members: Members, accessKeyIds: readonly string[]): boolean =>
  accessKeyIds.includes(members.get('aws_access_key_id') ?? '')

/** Gives the names of the sections that it removed. */
function removeSections(path: string, isMeant: (members: Members, section: string) => boolean): string[] {
  try {
    const text = readFileSync(path, 'utf8')
    const meant = listProfileSections(text).filter((section) => {
      const members = readProfileSection(text, section)
      return members !== null && isMeant(members, section)
    })
    if (meant.length > 0) writePrivateFile(path, meant.reduce(removeProfileSection, text))
    return meant
  } catch {
    return []
  }
}
