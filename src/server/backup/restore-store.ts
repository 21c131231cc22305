import { recordCodec } from '../../service/records/codec.ts'
import type { BlobId } from '../../storage/blob-store.ts'
import type { Version } from '../../storage/metadata-store.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import {
  ALL_KEYS,
  allBlobs,
  compareText,
  mergeAscending,
  pagesOf,
  type StoreEngines,
} from '../store/store-content.ts'
import { IDENTITY_KEY, identityWithAllSums, RESTORE_MARK_KEY } from '../store/store-identity.ts'
import type { BackupState, Damage } from './backup-state.ts'
import { copyBlobs } from './copy-blobs.ts'
import { mergeRuns } from './merge-runs.ts'
import { targetBlobId } from './names.ts'
import { isOfThisPlace } from './process-records.ts'
import { referencedBlobs, type OnBackupProgress } from './state-taker.ts'
import type { BackupTarget } from './target.ts'

/** How far a restore got; in the store until it is whole. */
interface RestoreMark {
  readonly stateId: string
  /** Hexadecimal: the last key that was written; absent: none yet. */
  readonly lastKey?: string
}

const markCodec = recordCodec<RestoreMark>('restore mark', 1)
const MISSING_NAMED_MAX = 1_000

/** What a restore did. */
export interface RestoreReport {
  readonly records: number
  readonly blobs: number
  readonly blobBytes: number
  /** Blobs that were there already. */
  readonly blobsSkipped: number
  /** Blobs that the records name and that could not be restored: their objects cannot be read. */
  readonly missing: readonly Damage[]
  readonly missingCount: number
}

interface RestoreOptions {
  readonly target: BackupTarget
  readonly state: BackupState
  readonly to: StoreEngines
  /** Writes no blobs: those of the store are there. */
  readonly onlyMetadata: boolean
  readonly onProgress?: OnBackupProgress
}

/**
 * Writes a whole state into an empty store: first the blobs, then the records, and the store's identity last, so that no server takes half a store for one. After an
 * interruption the same call goes on where it stopped. A blob that cannot be read is told and passed over. Throws ConfigurationError when the store is
 * not empty, and what the target throws for records that are damaged: such a state is not restored.
 */
export async function restoreStore(options: RestoreOptions): Promise<RestoreReport> {
  const restore = new Restore(options)
  return await restore.run()
}

class Restore {
  readonly #options: RestoreOptions
  readonly #report = { records: 0, blobs: 0, blobBytes: 0, blobsSkipped: 0, missingCount: 0 }
  readonly #missing: Damage[] = []

  constructor(options: RestoreOptions) {
    this.#options = options
  }

  async run(): Promise<RestoreReport> {
    const taken = await this.#takeMark()
    await this.#restoreBlobs()
    await this.#restoreRecords(taken)
    return { ...this.#report, missing: this.#missing }
  }

  async #takeMark(): Promise<{ mark: RestoreMark; version: Version }> {
    const { to, state, onlyMetadata } = this.#options
    const [entry] = await to.metadata.getMany([RESTORE_MARK_KEY])
    if (entry) {
      const mark = markCodec.decode(entry.value)
      if (mark.stateId === state.id) return { mark, version: entry.version }
      throw new ConfigurationError(
        `the store holds part of a restore of another state, ${mark.stateId}; go on with that one, or empty the store`,
      )
    }
    const [anything] = await to.metadata.scan({ ...ALL_KEYS, limit: 1, keysOnly: true })
    if (anything)
      throw new ConfigurationError('the store is not empty; a backup is restored into an empty one')
    const [blob] = onlyMetadata ? [] : await to.blobs.list({ limit: 1 })
    if (blob)
      throw new ConfigurationError(
        'the store has blobs already; a backup is restored into an empty store, or beside its blobs with --only-metadata',
      )
    const value = markCodec.encode({ stateId: state.id })
    await to.metadata.commit({
      checks: [{ key: RESTORE_MARK_KEY, version: null }],
      sets: [{ key: RESTORE_MARK_KEY, value }],
    })
    return await this.#takeMark()
  }

  async #restoreBlobs(): Promise<void> {
    const { target, state, to, onlyMetadata, onProgress } = this.#options
    const report = this.#report
    const note = (damage: Damage): void => {
      if (++report.missingCount <= MISSING_NAMED_MAX) this.#missing.push(damage)
    }
    const lacking = async function* (): AsyncGenerator<BlobId> {
      const pairs = mergeAscending(
        referencedBlobs(target, state.runs),
        allBlobs(to.blobs),
        (id: BlobId, there) => compareText(id, there.id),
      )
      for await (const { left: id, right } of pairs) {
        if (id === undefined) continue
        if (right) report.blobsSkipped++
        else if (onlyMetadata) note({ kind: 'blob', name: id, reason: 'it is not in the store' })
        else yield id
      }
    }
    await copyBlobs(lacking(), {
      from: target.store,
      to: to.blobs,
      idHere: targetBlobId,
      onDamage: note,
      onCopied: (_id, sizeBytes) => {
        report.blobs++
        report.blobBytes += sizeBytes
        onProgress?.('blobs', report.blobs + report.blobsSkipped, state.blobs, report.blobBytes)
      },
    })
  }

  async #restoreRecords(taken: { mark: RestoreMark; version: Version }): Promise<void> {
    const { target, state, to, onProgress } = this.#options
    const { lastKey } = taken.mark
    const after = lastKey === undefined ? null : Buffer.from(lastKey, 'hex')
    let { version } = taken
    let identity: Buffer | null = null
    for await (const page of pagesOf(mergeRuns(target.store, state.runs, { withValues: true }))) {
      const sets: { key: Buffer; value: Buffer }[] = []
      for (const { key, value } of page) {
        if (value === null) continue
        if (key.equals(IDENTITY_KEY)) identity = value
        else if (!isOfThisPlace(key) && (!after || key.compare(after) > 0)) sets.push({ key, value })
      }
      this.#report.records += page.length
      if (sets.length > 0) version = await this.#commitPage(sets, version)
      onProgress?.('records', this.#report.records, state.records, 0)
    }
    if (!identity) throw new ConfigurationError('the backup has no identity of a store')
    const outcome = await to.metadata.commit({
      checks: [
        { key: RESTORE_MARK_KEY, version },
        { key: IDENTITY_KEY, version: null },
      ],
      sets: [{ key: IDENTITY_KEY, value: identityWithAllSums(identity) }],
      deletes: [RESTORE_MARK_KEY],
    })
    if (outcome !== 'ok') throw wasTouched()
  }

  /** Commits a page with the mark behind it, so that an interrupted restore goes on exactly there; gives the mark's new version. */
  async #commitPage(sets: readonly { key: Buffer; value: Buffer }[], version: Version): Promise<Version> {
    const { to, state } = this.#options
    const lastKey = sets.at(-1)?.key.toString('hex') ?? ''
    const value = markCodec.encode({ stateId: state.id, lastKey })
    const outcome = await to.metadata.commit({
      checks: [{ key: RESTORE_MARK_KEY, version }],
      sets: [...sets, { key: RESTORE_MARK_KEY, value }],
    })
    const [mark] = await to.metadata.getMany([RESTORE_MARK_KEY])
    if (outcome !== 'ok' || !mark) throw wasTouched()
    return mark.version
  }
}

const wasTouched = () =>
  new ConfigurationError(
    'the store was written to by another process during the restore; empty it and begin again',
  )
