import { realpathSync } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { BlobNotFound, type BlobStore } from '../../storage/blob-store.ts'
import { diskCodeOf } from '../../storage/disk-failure.ts'
import { callsTo } from '../../storage/patient-calls.ts'
import { ConfigurationError, startError } from '../configuration/errors.ts'
import { openBlobStore } from '../engines.ts'
import { collect } from './collect.ts'
import { HEAD_ID, LOCK_PREFIX } from './names.ts'

/** The newest form of a target that this program reads and writes. */
const TARGET_FORMAT = 1

interface TargetHead {
  readonly format: number
  readonly storeId: string
}

/** An open place for backups. */
export interface BackupTarget {
  readonly store: BlobStore
  /** For messages: never a secret. */
  readonly shown: string
}

/**
 * Opens the place that a word means: `s3://…`, else a folder, which is made when `isMade`. `name`: the argument or setting that named it. Throws ConfigurationError and
 * StartFailure.
 */
export async function openTarget(
  name: string,
  word: string,
  { isMade }: { readonly isMade: boolean },
): Promise<BackupTarget> {
  if (/^s3:/.test(word)) {
    const shown = word.replace(/^s3:\/\/(?:[^/@]*@)?([^?]*).*$/, 's3://$1')
    return { store: await openNamed(name, word), shown }
  }
  if (/^[a-z][a-z0-9+.-]*:/.test(word))
    throw new ConfigurationError(`${name}: expected a folder or s3://BUCKET/PREFIX?endpoint=URL&region=NAME`)
  const folder = resolve(word)
  // The engine would make it.
  if (!isMade && !(await isThere(folder)))
    throw new ConfigurationError(`${name}: there is no backup in ${folder}`)
  return { store: await openNamed(name, `files:${folder}`, { mayHang: true }), shown: folder }
}

async function isThere(folder: string): Promise<boolean> {
  try {
    await callsTo(folder).run('stat', () => stat(join(folder, 'blobs')))
    return true
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(diskCodeOf(error) ?? '')) return false
    throw startError(`${folder}: ${error instanceof Error ? error.message : 'it cannot be read'}`, error)
  }
}

async function openNamed(
  name: string,
  address: string,
  options: { readonly mayHang?: boolean } = {},
): Promise<BlobStore> {
  try {
    return await openBlobStore(address, options)
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replace(/^blobs:/, `${name}:`)
    throw error
  }
}

/** The store that a target is of; null: it is empty. Throws ConfigurationError for a newer form, and for a place that holds something else. */
export async function readTargetStoreId({ store, shown }: BackupTarget): Promise<string | null> {
  try {
    const head = JSON.parse((await collect(await store.get(HEAD_ID))).toString()) as Partial<TargetHead>
    if (typeof head.format !== 'number' || typeof head.storeId !== 'string')
      throw new ConfigurationError(`${shown} holds no backup that this program can read`)
    if (head.format > TARGET_FORMAT)
      throw new ConfigurationError(
        `${shown} has format ${head.format}; this program reads up to ${TARGET_FORMAT}: use a newer Lugsail`,
      )
    return head.storeId
  } catch (error) {
    if (!(error instanceof BlobNotFound)) throw error
  }
  const others = await store.list({ limit: 2 })
  if (others.some(({ id }) => !id.startsWith(LOCK_PREFIX)))
    throw new ConfigurationError(
      `${shown} holds something else than a backup; give backups a place of their own`,
    )
  return null
}

/** A start waits no longer for a place that hangs. */
const LOOK_PATIENCE_MS = 5_000

/** Rejects with ConfigurationError for a folder inside one of those in which the store itself keeps its files, or around one. `name`: the argument or setting that named it. */
export async function refuseStoreFolders(
  name: string,
  word: string,
  storeFolders: readonly string[],
): Promise<void> {
  if (/^s3:/.test(word)) return
  const target = await realPathOfTarget(resolve(word))
  for (const folder of storeFolders.map(realPath))
    if (isInside(target, folder) || isInside(folder, join(target, 'blobs')))
      throw new ConfigurationError(
        `${name}: ${target} is where the store itself keeps its files, in ${folder}; name a place of its own, best on another disk`,
      )
}

/** As {@link realPath}; of a place that hangs the path as it was given. The lock on it shows all the same when it is the store's own. */
async function realPathOfTarget(whole: string): Promise<string> {
  const calls = callsTo(whole)
  for (let path = whole, rest = ''; ; rest = join(basename(path), rest), path = dirname(path)) {
    try {
      return join(await calls.run('realpath', () => realpath(path), { patience: LOOK_PATIENCE_MS }), rest)
    } catch {
      if (calls.isHanging || dirname(path) === path) return whole
    }
  }
}

const isInside = (path: string, folder: string): boolean => path === folder || path.startsWith(folder + sep)

/** Without links, as far as it is there. */
function realPath(path: string): string {
  const whole = resolve(path)
  try {
    return realpathSync(whole)
  } catch {
    return dirname(whole) === whole ? whole : join(realPath(dirname(whole)), basename(whole))
  }
}

/**
 * Says of an empty target whose it is. Throws ConfigurationError for another store's, and for the very place of the store's own blobs, whatever its name there: the `lock` that
 * lies in the target lies among them then.
 */
export async function claimTarget(
  target: BackupTarget,
  { storeId, blobs, lock }: { storeId: string; blobs: BlobStore; lock: { readonly prefix: string } },
): Promise<void> {
  if ((await blobs.list({ prefix: lock.prefix, limit: 1 })).length > 0)
    throw new ConfigurationError(
      `${target.shown} is where the store itself keeps its bytes; name another place`,
    )
  const known = await readTargetStoreId(target)
  if (known === storeId) return
  if (known !== null)
    throw new ConfigurationError(
      `${target.shown} holds backups of another store, ${known}; give this one a place of its own`,
    )
  const head: TargetHead = { format: TARGET_FORMAT, storeId }
  const bytes = Buffer.from(JSON.stringify(head))
  await target.store.put(
    HEAD_ID,
    (async function* () {
      yield bytes
    })(),
    { sizeBytes: bytes.length },
  )
}
