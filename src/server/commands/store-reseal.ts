import { resealStore } from '../store/reseal-store.ts'
import type { CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { printJson, printLines, printMembers, wantsJson } from './output.ts'
import { ProgressLine } from './progress-line.ts'
import { changeStore } from './store-session.ts'

/** `lugsail store reseal`: every secret under the newest master key, so that the older ones can be taken away. */
export const storeReseal = (context: CommandContext, line: CommandArguments): Promise<number> =>
  changeStore(context, line, { operation: 'store reseal' }, async ({ context: service }) => {
    const progress = new ProgressLine()
    let records = 0
    const reseal = await resealStore(service, () => progress.show('records', ++records, 0))
    progress.finish()
    if (wantsJson(line)) printJson({ reseal })
    else {
      printMembers([
        ['Access keys', `${reseal.accessKeys} sealed anew`],
        ['Encrypted objects', `${reseal.objects} sealed anew`],
        ['Encrypted uploads', `${reseal.uploads} sealed anew`],
        ['Damaged', String(reseal.damaged.length)],
      ])
      printLines(reseal.damaged.map((what) => `  ${what}`))
      if (reseal.damaged.length > 0)
        process.stdout.write('What is damaged may need an older master key: keep that one for now.\n')
    }
    return reseal.damaged.length === 0 ? 0 : 1
  })
