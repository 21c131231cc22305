import { readStoreIdentity } from '../store/store-identity.ts'
import type { CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { printJson, printMembers, wantsJson } from './output.ts'
import { withStore } from './store-session.ts'

/** `lugsail store show`: what the store says of itself. */
export const storeShow = (context: CommandContext, line: CommandArguments): Promise<number> =>
  withStore(context, line, async ({ context: service, folder }) => {
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
