import { rewriteStore } from '../store/rewrite-store.ts'
import { whileAnswering } from '../store/while-answering.ts'
import type { CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { printJson, printLines, printMembers, wantsJson } from './output.ts'
import { ProgressLine } from './progress-line.ts'
import { changeStore } from './store-session.ts'

/** `lugsail store rewrite`: checksums for what older releases stored without, and their records in the form of this one; exit code 1 when something is damaged already. */
export const storeRewrite = (context: CommandContext, line: CommandArguments): Promise<number> =>
  changeStore(context, line, { operation: 'store rewrite' }, async ({ context: service }) => {
    const progress = new ProgressLine()
    const rewrite = await whileAnswering(service, () =>
      rewriteStore(service, (what, looked) => progress.show(what, looked, 0)),
    )
    progress.finish()
    if (wantsJson(line)) printJson({ rewrite })
    else {
      printMembers([
        ['Records', `${rewrite.records} got a checksum`],
        ['Objects', `${rewrite.objects} with ${rewrite.blobs} blobs got checksums`],
        ['Records of objects', `${rewrite.reformed} got the form of this release`],
        ['Parts of uploads', `${rewrite.partsLeft} left until they are objects`],
        ['Damaged', String(rewrite.damaged.length)],
        ['Every record has one', rewrite.isWhole ? 'yes' : 'no'],
      ])
      printLines(rewrite.damaged.map((fault) => `  ${fault}`))
    }
    return rewrite.damaged.length === 0 ? 0 : 1
  })
