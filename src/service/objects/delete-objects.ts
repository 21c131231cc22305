import { PAGE_MAX } from '../../model/s3/shapes/listing.ts'
import { DamagedRecord, type Entry, type Key } from '../../storage/metadata-store.ts'
import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { explainDamage } from '../damage/damaged-object.ts'
import { DomainError, isDomainError } from '../errors/domain-error.ts'
import { checkBypass } from '../locks/lock-rules.ts'
import { deleteNothing, deleteObject, rowsThatCount } from './delete-object.ts'
import type { DeletedObject, DeleteObjectInput } from './delete-object.ts'

/** One entry of a batch. */
export interface BatchEntry extends DeleteObjectInput {
  /** Decides whether this one may be deleted, and gives by what; throws to refuse. Absent: as the batch. */
  readonly admit?: () => Admission | Promise<Admission>
}

/** What became of one entry of a batch. */
export type DeleteOutcome = { readonly objectKey: string; readonly versionId?: string } & (
  | { readonly deleted: DeletedObject; readonly error?: never }
  | { readonly error: DomainError; readonly deleted?: never }
)

/**
 * Entries that are read together, and whose deletes are under way at once: enough that their commits share syncs, few enough to leave the store,
 * and memory, to others.
 */
const GROUP_SIZE = 32

/** An entry that was let in. */
interface AdmittedEntry {
  /** In the batch. */
  readonly at: number
  readonly entry: BatchEntry
  readonly admission: Admission
  /** Where its rows are among those that are read; null: they do not tell alone. */
  readonly rows: { readonly from: number; readonly to: number } | null
}

/**
 * Deletes up to 1000 objects or versions, each on its own; the outcomes are in the order of the input. Throws `InvalidBatchSize` when
 * there are none or more; `NothingToBypass`; `NoSuchBucket` and `AccessKeyStopped` when those are gone.
 *
 * Whether there is anything to delete is read for many at once, since a batch that names what does not exist would otherwise cost a thousand times
 * what a single read does; what is there is deleted as {@link deleteObject} does.
 */
export async function deleteObjects(
  context: ServiceContext,
  admission: Admission,
  inputs: readonly BatchEntry[],
): Promise<DeleteOutcome[]> {
  if (inputs.length === 0 || inputs.length > PAGE_MAX)
    throw new DomainError('InvalidBatchSize', { count: inputs.length, countMax: PAGE_MAX })
  for (const { bypassGovernance } of inputs) checkBypass(admission.bucket.record, bypassGovernance)
  const batch = new Batch(context, admission, inputs)
  for (let from = 0; from < inputs.length; from += GROUP_SIZE) await batch.deleteGroup(from)
  return batch.outcomes
}

class Batch {
  readonly outcomes: DeleteOutcome[] = []
  readonly #context: ServiceContext
  readonly #admission: Admission
  readonly #entries: readonly BatchEntry[]

  constructor(context: ServiceContext, admission: Admission, entries: readonly BatchEntry[]) {
    this.#context = context
    this.#admission = admission
    this.#entries = entries
  }

  async deleteGroup(from: number): Promise<void> {
    const rows: Buffer[] = []
    const admitted: AdmittedEntry[] = []
    const to = Math.min(from + GROUP_SIZE, this.#entries.length)
    for (let at = from; at < to; at++) {
      const entry = this.#entries[at]
      if (!entry) continue
      try {
        let admission = entry.admit ? entry.admit() : this.#admission
        if (admission instanceof Promise) admission = await admission
        const counting = rowsThatCount(admission.bucket.record, entry)
        const place = counting && { from: rows.length, to: rows.push(...counting) }
        admitted.push({ at, entry, admission, rows: place })
      } catch (error) {
        await this.#refuse(at, entry, error)
      }
    }
    const found = await this.#read(rows)
    const isEmpty = ({ rows: place }: AdmittedEntry): boolean =>
      found !== null && place !== null && found.slice(place.from, place.to).every((row) => row === null)
    await this.#deleteEach(admitted, isEmpty)
  }

  /** Null where one of them is damaged: that may be deleted all the same, and so each entry finds out for itself. */
  async #read(rows: readonly Key[]): Promise<readonly (Entry | null)[] | null> {
    if (rows.length === 0) return []
    try {
      return await this.#context.metadata.getMany(rows)
    } catch (error) {
      if (error instanceof DamagedRecord) return null
      throw error
    }
  }

  async #deleteEach(
    admitted: readonly AdmittedEntry[],
    isEmpty: (one: AdmittedEntry) => boolean,
  ): Promise<void> {
    const toDelete: AdmittedEntry[] = []
    // What is made of a key by an entry before was not there when all were read: a delete marker that the next one names, say.
    const changing = new Set<string>()
    for (const one of admitted) {
      const { at, entry, admission } = one
      // Few batches name a key twice, and to look for a key costs all its characters.
      if ((changing.size > 0 && changing.has(entry.objectKey)) || !isEmpty(one)) {
        changing.add(entry.objectKey)
        toDelete.push(one)
        continue
      }
      try {
        this.#note(at, entry, deleteNothing(admission, entry))
      } catch (error) {
        await this.#refuse(at, entry, error)
      }
    }
    await Promise.all(toDelete.map((one) => this.#delete(one)))
  }

  async #delete({ at, entry, admission }: AdmittedEntry): Promise<void> {
    try {
      this.#note(at, entry, await deleteObject(this.#context, admission, entry))
    } catch (error) {
      await this.#refuse(at, entry, error)
    }
  }

  #note(at: number, { objectKey, versionId }: BatchEntry, deleted: DeletedObject): void {
    this.outcomes[at] = versionId === undefined ? { objectKey, deleted } : { objectKey, versionId, deleted }
  }

  /** Throws what is no refusal of this entry alone. One whose record is damaged, and may be locked, is. */
  async #refuse(at: number, { objectKey, versionId }: BatchEntry, cause: unknown): Promise<void> {
    const error = cause instanceof DamagedRecord ? await explainDamage(this.#context, cause) : cause
    if (!isDomainError(error) || isDomainError(error, 'NoSuchBucket', 'AccessKeyStopped')) throw error
    this.outcomes[at] = versionId === undefined ? { objectKey, error } : { objectKey, versionId, error }
  }
}
