import { ConfigurationError } from '../configuration/errors.ts'
import { readStoreIdentity } from '../store/store-identity.ts'
import { parseArguments } from './arguments.ts'
import type { ServerCommand } from './command.ts'
import { OUTPUT_OPTION, printJson, printMembers, wantsJson } from './output.ts'
import { withStore } from './store-session.ts'

const USAGE = `Usage: lugsail store show   [--data DIR] [--output text|json]

  show     what the store says of itself; fails when it cannot be opened with the settings given

The store is the one that the settings of "lugsail serve" name; a server may be running on it.
`

/** `lugsail store …`. */
export const store: ServerCommand = async (context) => {
  const line = parseArguments(context.args, [OUTPUT_OPTION])
  if (line.isHelpWanted) {
    process.stdout.write(USAGE)
    return 0
  }
  const [verb, extra] = line.words
  if (verb !== 'show' || extra !== undefined) throw new ConfigurationError(`expected show\n\n${USAGE}`)
  return withStore(context, line, async ({ context: service, folder }) => {
    const identity = await readStoreIdentity(service.metadata)
    const shown = { storeId: identity?.storeId ?? '', format: identity?.format ?? 0, dataFolder: folder.path }
    if (wantsJson(line)) printJson({ store: shown })
    else
      printMembers([
        ['Store', shown.storeId],
        ['Format', String(shown.format)],
        ['Data folder', shown.dataFolder],
      ])
    return 0
  })
}
