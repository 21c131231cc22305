import { ConfigurationError } from '../configuration/errors.ts'
import { readSettings } from '../configuration/read.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { withAudit } from '../audit/audited-command.ts'
import { listStates, type BackupState } from '../backup/backup-state.ts'
import { restoreBucket, type BucketRestoreReport } from '../backup/restore-bucket.ts'
import { restoreStore, type RestoreReport } from '../backup/restore-store.ts'
import { type BackupTarget } from '../backup/target.ts'
import { isSharedByMachines, openBlobStore, openMetadataStore } from '../engines.ts'
import {
  dataFolderOf,
  makeDataFolder,
  MEMORY,
  storeAddresses,
  type DataFolder,
} from '../store/data-folder.ts'
import { whileAnswering } from '../store/while-answering.ts'
import { FolderLock } from '../store/folder-lock.ts'
import type { StoreEngines } from '../store/store-content.ts'
import { isFlagSet, type CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { printJson, printLines, printMembers, wantsJson } from './output.ts'
import { ProgressLine } from './progress-line.ts'
import { withTarget } from './store-backup.ts'
import { changeStore } from './store-session.ts'

/** The option that names one bucket, without dashes. */
export const BUCKET_OPTION = 'bucket'
/** The option that chooses a state, without dashes. */
export const AT_OPTION = 'at'
/** The flag that leaves blobs as they are, without dashes. */
export const ONLY_METADATA_FLAG = 'only-metadata'

/** `lugsail store restore FROM`: makes a store out of a backup; exit code 1 when some of it could not be restored. */
export async function storeRestore(context: CommandContext, line: CommandArguments): Promise<number> {
  const { environment, clock } = context
  const [from = ''] = line.words
  const settings = readSettings({ options: line.settingOptions, environment })
  if (settings.metadata === MEMORY)
    throw new ConfigurationError('metadata: a store in memory ends with this command')
  const onlyMetadata = isFlagSet(line, ONLY_METADATA_FLAG)
  const bucketName = line.options.get(BUCKET_OPTION)
  if (bucketName !== undefined) {
    if (onlyMetadata)
      throw new ConfigurationError(
        `--${ONLY_METADATA_FLAG} is for a whole store, and --${BUCKET_OPTION} for one bucket`,
      )
    return await storeRestoreBucket(context, line, bucketName)
  }
  const folder = dataFolderOf(settings)
  return await withTarget(from, false, async (target) => {
    const state = await chosenState(target, line.options.get(AT_OPTION))
    makeDataFolder(folder)
    const details = { from: target.shown, state: state.id }
    return await withAudit({ settings, folder, clock }, { operation: 'store restore', details }, async () => {
      const progress = new ProgressLine()
      const report = await withEmptyStore(settings, folder, (to) =>
        restoreStore({
          target,
          state,
          to,
          onlyMetadata,
          onProgress: (phase, done, total, bytes) =>
            progress.show(phase, done, total, bytes > 0 ? `${(bytes / 1e6).toFixed(1)} MB` : ''),
        }),
      )
      progress.finish()
      if (wantsJson(line)) printJson({ state: shownState(state), restored: report })
      else show(state, report)
      return report.missingCount + state.damageCount === 0 ? 0 : 1
    })
  })
}

/** One bucket, into the store that the settings name, which servers may use. */
function storeRestoreBucket(
  context: CommandContext,
  line: CommandArguments,
  bucketName: string,
): Promise<number> {
  const command = { operation: 'store restore', bucketName }
  return changeStore(context, line, command, ({ context: service }, _, details) =>
    withTarget(line.words[0] ?? '', false, async (target) => {
      const state = await chosenState(target, line.options.get(AT_OPTION))
      Object.assign(details, { from: target.shown, state: state.id })
      const progress = new ProgressLine()
      const report = await whileAnswering(service, () =>
        restoreBucket({
          context: service,
          target,
          state,
          bucketName,
          onProgress: (phase, done, total) => progress.show(phase, done, total),
        }),
      )
      progress.finish()
      if (wantsJson(line)) printJson({ state: shownState(state), restored: report })
      else showBucket(state, report)
      return report.missingCount === 0 ? 0 : 1
    }),
  )
}

const shownState = ({ id, at }: BackupState) => ({ id, at: new Date(at).toISOString() })

function showBucket(state: BackupState, report: BucketRestoreReport): void {
  printMembers([
    ['Bucket', report.bucketName],
    ['State', state.id],
    ['Of', shownState(state).at],
    ['Versions', String(report.versions)],
    ['Blobs', `${report.blobs} of ${report.blobBytes} bytes`],
    ['Access keys', report.accessKeyIds.join(' ') || 'none'],
    ...(report.accessKeyIdsTaken.length > 0
      ? ([['Access keys left out', report.accessKeyIdsTaken.join(' ')]] as const)
      : []),
    ['Missing', String(report.missingCount)],
  ])
  printLines(report.missing.map(({ name, reason }) => `  blob ${name} is missing: ${reason}`))
}

/** The newest state, or the newest that is not after the moment that `at` names; or that of the id. Throws ConfigurationError. */
async function chosenState(target: BackupTarget, at: string | undefined): Promise<BackupState> {
  const { states, unreadable } = await listStates(target.store)
  const byId = states.find(({ id }) => id === at)
  if (byId) return byId
  const broken = unreadable.find(({ id }) => id === at)
  if (broken) throw new ConfigurationError(`--${AT_OPTION}: ${broken.id} cannot be read: ${broken.reason}`)
  const untilMs = at === undefined ? Infinity : parseMoment(at)
  const state = states.filter((candidate) => candidate.at <= untilMs).at(-1)
  const newer = unreadable.filter(({ id }) => at === undefined && (!state || id > state.id))
  if (newer[0])
    throw new ConfigurationError(
      `${newer[0].id} cannot be read: ${newer[0].reason}; choose an earlier one with --${AT_OPTION}`,
    )
  if (state) return state
  throw new ConfigurationError(
    states[0]
      ? `--${AT_OPTION}: the oldest backup in ${target.shown} is of ${new Date(states[0].at).toISOString()}`
      : `there is no backup in ${target.shown}`,
  )
}

function parseMoment(text: string): number {
  const isMoment =
    /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/.test(text)
  // Without a zone it is UTC, as everything that is shown.
  const hasZone = /(?:Z|[+-]\d{2}:\d{2})$/.test(text.slice(10))
  const moment = isMoment
    ? Date.parse(`${text.replace(' ', 'T')}${text.length > 10 && !hasZone ? 'Z' : ''}`)
    : NaN
  if (Number.isNaN(moment))
    throw new ConfigurationError(
      `--${AT_OPTION}: expected a moment such as 2026-01-31T12:00:00Z, or the id of a state, got "${text}"`,
    )
  return moment
}

/** Opens both engines where the settings say, with no server beside: one would take half a store for a broken one. */
async function withEmptyStore<T>(
  settings: SettingValues,
  folder: DataFolder,
  work: (to: StoreEngines) => Promise<T>,
): Promise<T> {
  const addresses = storeAddresses(settings, folder)
  const lock = isSharedByMachines(addresses.metadata) ? null : await FolderLock.take(folder.lock)
  try {
    const metadata = await openMetadataStore(addresses.metadata)
    try {
      const blobs = await openBlobStore(addresses.blobs)
      try {
        return await work({ metadata, blobs })
      } finally {
        await blobs.close()
      }
    } finally {
      await metadata.close()
    }
  } finally {
    lock?.release()
  }
}

function show(state: BackupState, report: RestoreReport): void {
  printMembers([
    ['State', state.id],
    ['Of', new Date(state.at).toISOString()],
    ['Records', String(report.records)],
    ['Blobs', `${report.blobs} of ${report.blobBytes} bytes (${report.blobsSkipped} were there)`],
    ['Damaged', `${state.damageCount} when it was taken`],
    ['Missing', String(report.missingCount)],
  ])
  printLines(state.damage.map(({ kind, name, reason }) => `  ${kind} ${name} was damaged: ${reason}`))
  printLines(report.missing.map(({ kind, name, reason }) => `  ${kind} ${name} is missing: ${reason}`))
  process.stdout.write(
    'The store opens with the master key that it was backed up with: give its server that one.\n',
  )
}
