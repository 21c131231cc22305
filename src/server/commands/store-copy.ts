import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { withAudit, type AuditPlace } from '../audit/audited-command.ts'
import { countLeases } from '../../service/blobs/written-leases.ts'
import { ConfigurationError, StartFailure } from '../configuration/errors.ts'
import { CONFIG_OPTION, readSettings } from '../configuration/read.ts'
import { openBlobStore, openMetadataStore, storeFolders } from '../engines.ts'
import { FolderLock } from '../store/folder-lock.ts'
import { compareStores } from '../store/compare-stores.ts'
import { copyStore, type OnProgress } from '../store/copy-store.ts'
import { dataFolderOf, lockIn, storeAddresses } from '../store/data-folder.ts'
import type { StoreEngines } from '../store/store-content.ts'
import type { CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { printJson, printLines, printMembers, wantsJson } from './output.ts'
import { ProgressLine } from './progress-line.ts'
import { wantsBodies } from './store-verify.ts'

/**
 * `lugsail store copy FROM TO`: copies and compares; exit code 1 when the two differ afterwards. It is noted in the audit logs of both; a store that is named by
 * its URLs alone has none.
 */
export async function storeCopy({ clock }: CommandContext, line: CommandArguments): Promise<number> {
  const [fromWord = '', toWord = ''] = line.words
  if (line.settingOptions.size > 0)
    throw new ConfigurationError('store copy takes no settings: FROM and TO name both stores')
  const sizesOnly = !wantsBodies(line)
  const places = { from: placeOf('FROM', fromWord), to: placeOf('TO', toWord) }
  const command = {
    operation: 'store copy',
    details: { from: places.from.shown, to: places.to.shown },
  }
  const copy = (): Promise<number> => copyPlaces(places, { line, sizesOnly })
  const audited = [places.from, places.to].reduce(
    (work, { audit }) => (audit ? () => withAudit({ ...audit, clock }, command, work) : work),
    copy,
  )
  return await audited()
}

async function copyPlaces(
  places: { readonly from: Place; readonly to: Place },
  options: Parameters<typeof copyAndCompare>[2],
): Promise<number> {
  const locks = await lockPlaces([places.from, places.to])
  const from = await openEngines(places.from)
  try {
    const to = await openEngines(places.to)
    try {
      await refuseStoreInUse('FROM', from)
      return await copyAndCompare(from, to, options)
    } finally {
      await closeEngines(to)
    }
  } finally {
    await closeEngines(from)
    for (const lock of locks) lock.release()
  }
}

/** Takes the folders of both stores, so that no server works on either meanwhile. Throws StartFailure that names the one that does. */
async function lockPlaces(places: readonly Place[]): Promise<readonly FolderLock[]> {
  const locks: FolderLock[] = []
  const paths = places.flatMap(({ audit, metadata }) => [
    ...(audit && existsSync(audit.folder.path) ? [audit.folder.lock] : []),
    ...storeFolders(metadata)
      .filter((path) => !audit && existsSync(path))
      .map(lockIn),
  ])
  try {
    for (const path of paths) locks.push(await FolderLock.take(path))
  } catch (error) {
    for (const lock of locks) lock.release()
    throw error
  }
  return locks
}

/** A copy is of no one instant: it needs a store that nobody writes to. Throws StartFailure when a process has a lease on it. */
async function refuseStoreInUse(name: string, { metadata }: StoreEngines): Promise<void> {
  const holders = await countLeases(metadata)
  if (holders > 0)
    throw new StartFailure(
      `${name}: ${holders} process(es) have a lease on the store; stop them, and end the leases of those that were killed with \`lugsail store sweep --servers stopped\`; or use \`lugsail store backup\`, which runs beside servers`,
    )
}

async function copyAndCompare(
  from: StoreEngines,
  to: StoreEngines,
  { line, sizesOnly }: { readonly line: CommandArguments; readonly sizesOnly: boolean },
): Promise<number> {
  const progress = new ProgressLine()
  const onProgress: OnProgress = (phase, done, total, bytes) =>
    progress.show(phase, done, total, bytes > 0 ? `${(bytes / 1e6).toFixed(1)} MB` : '')
  const copied = await copyStore(from, to, onProgress)
  const compared = await compareStores(from, to, {
    sizesOnly,
    onProgress: (_phase, done) => progress.show('compared', done, copied.blobs + copied.blobsSkipped),
  })
  progress.finish()
  if (wantsJson(line)) printJson({ copied, compared })
  else {
    if (copied.wasWhole)
      process.stdout.write('The target holds a copy of this store already: it was only compared.\n')
    printMembers([
      ['Blobs copied', `${copied.blobs} of ${copied.blobBytes} bytes (${copied.blobsSkipped} were there)`],
      ['Records copied', String(copied.records)],
      ['Compared', `${compared.records} records, ${compared.blobs} blobs${sizesOnly ? ' by size' : ''}`],
      ['Damaged', String(copied.damagedCount)],
      ['Differences', String(compared.differenceCount)],
    ])
    printLines(copied.damaged.map((what) => `  ${what}`))
    printLines(compared.differences.map((difference) => `  ${difference}`))
    process.stdout.write('The copy opens with the master key of the source: give its servers the same one.\n')
  }
  return compared.differenceCount + copied.damagedCount === 0 ? 0 : 1
}

interface Place {
  readonly metadata: string
  readonly blobs: string
  /** For the audit log; URLs may hold passwords, and only their schemes are shown. */
  readonly shown: string
  /** Absent: it has no audit log. */
  readonly audit?: Pick<AuditPlace, 'settings' | 'folder'>
}

/** Where the engines are that a word of the command line means. */
function placeOf(name: string, word: string): Place {
  if (/^[a-z0-9]+:/.test(word)) {
    const [metadata, blobs, ...rest] = word.split(/\s+/)
    if (metadata === undefined || blobs === undefined || rest.length > 0)
      throw new ConfigurationError(`${name}: expected the metadata URL and the blobs URL in one quoted word`)
    return { metadata, blobs, shown: [metadata, blobs].map(schemeOf).join(' ') }
  }
  if (statSync(word, { throwIfNoEntry: false })?.isFile()) {
    const settings = readSettings({ options: new Map([[CONFIG_OPTION, word]]), environment: {} })
    const folder = dataFolderOf(settings)
    return { ...storeAddresses(settings, folder), shown: resolve(word), audit: { settings, folder } }
  }
  const folder = dataFolderOf({ data: word })
  if (name === 'FROM' && !statSync(folder.metadata, { throwIfNoEntry: false }))
    throw new ConfigurationError(`FROM: there is no store in ${folder.path}`)
  const settings = readSettings({ options: new Map(), environment: {} })
  const addresses = storeAddresses({ metadata: null, blobs: null }, folder)
  return { ...addresses, shown: folder.path, audit: { settings, folder } }
}

const schemeOf = (address: string): string => address.slice(0, address.indexOf(':') + 1)

async function openEngines({ metadata: metadataUrl, blobs: blobsUrl }: Place): Promise<StoreEngines> {
  const metadata = await openMetadataStore(metadataUrl)
  try {
    return { metadata, blobs: await openBlobStore(blobsUrl) }
  } catch (error) {
    await metadata.close()
    throw error
  }
}

async function closeEngines({ metadata, blobs }: StoreEngines): Promise<void> {
  await metadata.close()
  await blobs.close()
}
