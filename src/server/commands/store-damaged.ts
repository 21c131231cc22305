import { NULL_VERSION_ID } from '../../service/records/version-id-form.ts'
import { listDamage } from '../store/list-damage.ts'
import type { CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { printJson, printLines, wantsJson } from './output.ts'
import { withStore } from './store-session.ts'

/** `lugsail store damaged`: the objects of which something was found damaged when it was read. */
export const storeDamaged = (context: CommandContext, line: CommandArguments): Promise<number> =>
  withStore(context, line, async ({ context: service }) => {
    const damaged = []
    for await (const { key: objectKey, foundAt: foundAtMs, ...damage } of listDamage(service)) {
      const { bucketName, versionId, reason } = damage
      const foundAt = new Date(foundAtMs).toISOString()
      if (wantsJson(line)) damaged.push({ ...damage, objectKey, foundAt })
      else {
        const version =
          versionId === undefined || versionId === NULL_VERSION_ID ? '' : `, version ${versionId}`
        printLines([`${bucketName}/${objectKey}${version}: ${reason}, found ${foundAt}`])
      }
    }
    if (wantsJson(line)) printJson({ damaged })
    return 0
  })
