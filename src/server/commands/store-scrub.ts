import type { ServiceContext } from '../../service/context.ts'
import { readBundleUsage } from '../../service/usage/bundle-usage.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { readScrub, wantScrub, type ScrubCounts, type ScrubRecord } from '../scrub/scrub-record.ts'
import { isFlagSet, type CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { printJson, printMembers, wantsJson } from './output.ts'
import { changeStore, withStore } from './store-session.ts'
import { isoSeconds } from '../../base/iso-seconds.ts'

/** The flag that asks for a scrub before its time, without dashes. */
export const NOW_FLAG = 'now'
/** The flag that asks how far one is, which is also what is told without any. */
export const STATUS_FLAG = 'status'

/** `lugsail store scrub`: how far the servers are with reading everything, or that they are to begin. */
export async function storeScrub(context: CommandContext, line: CommandArguments): Promise<number> {
  const isWanted = isFlagSet(line, NOW_FLAG)
  if (isWanted && isFlagSet(line, STATUS_FLAG))
    throw new ConfigurationError(`--${NOW_FLAG} and --${STATUS_FLAG}: expected one of them`)
  if (!isWanted)
    return await withStore(
      context,
      line,
      async ({ context: service }) => await show(service, line, (await readScrub(service)).record),
    )
  return await changeStore(
    context,
    line,
    { operation: 'store scrub' },
    async ({ context: service }) => await show(service, line, await wantScrub(service)),
  )
}

async function show(service: ServiceContext, line: CommandArguments, record: ScrubRecord): Promise<number> {
  const { pass, last, isWanted } = record
  if (wantsJson(line)) {
    printJson({
      scrub: {
        isWanted: isWanted ?? false,
        pass: pass && {
          startedAt: isoSeconds(pass.startedAt),
          ...countsOf(pass),
          storedBytes: await storedBytes(service),
        },
        last: last && {
          startedAt: isoSeconds(last.startedAt),
          finishedAt: isoSeconds(last.finishedAt),
          ...countsOf(last),
        },
      },
    })
    return 0
  }
  printMembers([
    ...(pass
      ? ([
          ['Under way', `since ${isoSeconds(pass.startedAt)}`],
          [
            'Read so far',
            `${wordsOf(pass)}; about ${await storedBytes(service)} bytes of objects are stored`,
          ],
        ] as const)
      : ([['Under way', isWanted ? 'no; a server begins within a minute' : 'no']] as const)),
    ...(last
      ? ([
          ['Last full pass', `${isoSeconds(last.startedAt)} to ${isoSeconds(last.finishedAt)}`],
          ['Read in it', wordsOf(last)],
        ] as const)
      : ([['Last full pass', 'none yet']] as const)),
  ])
  return 0
}

const countsOf = ({ records, blobs, bytes, damaged }: ScrubCounts): ScrubCounts => ({
  records,
  blobs,
  bytes,
  damaged,
})

const wordsOf = ({ records, blobs, bytes, damaged }: ScrubCounts): string =>
  `${records} records, ${blobs} blobs, ${bytes} bytes; ${damaged} damaged`

async function storedBytes(service: ServiceContext): Promise<number> {
  let bytes = 0
  for await (const usage of readBundleUsage(service)) bytes += usage.storedBytes
  return bytes
}
