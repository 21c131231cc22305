import { ConfigurationError } from '../configuration/errors.ts'
import { sweepStore } from '../store/sweep-store.ts'
import type { CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { printJson, printMembers, wantsJson } from './output.ts'
import { changeStore } from './store-session.ts'

/** The option that says whether servers use the store, without dashes. */
export const SERVERS_OPTION = 'servers'

/** `lugsail store sweep`: removes at once what the servers' background work would remove in time. */
export const storeSweep = (context: CommandContext, line: CommandArguments): Promise<number> => {
  const servers = line.options.get(SERVERS_OPTION) ?? 'running'
  if (servers !== 'running' && servers !== 'stopped')
    throw new ConfigurationError(`--${SERVERS_OPTION}: expected running or stopped, got "${servers}"`)
  return changeStore(context, line, { operation: 'store sweep' }, async ({ context: service }) => {
    const sweep = await sweepStore(service, { serversAreStopped: servers === 'stopped' })
    if (wantsJson(line)) printJson({ sweep })
    else
      printMembers([
        ['Removed buckets', `${sweep.bucketsPurged} purged`],
        ['Uploads that were over', `${sweep.uploadsFinished} finished`],
        ['Leases', `${sweep.writersEnded} ended`],
        ...(sweep.writersLeft > 0
          ? ([
              [
                'Leases that stay',
                `${sweep.writersLeft}: of servers that run, or were killed; servers end those within some ten minutes, and --${SERVERS_OPTION} stopped at once`,
              ],
            ] as const)
          : []),
        ...(sweep.blobsInUse > 0
          ? ([['Blobs that stay', `${sweep.blobsInUse}: a server reads them, or did not say`]] as const)
          : []),
        ...(sweep.referencesMended > 0
          ? ([
              [
                'References made again',
                `${sweep.referencesMended}: they were lost, and objects name the blobs`,
              ],
            ] as const)
          : []),
        ['Blobs removed', `${sweep.blobsRemoved} of ${sweep.blobsSeen}, ${sweep.bytesRemoved} bytes`],
      ])
    return 0
  })
}
