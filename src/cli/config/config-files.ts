import { splitShellWords } from './shell-words.ts'
import { expandPath } from './expand-path.ts'
import { readIniFile } from './ini-file.ts'
import type { Section } from '../../protocol/ini/parse-ini.ts'

/** The AWS config and credentials files, read once. */
export interface ConfigFiles {
  /** Profiles of the config file, and the default one. */
  readonly profiles: ReadonlyMap<string, Section>
  /** `[services NAME]` sections of the config file. */
  readonly services: ReadonlyMap<string, Section>
  /** `[sso-session NAME]` sections of the config file. */
  readonly ssoSessions: ReadonlyMap<string, Section>
  /** Sections of the credentials file. */
  readonly credentials: ReadonlyMap<string, Section>
}

/** @throws ConfigFileError when one is not an INI file; a missing file counts as empty. */
export function readConfigFiles(env: NodeJS.ProcessEnv): ConfigFiles {
  const profiles = new Map<string, Section>()
  const services = new Map<string, Section>()
  const ssoSessions = new Map<string, Section>()
  for (const [heading, section] of readIniFile(configFilePath(env)) ?? []) {
    if (heading === 'default') profiles.set(heading, section)
    else if (heading.startsWith('profile')) addNamed(profiles, heading, section)
    else if (heading.startsWith('services')) addNamed(services, heading, section)
    else if (heading.startsWith('sso-session')) addNamed(ssoSessions, heading, section)
  }
  const credentials = readIniFile(credentialsFilePath(env)) ?? new Map<string, Section>()
  return { profiles, services, ssoSessions, credentials }
}

/** Where the AWS config file is. */
export const configFilePath = (env: NodeJS.ProcessEnv): string =>
  expandPath(env['AWS_CONFIG_FILE'] ?? '~/.aws/config', env)

/** Where the AWS credentials file is. */
export const credentialsFilePath = (env: NodeJS.ProcessEnv): string =>
  expandPath(env['AWS_SHARED_CREDENTIALS_FILE'] ?? '~/.aws/credentials', env)

/** `[profile NAME]`: NAME may be quoted; a heading of another form is passed over. */
function addNamed(into: Map<string, Section>, heading: string, section: Section): void {
  const [, name, ...more] = splitShellWords(heading) ?? []
  if (name !== undefined && more.length === 0) into.set(name, section)
}
