import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { open, type RootDatabase } from 'lmdb'
import { makeFolder } from '../../base/make-folder.ts'
import { makePrivate } from '../../base/private-mode.ts'
import { StoreOpenError } from '../store-open-error.ts'

/** An open LMDB file; keys and values are bytes. */
export type Environment = RootDatabase<Buffer, Buffer>

/** Version of the layout inside the file: an entry is its key, an 8-byte version, its value. */
const STORE_FORMAT = 1
const FILE_NAME = 'metadata.mdb'
/** The engine's table of readers, beside the file. */
const LOCK_SUFFIX = '-lock'
/** Sorts behind every key that the contract allows and is longer than all of them: no read or scan of a caller meets it. */
const FORMAT_KEY = Buffer.alloc(1_978, 0xff)
/** Address space set aside, not disk; the engine makes it larger when the data outgrow it. */
const MAP_SIZE_BYTES = 16 * 1024 ** 3
/** Readers over all processes that have the store open; each uses one or two. */
const READERS_MAX = 512

/** Opens (or makes) the environment in `folder`. Throws {@link StoreOpenError}. */
export function openEnvironment(folder: string): Environment {
  const path = join(folder, FILE_NAME)
  let environment: Environment | undefined
  try {
    makeFolder(folder, 0o700)
    checkHeader(path)
    makeFile(path)
    environment = open<Buffer, Buffer>({
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
    })
    // The engine makes this one itself, readable for all where the umask lets it.
    makePrivate(path + LOCK_SUFFIX)
    checkFormat(environment)
    return environment
  } catch (error) {
    void environment?.close()
    throw new StoreOpenError(path, error instanceof Error ? error.message : String(error), { cause: error })
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

/** Notes the format in a new store; that is its first write, which a full disk refuses. Throws for a format that is not this program's. */
function checkFormat(environment: Environment): void {
  const format = environment.transactionSync(() => {
    const stored = environment.get(FORMAT_KEY)
    if (stored) return stored.readUInt32BE(0)
    const record = Buffer.alloc(4)
    record.writeUInt32BE(STORE_FORMAT)
    environment.putSync(FORMAT_KEY, record, 0)
    return STORE_FORMAT
  })
  if (format === STORE_FORMAT) return
  throw new Error(
    `it has format ${format}, this program knows formats up to ${STORE_FORMAT}; use a newer lugsail`,
  )
}
