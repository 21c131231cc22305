import { readFileSync } from 'node:fs'
import { writePrivateFile } from '../../base/private-file.ts'
import { readProfileSection, writeProfileSection } from '../../protocol/profile-text.ts'
import { configFilePath, credentialsFilePath } from '../config/config-files.ts'
import type { CommandRunner } from './index.ts'
import { readServerCredentials } from './server-credentials.ts'
import { writeStdout } from '../standard-streams.ts'
import { UsageError } from '../usage-error.ts'
import { readTextOptions } from './text-options.ts'

const USAGE = `Usage: lugsail use [--profile NAME] [--data DIR] [--account NAME]

Writes a profile into the AWS config and credentials files, with the address,
region and root key pair of a server on this machine, so that lugsail, aws, boto3
and every SDK need only the profile. What else is in those files stays as it is.

  --profile NAME   the profile to write; "lugsail" when absent, "default" to need
                   no profile at all
  --data DIR       the server's data folder; lugsail-data when absent
  --account NAME   the account whose key pair was kept there; the first one's when
                   absent
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
  change(credentialsFile, profile, {
    aws_access_key_id: server.accessKeyId,
    aws_secret_access_key: server.secretAccessKey,
  })
  const section = profile === 'default' ? 'default' : `profile ${profile}`
  change(configFile, section, {
    region: server.region,
    endpoint_url: server.endpointUrl,
    // What the user wrote below `s3` is the user's: it may hold more than this.
    ...(readProfileSection(readText(configFile), section)?.has('s3') ? {} : { s3: S3_MEMBERS }),
  })
  writeStdout(
    [
      `The profile "${profile}" now leads to ${server.endpointUrl} (in ${configFile} and ${credentialsFile}).`,
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

function change(path: string, section: string, members: Readonly<Record<string, string>>): void {
  const text = readText(path)
  const changed = writeProfileSection(text, section, members)
  if (changed !== text) writePrivateFile(path, changed)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
