import { columns } from '../../base/paragraph.ts'
import { ROLE_VERBS } from '../key-words.ts'
import { writeStdout } from '../standard-streams.ts'
import type { CommandRunner } from './command.ts'

const USAGE = `Usage: lugsail role WORD [NAME] [options]

Roles: rights and bounds as application keys have them, without a key. STS gives
temporary credentials of them, to access keys of the account and to those whose
tokens they trust. A shorter form of the commands that stand behind the words;
their help has all options.

${columns(
  Object.entries(ROLE_VERBS).map(([word, { summary, command, takesName }]): [string, string] => [
    `${word}${takesName ? ' NAME' : ''}`,
    `${summary} (${command})`,
  ]),
)}
--expires-in TIME, as 90d, 12h or 30m, stands for --expires-in-seconds.

  lugsail role create inspect --buckets photos --rights read list
  lugsail role create deploy --buckets site --rights read-write --trusts \\
    issuer=https://token.actions.githubusercontent.com,audiences=lugsail,subjects=repo:acme/site:*
  lugsail role revoke deploy
`

/** `lugsail role`, without a word that stands for an operation: tells which there are. */
export const run: CommandRunner = async () => {
  writeStdout(USAGE)
  return 0
}
