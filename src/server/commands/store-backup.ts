import { BlobNotFound, DamagedBlob } from '../../storage/blob-store.ts'
import { StoreUnavailable } from '../../storage/metadata-store.ts'
import { ConfigurationError, StartFailure } from '../configuration/errors.ts'
import { listStates, type BackupState } from '../backup/backup-state.ts'
import { DamagedRun } from '../backup/run-cursor.ts'
import { parseRetention, RETENTION_ALLOWED, type Retention } from '../backup/retention.ts'
import { takeBackup, type BackupReport } from '../backup/take-backup.ts'
import { openTarget, readTargetStoreId, refuseStoreFolders, type BackupTarget } from '../backup/target.ts'
import { verifyTarget } from '../backup/verify-target.ts'
import { storeFolders } from '../engines.ts'
import { storeAddresses } from '../store/data-folder.ts'
import { readStoreIdentity } from '../store/store-identity.ts'
import { whileAnswering } from '../store/while-answering.ts'
import { isFlagSet, type CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { printJson, printLines, printMembers, printTable, wantsJson } from './output.ts'
import { ProgressLine } from './progress-line.ts'
import { pastBadSectors } from './past-bad-sectors.ts'
import { changeStore } from './store-session.ts'
import { isoSeconds } from '../../base/iso-seconds.ts'

/** The flag that lists states, without dashes. */
export const LIST_FLAG = 'list'
/** The flag that reads all states, without dashes. */
export const VERIFY_FLAG = 'verify'
/** The option that says which states stay, without dashes. */
export const KEEP_OPTION = 'keep'

/**
 * `lugsail store backup TO`: takes a backup, lists those that are there, or reads all of them. Exit code 1 when something was damaged, in the store or in the
 * backups.
 */
export async function storeBackup(context: CommandContext, line: CommandArguments): Promise<number> {
  const [to = ''] = line.words
  const [isList, isVerify] = [isFlagSet(line, LIST_FLAG), isFlagSet(line, VERIFY_FLAG)]
  if (isList && isVerify) throw new ConfigurationError(`--${LIST_FLAG} and --${VERIFY_FLAG} are two commands`)
  const retention = readRetention(line)
  if (retention && (isList || isVerify))
    throw new ConfigurationError(`--${KEEP_OPTION} is for taking a backup`)
  if (isList || isVerify)
    return await withTarget(to, false, (target) => (isList ? list(target, line) : verify(target, line)))
  return await pastBadSectors(context, line, () => take(context, line, { to, retention }))
}

function take(
  context: CommandContext,
  line: CommandArguments,
  { to, retention }: { readonly to: string; readonly retention: Retention | null },
): Promise<number> {
  const command = { operation: 'store backup' }
  return changeStore(context, line, command, async ({ context: service, folder }, settings, details) => {
    const { metadata, blobs } = storeAddresses(settings, folder)
    await refuseStoreFolders('TO', to, storeFolders(metadata, blobs))
    return await withTarget(to, true, async (target) => {
      details['to'] = target.shown
      const identity = await readStoreIdentity(service.metadata)
      const progress = new ProgressLine()
      const report = await whileAnswering(service, () =>
        takeBackup({
          storeId: identity?.storeId ?? '',
          source: service,
          target,
          clock: context.clock,
          retention,
          onProgress: (phase, done, total, bytes) =>
            progress.show(phase, done, total, bytes > 0 ? `${(bytes / 1e6).toFixed(1)} MB` : ''),
        }),
      )
      progress.finish()
      details['state'] = report.state.id
      if (wantsJson(line)) printJson({ backup: report })
      else show(report)
      return report.state.damageCount + report.unreadable.length === 0 ? 0 : 1
    })
  })
}

/** Opens a place of backups for some work. Throws StartFailure for what its store, or the other one, could not do. */
export async function withTarget<T>(
  word: string,
  isMade: boolean,
  work: (target: BackupTarget) => Promise<T>,
): Promise<T> {
  const target = await openTarget(isMade ? 'TO' : 'FROM', word, { isMade })
  try {
    return await work(target)
  } catch (error) {
    const isOfTheStores =
      error instanceof StoreUnavailable ||
      error instanceof DamagedRun ||
      error instanceof DamagedBlob ||
      error instanceof BlobNotFound
    throw isOfTheStores ? new StartFailure(error.message, { cause: error }) : error
  } finally {
    await target.store.close()
  }
}

function readRetention({ options }: CommandArguments): Retention | null {
  const text = options.get(KEEP_OPTION)
  if (text === undefined) return null
  const retention = parseRetention(text)
  if (!retention)
    throw new ConfigurationError(`--${KEEP_OPTION}: expected ${RETENTION_ALLOWED}, got "${text}"`)
  return retention
}

function show({ state, unreadable, removed }: BackupReport): void {
  printMembers([
    ['State', state.id],
    ['Of', new Date(state.at).toISOString()],
    ['Records', `${state.records}, ${state.added.records} of them changed`],
    ['Blobs', `${state.blobs}, ${state.added.blobs} of them new`],
    ['Written', `${state.added.bytes} bytes`],
    ['Removed', `${removed.states} states, ${removed.blobs} blobs, ${removed.bytes} bytes`],
    ['Damaged', String(state.damageCount)],
  ])
  printLines(state.damage.map(({ kind, name, reason }) => `  ${kind} ${name}: ${reason}`))
  printLines(unreadable.map(({ id, reason }) => `  earlier state ${id} cannot be read: ${reason}`))
}

async function list(target: BackupTarget, line: CommandArguments): Promise<number> {
  const storeId = await readTargetStoreId(target)
  const { states, unreadable } = await listStates(target.store)
  if (wantsJson(line)) printJson({ storeId, states: states.map(described), unreadable })
  else {
    printTable(
      ['STATE', 'OF', 'RECORDS', 'BLOBS', 'WRITTEN', 'DAMAGED'],
      states.map(({ id, at, records, blobs, added, damageCount }) => [
        id,
        isoSeconds(at),
        String(records),
        String(blobs),
        String(added.bytes),
        String(damageCount),
      ]),
    )
    printLines(unreadable.map(({ id, reason }) => `${id} cannot be read: ${reason}`))
  }
  return unreadable.length === 0 ? 0 : 1
}

const described = ({ id, at, finishedAt, records, blobs, added, damageCount }: BackupState) => ({
  id,
  at: new Date(at).toISOString(),
  finishedAt: new Date(finishedAt).toISOString(),
  records,
  blobs,
  added,
  damageCount,
})

async function verify(target: BackupTarget, line: CommandArguments): Promise<number> {
  const progress = new ProgressLine()
  const report = await verifyTarget(target, (phase, done, total, bytes) =>
    progress.show(phase, done, total, `${(bytes / 1e6).toFixed(1)} MB`),
  )
  progress.finish()
  if (wantsJson(line)) printJson({ report })
  else {
    printMembers([
      ['States', String(report.states)],
      ['Runs', String(report.runs)],
      ['Blobs', String(report.blobs)],
      ['Read', `${report.bytes} bytes`],
      ['Problems', String(report.problemCount)],
    ])
    printLines(report.problems.map((problem) => `  ${problem}`))
  }
  return report.problemCount === 0 ? 0 : 1
}
