import { CompactionFailed } from '../../storage/metadata-store.ts'
import { ConfigurationError, StartFailure } from '../configuration/errors.ts'
import { storeFolders } from '../engines.ts'
import { lockIn, storeAddresses, type DataFolder } from '../store/data-folder.ts'
import { assertServerFollows } from '../store/folder-lock.ts'
import type { SettingValues } from '../configuration/schema.ts'
import type { CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { printJson, printMembers, wantsJson } from './output.ts'
import { ProgressLine } from './progress-line.ts'
import { changeStore } from './store-session.ts'

/** `lugsail store compact`: gives back to the disk what the metadata's file does not use, while servers run on it. */
export const storeCompact = (context: CommandContext, line: CommandArguments): Promise<number> =>
  changeStore(context, line, { operation: 'store compact' }, async (store, settings) => {
    await refuseOldServer(settings, store.folder)
    const { metadata } = store.context
    const progress = new ProgressLine()
    const ending = new AbortController()
    const end = (): void => ending.abort(new StartFailure('interrupted: the store is as it was'))
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end)
    try {
      const compaction = await metadata.compact?.({
        signal: ending.signal,
        onProgress: (copied, total) => progress.show('records', copied, total),
      })
      progress.finish()
      if (!compaction)
        throw new ConfigurationError(
          'metadata: only the embedded metadata store has a file to compact; PostgreSQL does the like by itself (VACUUM)',
        )
      const { bytesBefore, bytesAfter, entries } = compaction
      const [durationMs, pauseMs] = [Math.round(compaction.durationMs), Math.round(compaction.pauseMs)]
      if (wantsJson(line))
        printJson({ compaction: { bytesBefore, bytesAfter, records: entries, durationMs, pauseMs } })
      else
        printMembers([
          ['Before', `${bytesBefore} bytes`],
          ['After', `${bytesAfter} bytes`],
          ['Records', String(entries)],
          ['Took', `${(durationMs / 1_000).toFixed(1)} s; writes waited for ${pauseMs} ms at its end`],
        ])
      return 0
    } catch (error) {
      progress.finish()
      if (error instanceof CompactionFailed) throw new StartFailure(error.message, { cause: error })
      throw error
    } finally {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, end)
    }
  })

/** A server of a release before there was this would go on with the old file, and lose what it writes there. */
async function refuseOldServer(settings: SettingValues, folder: DataFolder): Promise<void> {
  const { metadata } = storeAddresses(settings, folder)
  await assertServerFollows(folder.lock)
  for (const path of storeFolders(metadata)) await assertServerFollows(lockIn(path))
}
