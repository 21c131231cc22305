import { dataFolderAtHand } from '../commands/server-credentials.ts'
import { writeStderr } from '../standard-streams.ts'

/**
 * Says on standard error, in one line, that a call goes to Amazon, where a server's data folder is at hand that may have been meant.
 * `endpoint`: where the call goes.
 */
export function tellOfAmazon(env: NodeJS.ProcessEnv, endpoint: string): void {
  const folder = dataFolderAtHand(env)
  writeStderr(
    `lugsail: no endpoint is set, so this goes to Amazon (${endpoint}), not to the server of ${folder}; to that one it goes after: lugsail use && export AWS_PROFILE=lugsail\n`,
  )
}
