import { dirname } from 'node:path'
import { lockFile } from '../../base/file-lock.ts'
import { makeFolder } from '../../base/make-folder.ts'
import { realTarget, writePrivateFile } from '../../base/private-file.ts'
import { readTextFile } from '../../base/text-file.ts'
import { terminalLine } from '../../base/terminal-text.ts'
import { readProfileSection } from '../../protocol/ini/profile-text.ts'
import { configFilePath, credentialsFilePath } from '../config/config-files.ts'
import { credentialsText, profileConfigText } from '../config/profile-of-key.ts'
import { freeName } from '../key-files/free-name.ts'
import type { CommandRunner } from './command.ts'
import { readServerCredentials, type ServerCredentials } from './server-credentials.ts'
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
  const copy = await replaceKey(credentialsFile, profile, server)
  if (copy === null) return 1
  await locked(configFile, (before) =>
    writeChanged(configFile, before, profileConfigText(before, profile, server)),
  )
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
 * Makes the server's key that of the profile. Where the profile has another one, and somebody can answer, asks first; a copy of the file then stays beside
 * it. Another command may write the profile meanwhile: what counts is what is there once no other one writes. Gives the copy's path, an empty text when
 * there was nothing to keep, and null when the answer is no.
 */
async function replaceKey(path: string, profile: string, server: ServerCredentials): Promise<string | null> {
  const otherKeyIn = (text: string): string | null => {
    const accessKeyId = readProfileSection(text, profile)?.get('aws_access_key_id')
    return accessKeyId === undefined || accessKeyId === server.accessKeyId ? null : accessKeyId
  }
  let agreed: string | null = null
  for (;;) {
    const other = otherKeyIn(readTextFile(path))
    if (other !== null && other !== agreed && !(await agrees(profile, other))) return null
    agreed = other
    const copy = await locked(path, (before) => {
      const found = otherKeyIn(before)
      if (found !== null && found !== agreed) return null
      const kept = found === null ? '' : freeName(`${path}.before-use`)
      if (kept !== '') writePrivateFile(kept, before)
      writeChanged(path, before, credentialsText(before, profile, server))
      return kept
    })
    if (copy !== null) return copy
  }
}

/** Whether another key may go; where nobody can be asked, it may. */
async function agrees(profile: string, accessKeyId: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return true
  const { createInterface } = await import('node:readline/promises')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(
    `The profile "${profile}" has another key (${terminalLine(accessKeyId)}). Replace it? A copy is kept. [y/N] `,
  )
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}

/** Does it with the file's text while no other command writes the file. */
async function locked<T>(path: string, act: (text: string) => T): Promise<T> {
  makeFolder(dirname(path), 0o700)
  const lock = await lockFile(realTarget(path))
  try {
    return act(readTextFile(path))
  } finally {
    lock.release()
  }
}

function writeChanged(path: string, before: string, text: string): void {
  if (text !== before) writePrivateFile(path, text)
}
