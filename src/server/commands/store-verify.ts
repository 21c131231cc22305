import { ConfigurationError } from '../configuration/errors.ts'
import { verifyStore } from '../store/verify-store.ts'
import type { CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { whileAnswering } from '../store/while-answering.ts'
import { printJson, printLines, printMembers, wantsJson } from './output.ts'
import { pastBadSectors } from './past-bad-sectors.ts'
import { withStore } from './store-session.ts'

/** The option that says whether every byte is read, without dashes. */
export const BODIES_OPTION = 'bodies'

/** Whether every byte is to be read, rather than sizes compared. Throws ConfigurationError for anything but `read` and `skip`. */
export function wantsBodies({ options }: CommandArguments): boolean {
  const bodies = options.get(BODIES_OPTION) ?? 'read'
  if (bodies !== 'read' && bodies !== 'skip')
    throw new ConfigurationError(`--${BODIES_OPTION}: expected read or skip, got "${bodies}"`)
  return bodies === 'read'
}

/** `lugsail store verify`: whether the store is whole; exit code 1 when it is not. */
export const storeVerify = (context: CommandContext, line: CommandArguments): Promise<number> =>
  pastBadSectors(context, line, () => verify(context, line))

const verify = (context: CommandContext, line: CommandArguments): Promise<number> =>
  withStore(context, line, async ({ context: service }) => {
    const report = await whileAnswering(service, () =>
      verifyStore(service, { readsBodies: wantsBodies(line), hasBeenSwept: false }),
    )
    if (wantsJson(line)) printJson({ report })
    else {
      printMembers([
        ['Buckets', String(report.buckets)],
        ['Objects and versions', String(report.versions)],
        ['Parts of uploads', String(report.parts)],
        ['Blobs', `${report.blobs} of ${report.blobBytes} bytes`],
        ['Bodies read', String(report.bodiesRead)],
        ['Problems', String(report.problemCount)],
      ])
      printLines(report.problems.map((problem) => `  ${problem}`))
    }
    return report.problemCount === 0 ? 0 : 1
  })
