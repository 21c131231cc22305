import { dirname } from 'node:path'
import { lockFile } from '../../base/file-lock.ts'
import { makeFolder } from '../../base/make-folder.ts'
import { realTarget, writePrivateFile } from '../../base/private-file.ts'
import { readTextFile } from '../../base/text-file.ts'
import { terminalLine } from '../../base/terminal-text.ts'
import { readProfileSection } from '../../protocol/ini/profile-text.ts'
import { configFilePath, credentialsFilePath } from '../config/config-files.ts'
import { credentialsText, profileConfigText } from '../config/profile-of-key.ts'
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
  await change(credentialsFile, (text) => credentialsText(text, profile, server))
  await change(configFile, (text) => profileConfigText(text, profile, server))
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

async function change(path: string, changed: (text: string) => string): Promise<void> {
  makeFolder(dirname(path), 0o700)
  const lock = await lockFile(realTarget(path))
  try {
    const before = readTextFile(path)
    const text = changed(before)
    if (text !== before) writePrivateFile(path, text)
  } finally {
    lock.release()
  }
}
