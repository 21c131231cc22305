import { mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LOSSES, SyncedFolder } from '../../harness/disk-log/crash-image.ts'
import { buildDiskLog } from '../../harness/disk-log/disk-log.ts'
import { startServer } from '../../harness/server.ts'
import { serverKillRounds, type ServerKillReport } from './kill-rounds.ts'

interface PowerLossReport extends ServerKillReport {
  /** Calls on files, over all rounds, that a sync had made sure of when the power went, and that none had. */
  readonly sure: number
  readonly unsure: number
}

/**
 * Lets the power go at random moments while clients write to the server: the process is killed, and its folder put in the place of what a disk may then have, which lost,
 * tore or reordered what was not synced. The next process is asked as after a kill. `isLie` says of which paths the disk answers syncs without doing them.
 */
export async function powerLossRounds(
  rounds: number,
  isLie?: (path: string) => boolean,
): Promise<PowerLossReport> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lugsail-power-')))
  const dataFolder = join(folder, 'data')
  const counts = { sure: 0, unsure: 0 }
  try {
    mkdirSync(dataFolder)
    // The store is made before: what a loss of power leaves of a first start has a test of its own.
    await (await startServer({ dataFolder })).stop()
    const log = buildDiskLog(folder, dataFolder)
    let synced: SyncedFolder | null = null
    const report = await serverKillRounds(rounds, {
      around: {
        dataFolder,
        environment: log.environment,
        beforeStart: () => (synced = new SyncedFolder(dataFolder)),
        afterKill: (_folder, random) => {
          const left = join(folder, 'left')
          mkdirSync(left)
          const loss = random.oneOf(LOSSES)
          const seen = synced?.loseTo(left, { entries: log.take(), random, loss, ...(isLie && { isLie }) })
          counts.sure += seen?.sure ?? 0
          counts.unsure += seen?.unsure ?? 0
          for (const name of readdirSync(dataFolder)) rmSync(join(dataFolder, name), { recursive: true })
          for (const name of readdirSync(left)) renameSync(join(left, name), join(dataFolder, name))
          rmSync(left, { recursive: true })
        },
      },
    })
    return { ...report, ...counts }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
