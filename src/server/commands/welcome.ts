import { relative } from 'node:path'
import { DATA_FOLDER_DEFAULT } from '../../base/data-folder.ts'
import { shellWord } from '../../base/shell-word.ts'
import { terminalText } from '../../base/terminal-text.ts'
import { CONSOLE_PATH } from '../console/answer-console.ts'
import type { DataFolder } from '../store/data-folder.ts'
import type { FirstAccount } from '../store/first-account.ts'

interface WelcomeOptions {
  readonly endpointUrl: string
  /** Whether the console is served. */
  readonly hasConsole: boolean
  readonly folder: DataFolder
  /** The account that was made in this start, if one was. */
  readonly first: FirstAccount | null
  /** Other machines can reach the server, and what they send can be read on the way. */
  readonly isOpenWithoutTls: boolean
  /** Only a terminal gets to see the secret: what is written elsewhere is kept. */
  readonly showsSecret: boolean
}

/** What `lugsail serve` prints once it answers requests. */
export function welcome({
  endpointUrl,
  hasConsole,
  folder,
  first,
  isOpenWithoutTls,
  showsSecret,
}: WelcomeOptions): string {
  const credentials = shortest(folder.credentials)
  const data = shortest(folder.path)
  const use = `lugsail use${data === DATA_FOLDER_DEFAULT ? '' : ` --data ${shellWord(data)}`} && export AWS_PROFILE=lugsail`
  const lines = [`Lugsail serves Lightsail's bucket API and S3 on ${endpointUrl} (data: ${data})`]
  if (hasConsole) lines.push(`The console, for the browser, is at ${endpointUrl}${CONSOLE_PATH}`)
  if (first) {
    lines.push(
      '',
      `A first account was made. Its root key pair is in ${credentials}${showsSecret ? '; this is the only time that it is shown' : ''}:`,
      '',
      `  Account            ${first.account.accountId} (${first.account.name})`,
      `  Access key ID      ${first.rootKey.accessKeyId}`,
      ...(showsSecret ? [`  Secret access key  ${first.rootKey.secretAccessKey}`] : []),
      '',
      'Next, in another terminal (the first line makes a profile for lugsail, aws, boto3 and every SDK, and chooses it):',
      `  ${use}`,
      '  lugsail create-bucket --bucket-name my-bucket --bundle-id small_1_0',
      '  lugsail create-bucket-access-key --bucket-name my-bucket',
    )
  }
  if (isOpenWithoutTls) {
    lines.push(
      '',
      'Warning: other machines can reach this server, and it does not use TLS: what they send can be read on the way.',
      'Give --tls-cert and --tls-key, or put a proxy with TLS in front of it.',
    )
  }
  return terminalText(`${lines.join('\n')}\n`)
}

function shortest(path: string): string {
  const fromHere = relative(process.cwd(), path)
  return fromHere !== '' && fromHere.length < path.length ? fromHere : path
}
