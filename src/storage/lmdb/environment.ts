import { closeSync, openSync, readSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { open as openLmdb, type RootDatabase } from 'lmdb'
import { makeFolder } from '../../base/make-folder.ts'
import { syncFolder } from '../../base/sync-folder.ts'
import { makePrivate } from '../../base/private-mode.ts'
import { StoreOpenError } from '../store-open-error.ts'
import type { FileRoom } from './file-room.ts'

/** An open LMDB file; keys and values are bytes. */
export type Environment = RootDatabase<Buffer, Buffer>

/** Version of the layout inside the file: an entry is its key, an 8-byte version, its value. */
const STORE_FORMAT = 1
/** The engine's file in its folder. */
export const FILE_NAME = 'metadata.mdb'
/** The engine's table of readers, beside the file. */
const LOCK_SUFFIX = '-lock'
/** Sorts behind every key that the contract allows and is longer than all of them: no read or scan of a caller meets it. */
const FORMAT_KEY = Buffer.alloc(1_978, 0xff)
/** Address space set aside, not disk; the engine makes it larger when the data outgrow it. */
const MAP_SIZE_BYTES = 16 * 1024 ** 3
/** Readers over all processes that have the store open; each uses one or two. */
const READERS_MAX = 512
/** Room for more readers than that. */
const LOCK_FILE_BYTES = 64 * 1024

/** Opens (or makes) the environment in `folder`. Throws {@link StoreOpenError}. */
export function openEnvironment(folder: string): Environment {
  const path = join(folder, FILE_NAME)
  let environment: Environment | undefined
  try {
    makeFolder(folder, 0o700)
    checkHeader(path)
    makeFile(path)
    makeLockFile(path + LOCK_SUFFIX)
    environment = openFile(path)
    // The engine makes this one itself, readable for all where the umask lets it.
    makePrivate(path + LOCK_SUFFIX)
    if (checkFormat(environment)) syncFolder(folder)
    return environment
  } catch (error) {
    void environment?.close()
    throw new StoreOpenError(path, error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/**
 * Opens the environment again after its disk failed. For writing where that works, else for reading alone (`isWritable` false). Throws the system's error
 * when not even that is possible.
 */
export function reopenEnvironment(folder: string): { environment: Environment; isWritable: boolean } {
  const path = join(folder, FILE_NAME)
  try {
    return { environment: openFile(path), isWritable: true }
  } catch {
    return { environment: openFile(path, { readOnly: true }), isWritable: false }
  }
}

/** Writes in one transaction, synced when it resolves. Rejects with the error of the system, or of the engine, that made it fail. */
export async function transact<T>(environment: Environment, write: () => T): Promise<T> {
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

/**
 * Writes and syncs what changes nothing. A commit whose last write failed may have left the page that points to it on the disk, though not in memory: the
 * pages that say which state counts are written again first, before anything else is written over. Throws what the disk answers.
 */
export async function proveWritable(folder: string, environment: Environment, room: FileRoom): Promise<void> {
  await transact(environment, async () => {
    // The engine's lock of writers is held: no process changes these pages meanwhile.
    await rewriteMetaPages(join(folder, FILE_NAME))
    const format = environment.get(FORMAT_KEY)
    if (!format) return
    room.makeFor([{ sets: [{ key: FORMAT_KEY, value: format }] }])
    environment.putSync(FORMAT_KEY, format, 0)
  })
}

async function rewriteMetaPages(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const start = Buffer.alloc(META_PAGE_BYTES_AT + 4)
    await file.read(start, 0, start.length, 0)
    const pages = Buffer.alloc(META_PAGES * start.readUInt32LE(META_PAGE_BYTES_AT))
    const { bytesRead } = await file.read(pages, 0, pages.length, 0)
    await file.write(pages, 0, bytesRead, 0)
    await file.datasync()
  } finally {
    await file.close()
  }
}

function openFile(path: string, options: { readonly readOnly?: boolean } = {}): Environment {
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

/** The first bytes of LMDB's two meta pages, which the file begins with. */
const META_MAGIC = 0xbeefc0de
const META_MAGIC_AT = 24
const META_PAGES = 2
/** Where a meta page says how large pages are. */
const META_PAGE_BYTES_AT = 48
/** Pages are as large as the machine's; all that Lugsail runs on have pages of 4 KiB, 16 KiB or 64 KiB. */
const PAGE_BYTES = [4_096, 16_384, 65_536]

/** The engine does not outlive a file that is none of its own. Throws for such a file; a missing or empty one is a new store. */
function checkHeader(path: string): void {
  const header = readStart(path)
  if (header.length === 0) return
  const isMeta = (at: number): boolean =>
    header.length >= at + META_MAGIC_AT + 4 && header.readUInt32LE(at + META_MAGIC_AT) === META_MAGIC
  const isWhole = isMeta(0) && PAGE_BYTES.some((bytes) => isMeta(bytes * (META_PAGES - 1)))
  if (!isWhole) throw new Error('the file is damaged, or no file of LMDB; restore it from a backup')
}

function readStart(path: string): Buffer {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
  try {
    const start = Buffer.alloc(Math.max(...PAGE_BYTES) + META_MAGIC_AT + 4)
    return start.subarray(0, readSync(file, start, 0, start.length, 0))
  } finally {
    closeSync(file)
  }
}

/** Notes the format in a new store, and says whether it is one; that is its first write, which a full disk refuses. Throws for a format that is not this program's. */
function checkFormat(environment: Environment): boolean {
  let isNew = false
  const format = environment.transactionSync(() => {
    const stored = environment.get(FORMAT_KEY)
    if (stored) return stored.readUInt32BE(0)
    isNew = true
    const record = Buffer.alloc(4)
    record.writeUInt32BE(STORE_FORMAT)
    environment.putSync(FORMAT_KEY, record, 0)
    return STORE_FORMAT
  })
  if (format === STORE_FORMAT) return isNew
  throw new Error(
    `it has format ${format}, this program knows formats up to ${STORE_FORMAT}; use a newer lugsail`,
  )
}
