import { writePrivateFile } from '../../base/private-file.ts'
import { readTextFile } from '../../base/text-file.ts'
import { terminalLine } from '../../base/terminal-text.ts'
import { readProfileSection, writeProfileSection } from '../../protocol/ini/profile-text.ts'
import { configFilePath, credentialsFilePath } from '../config/config-files.ts'
import type { CommandRunner } from './command.ts'
import { readServerCredentials } from './server-credentials.ts'
import { writeStdout } from '../standard-streams.ts'
import { UsageError } from '../usage-error.ts'
import { readTextOptions } from './text-options.ts'

const USAGE = `Usage: lugsail use [--profile NAME] [--data DIR] [--account NAME]

Writes a profile into the AWS config and credentials files, with the address,
region and root key pair of a server on this machine, so that lugsail, aws,
boto3 and every SDK need only the profile. What else is in those files stays as
it is; what is in the profile and would lead elsewhere (a role, single sign-on,
a session token) goes. Keys of another server are replaced, on a terminal after
a question, and a copy of the file with them stays beside it.

  --profile NAME   the profile to write; "lugsail" when absent, "default" to
                   need no profile at all
  --data DIR       the server's data folder; lugsail-data when absent
  --account NAME   the account whose key pair was kept there; the first one's
                   when absent
`

/**
 * Without these, botocore presigns with signature version 2 in the older regions (`aws s3 presign`), and addresses buckets as hosts where
 * the endpoint is a name. The other SDKs do not read them.
 */
const S3_MEMBERS = ['', 'addressing_style = path', 'signature_version = s3v4'].join('\n  ')

/** `lugsail use`: makes a profile for a server of this machine. */
export const run: CommandRunner = async ({ args, env }) => {
  const options = readTextOptions('use', ['profile', 'data', 'account'], args)
  if (options === undefined) {
    writeStdout(USAGE)
    return 0
  }
  const { profile = 'lugsail' } = options
  if (!/^[A-Za-z0-9_.@/+-]+$/.test(profile))
    throw new UsageError(
      `use: --profile: expected letters, digits and _.@/+-, got ${JSON.stringify(profile)}`,
    )
  const server = readServerCredentials(options, env)
  const configFile = configFilePath(env)
  const credentialsFile = credentialsFilePath(env)
  const copy = await keepOtherKeys(credentialsFile, profile, server.accessKeyId)
  if (copy === null) return 1
  change(credentialsFile, profile, {
    ...LEADING_ELSEWHERE,
    aws_access_key_id: server.accessKeyId,
    aws_secret_access_key: server.secretAccessKey,
  })
  const section = profile === 'default' ? 'default' : `profile ${profile}`
  change(configFile, section, {
    ...LEADING_ELSEWHERE,
    region: server.region,
    endpoint_url: server.endpointUrl,
    // Where the server needs none, the user may still have one for a proxy.
    ...(server.caBundle === undefined ? {} : { ca_bundle: server.caBundle }),
    // What the user wrote below `s3` is the user's: it may hold more than this.
    ...(readProfileSection(readTextFile(configFile), section)?.has('s3') ? {} : { s3: S3_MEMBERS }),
  })
  writeStdout(
    [
      `The profile "${profile}" now leads to ${server.endpointUrl} (in ${configFile} and ${credentialsFile}).`,
      ...(copy === '' ? [] : [`The keys that it had before are in ${copy}.`]),
      ...(profile === 'default'
        ? ['', '  lugsail get-buckets', '  aws s3 ls']
        : [
            '',
            `  export AWS_PROFILE=${profile}`,
            '  lugsail get-buckets',
            `  aws s3 ls --profile ${profile}`,
          ]),
      '',
    ].join('\n'),
  )
  return 0
}

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

/**
 * Copies the credentials file beside itself when the profile has other keys, after a question where somebody can answer it. Gives the copy's
 * path, an empty text when there is nothing to keep, and null when the answer is no.
 */
async function keepOtherKeys(path: string, profile: string, accessKeyId: string): Promise<string | null> {
  const text = readTextFile(path)
  const other = readProfileSection(text, profile)?.get('aws_access_key_id')
  if (other === undefined || other === accessKeyId) return ''
  if (process.stdin.isTTY && process.stderr.isTTY) {
    const { createInterface } = await import('node:readline/promises')
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    const answer = await terminal.question(
      `The profile "${profile}" has another key (${terminalLine(other)}). Replace it? A copy is kept. [y/N] `,
    )
    terminal.close()
    if (!/^y(es)?$/i.test(answer.trim())) return null
  }
  const copy = `${path}.before-use`
  writePrivateFile(copy, text)
  return copy
}

function change(path: string, section: string, members: Readonly<Record<string, string | null>>): void {
  const text = readTextFile(path)
  const changed = writeProfileSection(text, section, members)
  if (changed !== text) writePrivateFile(path, changed)
}
