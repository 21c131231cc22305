import { closeSync, openSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { open as openLmdb, type RootDatabase } from 'lmdb'
import { makeFolder } from '../../base/make-folder.ts'
import { syncFolder } from '../../base/sync-folder.ts'
import { makePrivate } from '../../base/private-mode.ts'
import { StoreOpenError } from '../store-open-error.ts'
import { checkHeader, DataFile, type FileState } from './data-file.ts'
import { LOCK_SUFFIX, removeLeftovers } from './leftovers.ts'
import { openInTurn, reopenInTurn } from './write-turn.ts'
import type { FileRoom } from './file-room.ts'
import { PageTree, type HiddenKeys } from './page-tree.ts'

/** An open LMDB file; keys and values are bytes. */
export type Environment = RootDatabase<Buffer, Buffer>

/** Version of the layout inside the file: an entry is its key, an 8-byte version, its value. */
const STORE_FORMAT = 1
/** That of a file in which values are divided: programs that do not know how refuse it. */
const DIVIDING_FORMAT = 2
/** The engine's file in its folder. */
export const FILE_NAME = 'metadata.mdb'
/** Sorts behind every other key: no read or scan of a caller meets it. */
const FORMAT_KEY = Buffer.alloc(1_978, 0xff)
/** Address space set aside, not disk; the engine makes it larger when the data outgrow it. */
const MAP_SIZE_BYTES = 16 * 1024 ** 3
/** Readers over all processes that have the store open; each uses one or two. */
const READERS_MAX = 512
/** Room for more readers than that. */
const LOCK_FILE_BYTES = 64 * 1024

/** What of a file cannot be read that every process needs of it. */
export interface HiddenParts {
  /** The keys that cannot be reached beside the record of the format; null: it can be read. */
  readonly format: HiddenKeys | null
  /** The list of pages that are free: without it nothing is written. */
  readonly isFreeListHidden: boolean
}

/** Asks for the pages that are read in any case, by calls: the engine would not outlive one that the disk does not give. */
export function hiddenPartsOf(folder: string): HiddenParts {
  const none = { format: null, isFreeListHidden: false }
  try {
    const look = (tree: PageTree): HiddenParts => ({
      format: tree.hiddenFrom('row', FORMAT_KEY),
      isFreeListHidden: tree.isFreeListHidden,
    })
    return PageTree.ask(join(folder, FILE_NAME), look) ?? none
  } catch {
    // A new store has no file yet, and one that cannot be opened is told of by whoever opens it.
    return none
  }
}

/** An environment, and the file that it has open. */
export interface OpenedEnvironment {
  readonly environment: Environment
  readonly file: DataFile
}

/** Opens (or makes) the environment in `folder`; with a format that cannot be read it is taken for one that this program knows. Throws {@link StoreOpenError}. */
export function openEnvironment(folder: string, hidden: HiddenParts): OpenedEnvironment {
  const path = join(folder, FILE_NAME)
  let opened: OpenedEnvironment | undefined
  try {
    makeFolder(folder, 0o700)
    removeLeftovers(path)
    checkHeader(path)
    makeFile(path)
    makeLockFile(path + LOCK_SUFFIX)
    return openInTurn(path, () => {
      opened = openInPlace(path)
      // The engine makes this one itself, readable for all where the umask lets it.
      makePrivate(path + LOCK_SUFFIX)
      if (hidden.format === null && checkFormat(opened.environment)) syncFolder(folder)
      return opened
    })
  } catch (error) {
    void opened?.environment.close()
    opened?.file.close()
    throw new StoreOpenError(path, error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/**
 * Opens the environment again, after its disk failed or because another file lies in its place. For writing where that works, else for reading alone (`isWritable`
 * false). Rejects with the system's error when not even that is possible.
 */
export async function reopenEnvironment(
  folder: string,
): Promise<OpenedEnvironment & { readonly isWritable: boolean }> {
  const path = join(folder, FILE_NAME)
  return await reopenInTurn(path, () => {
    try {
      return { ...openInPlace(path), isWritable: true }
    } catch {
      return { ...openInPlace(path, { readOnly: true }), isWritable: false }
    }
  })
}

/** A file that is replaced so often while it is opened is not replaced by compactions. */
const OPEN_ATTEMPTS_MAX = 20

/** The engine opens its file by name, and more than once: all that counts for nothing when another file took its place meanwhile. */
function openInPlace(path: string, options: { readonly readOnly?: boolean } = {}): OpenedEnvironment {
  for (let attempt = 1; ; attempt++) {
    const file = DataFile.open(path)
    try {
      // The engine reads it as well, and does not outlive what it is not given.
      checkHeader(path)
      const environment = openFile(path, options)
      if (!file.isReplaced) return { environment, file }
      void environment.close()
    } catch (error) {
      file.close()
      throw error
    }
    file.close()
    if (attempt === OPEN_ATTEMPTS_MAX) throw new Error('the file is replaced by others again and again')
  }
}

/** Makes a new environment at `path`, for one process, which syncs the file itself when it is whole. Throws the system's error. */
export function makeUnsyncedEnvironment(path: string): OpenedEnvironment {
  makeFile(path)
  makeLockFile(path + LOCK_SUFFIX)
  const environment = openFile(path, { noSync: true })
  makePrivate(path + LOCK_SUFFIX)
  return { environment, file: DataFile.open(path) }
}

/** Writes in one transaction, synced when it resolves. Rejects with the error of the system, or of the engine, that made it fail. */
export async function transact<T>(environment: Environment, write: () => T): Promise<Awaited<T>> {
  try {
    // A child transaction, because only that is undone whole when a write in it fails (disk full, say).
    return await environment.childTransaction(write)
  } catch (error) {
    throw await rootCauseOf(error)
  }
}

/** The engine hides the reason of a failed commit behind a promise of its own. */
async function rootCauseOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error
  try {
    await error.commitError
    return error
  } catch (cause) {
    return cause
  }
}

/** Puts an entry behind all that are there; `key` sorts after theirs. To be called in a transaction. */
export function append(environment: Environment, key: Buffer, value: Buffer, version: number): void {
  environment.putSync(key, value, { append: true, version })
}

/** Notes in one environment which format another one has, behind all its entries. To be called in a transaction of the first. */
export function copyFormat(from: Environment, to: Environment): void {
  const format = from.getBinary(FORMAT_KEY)
  if (!format) throw new Error('the store has no record of its format')
  append(to, FORMAT_KEY, format, 0)
}

/**
 * To be called in a transaction that divides a value, with {@link RowWriter}: notes that there are such in the file. Gives the key of the row that it changed; null: it was noted already.
 */
export function noteDividedValues(environment: Environment): Buffer | null {
  const stored = environment.getBinary(FORMAT_KEY)
  if (stored && stored.readUInt32BE(0) >= DIVIDING_FORMAT) return null
  environment.putSync(FORMAT_KEY, formatRecord(DIVIDING_FORMAT), 0)
  return FORMAT_KEY
}

/** A transaction that must not write: what the engine has open is not, or may not be, what counts. Nothing was written. */
export class OutOfPlace extends Error {
  override readonly name = 'OutOfPlace'
}

/**
 * To be called at the beginning of each transaction, when the engine's lock of writers is held. The lock is the same for a file and for the one that takes its place, and is held while
 * that happens: who finds its own file in place may write to it. Gives the state that the transaction begins with. Throws {@link OutOfPlace}.
 */
export function assertInPlace({ environment, file }: OpenedEnvironment): FileState {
  if (!file.place.isHeld) throw new OutOfPlace('another file took the place of this one')
  // Each process that opens the file sets the engine's count of transactions to what it read from the file a moment before, even if another one has committed since:
  // this transaction would take the number of that one, and undo it.
  const state = file.newestState()
  const expected = state.transactionId + 1
  const got = environment.getWriteTxnId()
  if (got !== expected)
    throw new OutOfPlace(`the engine counts wrongly: transaction ${got} would follow ${expected - 1}`)
  return state
}

/**
 * Writes and syncs what changes nothing. A commit whose last write failed may have left the page that points to it on the disk, though not in memory: the
 * pages that say which state counts are written again first, before anything else is written over. Throws {@link OutOfPlace}, and what the disk answers.
 */
export async function proveWritable(opened: OpenedEnvironment, room: FileRoom): Promise<void> {
  const { environment, file } = opened
  await transact(environment, async () => {
    const state = assertInPlace(opened)
    // The engine's lock of writers is held: no process changes these pages meanwhile.
    await rewriteMetaPages(file)
    const format = environment.get(FORMAT_KEY)
    if (!format) return
    room.makeFor(file, [{ sets: [{ key: FORMAT_KEY, value: format }] }], state)
    environment.putSync(FORMAT_KEY, format, 0)
  })
}

async function rewriteMetaPages({ path, metaBytes }: DataFile): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const pages = Buffer.alloc(metaBytes)
    const { bytesRead } = await file.read(pages, 0, pages.length, 0)
    await file.write(pages, 0, bytesRead, 0)
    await file.datasync()
  } finally {
    await file.close()
  }
}

function openFile(
  path: string,
  options: { readonly readOnly?: boolean; readonly noSync?: boolean } = {},
): Environment {
  return openLmdb<Buffer, Buffer>({
    path,
    noSubdir: true,
    encoding: 'binary',
    keyEncoding: 'binary',
    useVersions: true,
    // LMDB's own commit: data synced, then the page that points to them; only then visible. docs/durability.md says why.
    overlappingSync: false,
    // The commit queue makes the batches. The engine's own begin each with a write whose failure nobody can catch: it would end the process.
    eventTurnBatching: false,
    // The thread that writes sleeps while this one fills a transaction. Otherwise it wakes up after 10, 20, 40 … microseconds to see whether that is done.
    strictAsyncOrder: true,
    mapSize: MAP_SIZE_BYTES,
    maxReaders: READERS_MAX,
    ...options,
  })
}

/**
 * The engine would make its table of readers with holes, and write into them through mapped memory: a disk that is full by then would end the process
 * (SIGBUS). Made whole before, it has its room.
 */
function makeLockFile(path: string): void {
  try {
    writeFileSync(path, Buffer.alloc(LOCK_FILE_BYTES), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}

/** The engine would make the file readable for all: it is there before, empty, for its owner alone; so is one of an older release from now on. */
function makeFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600))
  makePrivate(path)
}

/** Notes the format in a new store, and says whether it is one; that is its first write, which a full disk refuses. Throws for a format that is not this program's. */
function checkFormat(environment: Environment): boolean {
  let isNew = false
  const format = environment.transactionSync(() => {
    const stored = environment.get(FORMAT_KEY)
    if (stored) return stored.readUInt32BE(0)
    isNew = true
    environment.putSync(FORMAT_KEY, formatRecord(STORE_FORMAT), 0)
    return STORE_FORMAT
  })
  if (format >= STORE_FORMAT && format <= DIVIDING_FORMAT) return isNew
  throw new Error(
    `it has format ${format}, this program knows formats up to ${DIVIDING_FORMAT}; use a newer lugsail`,
  )
}

function formatRecord(format: number): Buffer {
  const record = Buffer.alloc(4)
  record.writeUInt32BE(format)
  return record
}
