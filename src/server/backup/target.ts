import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { BlobNotFound, type BlobStore } from '../../storage/blob-store.ts'
import { ConfigurationError } from '../configuration/errors.ts'
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
  if (!isMade && !existsSync(join(folder, 'blobs')))
    throw new ConfigurationError(`${name}: there is no backup in ${folder}`)
  return { store: await openNamed(name, `files:${folder}`), shown: folder }
}

async function openNamed(name: string, address: string): Promise<BlobStore> {
  try {
    return await openBlobStore(address)
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

/** Says of an empty target whose it is; throws ConfigurationError for another store's. */
export async function claimTarget(target: BackupTarget, storeId: string): Promise<void> {
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
