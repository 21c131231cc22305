import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { open, type RootDatabase } from 'lmdb'
import { StoreOpenError } from '../store-open-error.ts'

export type Environment = RootDatabase<Buffer, Buffer>

/** Version of the layout inside the file: an entry is its key, an 8-byte version, its value. */
const STORE_FORMAT = 1
const FILE_NAME = 'metadata.mdb'
/** Sorts behind every key that the contract allows and is longer than all of them: no read or scan of a caller meets it. */
const FORMAT_KEY = Buffer.alloc(1_978, 0xff)
/** Address space set aside, not disk; the engine makes it larger when the data outgrow it. */
const MAP_SIZE_BYTES = 16 * 1024 ** 3
/** Readers over all processes that have the store open; each uses one or two. */
const READERS_MAX = 512

/** Opens (or makes) the environment in `folder`. Throws {@link StoreOpenError}. */
export function openEnvironment(folder: string): Environment {
  const path = join(folder, FILE_NAME)
  let environment: Environment
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
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
  } catch (error) {
    throw new StoreOpenError(path, error instanceof Error ? error.message : String(error), { cause: error })
  }
  checkFormat(environment, path)
  return environment
}

function checkFormat(environment: Environment, path: string): void {
  const format = environment.transactionSync(() => {
    const stored = environment.get(FORMAT_KEY)
    if (stored) return stored.readUInt32BE(0)
    const record = Buffer.alloc(4)
    record.writeUInt32BE(STORE_FORMAT)
    environment.putSync(FORMAT_KEY, record, 0)
    return STORE_FORMAT
  })
  if (format === STORE_FORMAT) return
  void environment.close()
  throw new StoreOpenError(
    path,
    `it has format ${format}, this program knows formats up to ${STORE_FORMAT}; use a newer lugsail`,
  )
}
