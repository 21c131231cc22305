import { isDeepStrictEqual } from 'node:util'
import type { Entry } from '../../storage/metadata-store.ts'
import type { AccessLogs } from '../access-logs/access-logs.ts'
import type { Admission, StoredBucket } from '../admission.ts'
import { eachBucket } from '../buckets/each-bucket.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError, isDomainError } from '../errors/domain-error.ts'
import type { DeleteObjectInput } from '../objects/delete-object.ts'
import { deleteObjects } from '../objects/delete-objects.ts'
import { bucketCodec, type LifecycleRule } from '../records/bucket.ts'
import { abortUpload } from '../uploads/abort-upload.ts'
import { walkUploads } from '../uploads/walk-uploads.ts'
import { dayMsOf, dueAt, dueDeletion, type RuleClock } from './due-versions.ts'
import { logLifecycleAction, type LifecycleAction } from './logged-actions.ts'
import { commonPrefix, isSelected } from './rule-filter.ts'
import { walkVersions } from './walk-versions.ts'

interface LifecycleReport {
  readonly deletions: number
  readonly uploadsAborted: number
}

interface LifecycleOptions {
  /** Where what was done is logged, for buckets whose access log is on. */
  readonly accessLogs?: Pick<AccessLogs, 'record'>
  readonly signal?: AbortSignal
}

const DELETIONS_PER_BATCH = 500

/**
 * Does in all buckets what their lifecycle rules want done by now. Safe on any number of processes at once and beside all other requests: each
 * object is deleted only as it was looked at, locked versions stay, and when a bucket's rules change nothing more is done by the old ones.
 * Rejects at the end when it failed for some buckets; the others have had their turn.
 */
export async function applyLifecycle(
  context: ServiceContext,
  options: LifecycleOptions = {},
): Promise<LifecycleReport> {
  const clock = { nowMs: context.clock.now(), dayMs: dayMsOf(context) }
  let [deletions, uploadsAborted] = [0, 0]
  const applyTo = async ({ value, version }: Entry): Promise<void> => {
    const record = bucketCodec.decode(value)
    const rules = record.lifecycle?.filter(({ status }) => status === 'Enabled') ?? []
    if (rules.length === 0) return
    const run = new BucketRun(context, { record, version }, rules, clock, options)
    await run.run()
    deletions += run.deletions
    uploadsAborted += run.uploadsAborted
  }
  await eachBucket(context.metadata, applyTo, options.signal)
  return { deletions, uploadsAborted }
}

/** Refusals that mean: leave it, the next run sees to it. Locked, changed meanwhile, gone meanwhile, damaged and perhaps locked, too many writers. */
const isLeftForNextRun = (error: unknown): boolean =>
  isDomainError(
    error,
    'AccessDenied',
    'DamagedObject',
    'NoSuchBucket',
    'NoSuchKey',
    'NoSuchUpload',
    'PreconditionFailed',
    'RecordBusy',
    'VersionLocked',
  )

/** What is to be deleted, and the size of the version that the rules look at. */
interface DueDeletion {
  readonly input: DeleteObjectInput
  readonly sizeBytes: number
}

/** One pass over one bucket. */
class BucketRun {
  deletions = 0
  uploadsAborted = 0
  readonly #context: ServiceContext
  readonly #admission: Admission
  readonly #rules: readonly LifecycleRule[]
  readonly #clock: RuleClock
  readonly #signal: AbortSignal | undefined
  readonly #accessLogs: LifecycleOptions['accessLogs']

  constructor(
    context: ServiceContext,
    bucket: StoredBucket,
    rules: readonly LifecycleRule[],
    clock: RuleClock,
    { signal, accessLogs }: LifecycleOptions,
  ) {
    this.#context = context
    this.#rules = rules
    this.#clock = clock
    this.#signal = signal
    this.#accessLogs = accessLogs
    this.#admission = {
      principal: { type: 'account', accountId: bucket.record.accountId, accessKeyId: '' },
      credential: null,
      bucket,
      reauthorize: ({ record }) => {
        if (!isDeepStrictEqual(record.lifecycle, bucket.record.lifecycle))
          throw new DomainError('AccessDenied')
      },
    }
  }

  async run(): Promise<void> {
    try {
      await this.#deleteVersions()
      await this.#abortUploads()
    } catch (error) {
      // The bucket was removed under our hands.
      if (!isDomainError(error, 'NoSuchBucket')) throw error
    }
  }

  async #deleteVersions(): Promise<void> {
    const rules = this.#rules.filter(
      ({ expiration, noncurrentVersionExpiration }) => expiration ?? noncurrentVersionExpiration,
    )
    if (rules.length === 0) return
    let batch: DueDeletion[] = []
    for await (const version of walkVersions(this.#context, this.#admission, commonPrefix(rules))) {
      const due = dueDeletion(rules, version, this.#clock)
      if (due) batch.push({ input: due, sizeBytes: version.record.sizeBytes })
      if (batch.length < DELETIONS_PER_BATCH) continue
      await this.#deleteBatch(batch)
      batch = []
    }
    await this.#deleteBatch(batch)
  }

  async #deleteBatch(batch: readonly DueDeletion[]): Promise<void> {
    this.#signal?.throwIfAborted()
    if (batch.length === 0) return
    const inputs = batch.map(({ input }) => input)
    for (const [at, outcome] of (await deleteObjects(this.#context, this.#admission, inputs)).entries()) {
      const { objectKey, versionId, deleted, error } = outcome
      if (error) {
        if (!isLeftForNextRun(error)) throw error
        continue
      }
      this.deletions++
      const isMarked = versionId === undefined && deleted.isDeleteMarker
      this.#log({
        operation: isMarked ? 'S3.CREATE.DELETEMARKER' : 'S3.EXPIRE.OBJECT',
        objectKey,
        ...(deleted.versionId !== undefined && { versionId: deleted.versionId }),
        ...(!isMarked && batch[at] && { sizeBytes: batch[at].sizeBytes }),
      })
    }
  }

  #log(action: LifecycleAction): void {
    if (this.#accessLogs)
      logLifecycleAction(this.#context, this.#accessLogs, this.#admission.bucket.record, action)
  }

  async #abortUploads(): Promise<void> {
    const rules = this.#rules.filter(({ abortIncompleteMultipartUpload }) => abortIncompleteMultipartUpload)
    if (rules.length === 0) return
    const { bucketId } = this.#admission.bucket.record
    const prefix = commonPrefix(rules)
    const uploads = walkUploads(this.#context, bucketId, { prefix, signal: this.#signal })
    for await (const { record } of uploads) {
      const { key, uploadId, initiatedAt, closed } = record
      if (closed) continue
      this.#signal?.throwIfAborted()
      if (rules.some((rule) => this.#isUploadDue(rule, key, initiatedAt))) await this.#abort(key, uploadId)
    }
  }

  #isUploadDue(rule: LifecycleRule, objectKey: string, initiatedAt: number): boolean {
    const days = rule.abortIncompleteMultipartUpload?.daysAfterInitiation
    const { nowMs, dayMs } = this.#clock
    return (
      days !== undefined &&
      isSelected(rule, { objectKey, sizeBytes: 0 }) &&
      nowMs >= dueAt(initiatedAt, days, dayMs)
    )
  }

  async #abort(objectKey: string, uploadId: string): Promise<void> {
    try {
      await abortUpload(this.#context, this.#admission, { objectKey, uploadId })
      this.uploadsAborted++
      this.#log({ operation: 'S3.DELETE.UPLOAD', objectKey })
    } catch (error) {
      if (!isLeftForNextRun(error)) throw error
    }
  }
}
