import cluster from 'node:cluster'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { isLoopbackHost } from '../../base/loopback.ts'
import { noteCommand } from '../audit/audited-command.ts'
import type { ListenAddress } from '../configuration/address.ts'
import { configurationHelp } from '../configuration/documentation.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { readSettings } from '../configuration/read.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { endsInOwnAuthority } from '../http/tls-files.ts'
import { createLogger, type Logger } from '../logging/logger.ts'
import { openStandardError, writeLastWords } from '../logging/standard-error.ts'
import { letHeapGrow } from '../process/heap-growth.ts'
import { Server, type ServerOptions } from '../process/server.ts'
import { isSharedByMachines, storeFolders } from '../engines.ts'
import { updateCredentialsEndpoint } from '../store/credentials-file.ts'
import { lockIn, storeAddresses } from '../store/data-folder.ts'
import { ensureFirstAccount } from '../store/first-account.ts'
import { ownSections } from '../store/own-sections.ts'
import { endAtOnce } from '../process/end-at-once.ts'
import { UnreadableRecord } from '../../storage/metadata-store.ts'
import { callsNotComeBack } from '../../storage/patient-calls.ts'
import { waitForStop } from '../process/wait-for-stop.ts'
import { FolderLock } from '../store/folder-lock.ts'
import type { OpenStore } from '../store/open-store.ts'
import { publicUrlOf } from '../configuration/public-url.ts'
import { closeToOthers } from '../store/private-folders.ts'
import { runWorker } from '../workers/worker.ts'
import { Watcher } from '../workers/watcher.ts'
import { parseArguments } from './arguments.ts'
import type { ServerCommand } from './command.ts'
import { welcome } from './welcome.ts'

/** `lugsail serve`: both APIs on one port, until SIGTERM or SIGINT. */
export const serve: ServerCommand = async ({ args, environment, clock }) => {
  const { words, settingOptions, isHelpWanted } = parseArguments(args)
  if (isHelpWanted) {
    process.stdout.write(configurationHelp())
    return 0
  }
  if (words[0] !== undefined) throw new ConfigurationError(`unexpected argument "${words[0]}"`)
  const settings = readSettings({ options: settingOptions, environment })
  const ephemeral = settings.ephemeral === 'yes' ? await import('./serve-ephemeral.ts') : null
  const movable = ephemeral?.clockOf(settings)
  const log = createLogger({
    level: settings.logLevel,
    format: logFormatOf(settings),
    target: openStandardError(),
    clock: movable ?? clock,
  })
  process.once('exit', () => writeLastWords(log.takeRest()))
  const options = { settings, environment, clock, log }
  try {
    if (ephemeral && movable) return await ephemeral.serveEphemeral(settings, log, movable)
    if (cluster.isWorker) return await runWorker(options)
    return await (settings.workers === 1 ? serveAlone(options) : serveWithWorkers(options))
  } finally {
    if (callsNotComeBack() > 0) endWithoutThem(log)
    log.flush()
    setTimeout(() => process.exit(), LAST_LINES_MS).unref()
  }
}

/** Everything is stored and closed; an exit in order would wait for threads that wait for a file system, perhaps for ever. */
function endWithoutThem(log: Logger): never {
  log.warn(
    { calls: callsNotComeBack() },
    'a file system of the mirror or of backups has not answered; this process ends without waiting for it',
  )
  writeLastWords(log.takeRest())
  endAtOnce('SIGKILL')
}

/** A worker's log goes to the process that watches over it, which makes text of it for people. */
function logFormatOf({ logFormat }: SettingValues): 'json' | 'text' {
  if (cluster.isWorker) return 'json'
  return logFormat === 'auto' ? (process.stderr.isTTY ? 'text' : 'json') : logFormat
}

/** A server that has stopped lives on for at most so long when nobody reads the last lines of its log. */
const LAST_LINES_MS = 1_000

/** What a worker may need to store and close after its last request. */
const STOP_GRACE_MS = 15_000

type Parts = Omit<ServerOptions, 'jobScopes' | 'metricsText'>

async function serveAlone(parts: Parts): Promise<number> {
  const stop = waitForStop()
  const server = await Server.open({ ...parts, jobScopes: ['process', 'store'] })
  const locks: FolderLock[] = []
  try {
    await lockFolders(server.store, parts.settings, locks)
    await announce(server, locks, parts.settings, parts.log, () => server.listen())
    letHeapGrow()
    server.startJobs()
    process.on('SIGHUP', () => server.reloadTls())
    await stop
  } finally {
    await server.stop()
    for (const lock of locks) lock.release()
  }
  return 0
}

async function serveWithWorkers(parts: Parts): Promise<number> {
  const stop = waitForStop()
  const server = await Server.open({ ...parts, jobScopes: [] })
  let isOpen = true
  const watcher = new Watcher({
    workers: parts.settings.workers,
    stopTimeoutMs: parts.settings.drainTimeoutSeconds * 1_000 + STOP_GRACE_MS,
    log: parts.log,
    metrics: server.metrics,
  })
  const locks: FolderLock[] = []
  try {
    await lockFolders(server.store, parts.settings, locks)
    await announce(server, locks, parts.settings, parts.log, () => watcher.start())
    // From here on this process has no store: whatever ends those who read it leaves it alive to replace them.
    isOpen = false
    await server.stop()
    watcher.startBackground()
    process.on('SIGHUP', () => watcher.reloadTls())
    await stop
  } finally {
    await watcher.stop()
    if (isOpen) await server.stop()
    for (const lock of locks) lock.release()
  }
  return 0
}

/**
 * Takes the folders that one server has for itself, before it does anything in them. Servers on one shared store may share a data folder too. Throws
 * StartFailure when another server has one of them.
 */
async function lockFolders(
  { folder }: OpenStore,
  settings: SettingValues,
  locks: FolderLock[],
): Promise<void> {
  const { metadata } = storeAddresses(settings, folder)
  if (isSharedByMachines(metadata)) return
  locks.push(await FolderLock.take(folder.lock))
  // Metadata inside the data folder are locked with it.
  if (settings.metadata === null) return
  for (const path of storeFolders(metadata)) locks.push(await FolderLock.take(lockIn(path)))
}

/** Makes the first account when there is none, begins to listen, and says so. */
async function announce(
  server: Server,
  locks: readonly FolderLock[],
  settings: SettingValues,
  log: Logger,
  listen: () => Promise<ListenAddress>,
): Promise<void> {
  const { store } = server
  const { region } = settings
  const auditPlace = { settings, folder: store.folder, clock: store.context.clock }
  warnOfOpenFolders(server, settings, log)
  const first = await ensureFirstAccount(
    store,
    { region, endpointUrl: server.url },
    ({ account: { name, accountId, accessKeyId } }, failure) =>
      noteCommand(
        auditPlace,
        { operation: 'serve', details: { made: 'account', name, accountId, accessKeyId } },
        failure,
      ),
  )
  const address = await listen()
  const endpointUrl = publicUrlOf(settings, address)
  for (const lock of locks) lock.announce(endpointUrl)
  await noteEndpoint(store, settings, log, endpointUrl).catch((error: unknown) => {
    if (!(error instanceof UnreadableRecord)) throw error
    log.warn({ error, file: store.folder.credentials }, 'the credentials file stays as it is')
  })
  const isOpenWithoutTls = settings.tlsCert === null && !isLoopbackHost(address.host)
  process.stdout.write(
    welcome({
      endpointUrl,
      hasConsole: settings.console === 'on',
      folder: store.folder,
      first,
      isOpenWithoutTls,
      showsSecret: process.stdout.isTTY,
    }),
  )
  log.info({ url: endpointUrl, workers: settings.workers, data: store.folder.path }, 'serving')
  if (isOpenWithoutTls) log.warn({ listen: address.host }, 'serving other machines without TLS')
}

/** Clients on this machine find the server by its credentials file; keys of another store in it are not led here. */
async function noteEndpoint(
  store: OpenStore,
  settings: SettingValues,
  log: Logger,
  endpointUrl: string,
): Promise<void> {
  const { credentials } = store.folder
  const { own, others } = await ownSections(store, settings)
  const { region } = settings
  updateCredentialsEndpoint(credentials, own, {
    region,
    endpointUrl,
    store: store.mark,
    caBundle: caBundleOf(settings),
  })
  if (others.length > 0)
    log.warn(
      { file: credentials, profiles: others.join(' ') },
      'the credentials file has keys of another store; they are left as they are',
    )
}

/** The certificate's file, where clients do not trust its authority of their own. It could be read a moment ago. */
function caBundleOf({ tlsCert }: SettingValues): string | null {
  return tlsCert !== null && endsInOwnAuthority(readFileSync(tlsCert)) ? resolve(tlsCert) : null
}

function warnOfOpenFolders({ store }: Server, settings: SettingValues, log: Logger): void {
  const { unclosed, writable } = closeToOthers(store.folder, settings)
  for (const path of unclosed) log.warn(path, 'others may read this, and its mode cannot be changed')
  for (const path of writable)
    log.warn(path, 'others may write to this folder, and so change what the server serves')
}
