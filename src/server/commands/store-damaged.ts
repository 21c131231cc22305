import { listDamage } from '../store/list-damage.ts'
import type { CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { printJson, printLines, wantsJson } from './output.ts'
import { withStore } from './store-session.ts'

/** `lugsail store damaged`: the objects of which something was found damaged when it was read. */
export const storeDamaged = (context: CommandContext, line: CommandArguments): Promise<number> =>
  withStore(context, line, async ({ context: service }) => {
    const damaged = []
    for await (const damage of listDamage(service)) {
      const { bucketName, key, versionId, reason, foundAt } = damage
      if (wantsJson(line)) damaged.push({ ...damage, foundAt: new Date(foundAt).toISOString() })
      else {
        const version = versionId === undefined || versionId === 'null' ? '' : `, version ${versionId}`
        printLines([`${bucketName}/${key}${version}: ${reason}, found ${new Date(foundAt).toISOString()}`])
      }
    }
    if (wantsJson(line)) printJson({ damaged })
    return 0
  })
