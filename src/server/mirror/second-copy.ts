import { BlobNotFound, type BlobId, type BlobStream, type ByteRange } from '../../storage/blob-store.ts'
import type { MetadataStore, Version } from '../../storage/metadata-store.ts'
import { readState, type BackupState } from '../backup/backup-state.ts'
import { findInRuns } from '../backup/merge-runs.ts'
import { targetBlobId } from '../backup/names.ts'
import { openTarget, type BackupTarget } from '../backup/target.ts'
import { readMirrorMark } from './mirror-mark.ts'

/** A mirror that is down is asked again after so long. */
const RETRY_MS = 10_000

/** The mirror, for reading: opened when something is first needed from it. */
export class SecondCopy {
  readonly #to: string
  #opening: Promise<BackupTarget> | null = null
  #failedAt = -Infinity

  /** `to`: the setting's word. */
  constructor(to: string) {
    this.#to = to
  }

  /** Null when the mirror does not have it. Rejects when the mirror does not answer, or has it damaged. */
  async openBlob(id: BlobId, range?: ByteRange): Promise<BlobStream | null> {
    const { store } = await this.#target()
    try {
      return await store.get(targetBlobId(id), range)
    } catch (error) {
      if (error instanceof BlobNotFound) return null
      throw error
    }
  }

  /** The record in the newest state of the mirror that the store knows of. */
  async findRecord(
    metadata: MetadataStore,
    key: Buffer,
  ): Promise<{ readonly version: Version; readonly value: Buffer | null } | null> {
    const mark = await readMirrorMark(metadata)
    if (mark?.stateId === undefined) return null
    const { store } = await this.#target()
    const state: BackupState = await readState(store, mark.stateId)
    return await findInRuns(store, state.runs, key)
  }

  /** Never rejects. */
  async close(): Promise<void> {
    const opening = this.#opening
    this.#opening = null
    const target = await opening?.catch(() => null)
    await target?.store.close().catch(() => undefined)
  }

  #target(): Promise<BackupTarget> {
    if (!this.#opening) {
      if (performance.now() - this.#failedAt < RETRY_MS)
        return Promise.reject(new Error('the mirror is down'))
      const opening = openTarget('mirror', this.#to, { isMade: false })
      this.#opening = opening
      opening.catch(() => {
        this.#failedAt = performance.now()
        if (this.#opening === opening) this.#opening = null
      })
    }
    return this.#opening
  }
}
