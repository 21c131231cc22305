import { columns } from '../../base/paragraph.ts'
import { KEY_VERBS } from '../key-words.ts'
import { writeStdout } from '../standard-streams.ts'
import type { CommandRunner } from './command.ts'

const USAGE = `Usage: lugsail key WORD [NAME] [options]

Application keys: access keys with a name, for one, several or all buckets of the
account, that may do what their rights say within their bounds. A shorter form of
the commands that stand behind the words; their help has all options.

${columns(
  Object.entries(KEY_VERBS).map(([word, { summary, command, takesName }]): [string, string] => [
    `${word}${takesName ? ' NAME' : ''}`,
    `${summary} (${command})`,
  ]),
)}
--expires-in TIME, --retire-in TIME and --retire-when-idle TIME, as 90d, 12h or 30m,
stand for the options of the same names with -seconds behind them.

  lugsail key create reports --buckets photos --rights read list --expires-in 90d
  lugsail key rotate reports --retire-when-idle 7d
  lugsail key who reports --since 7d
  lugsail key off reports
`

/** `lugsail key`, without a word that stands for an operation: tells which there are. */
export const run: CommandRunner = async () => {
  writeStdout(USAGE)
  return 0
}
