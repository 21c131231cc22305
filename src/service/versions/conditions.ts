import { DomainError } from '../errors/domain-error.ts'
import type { ConditionName } from '../errors/object.ts'
import type { ObjectRecord } from '../records/object.ts'

/** What must hold of the current object for a write (PutObject, CopyObject's target, CompleteMultipartUpload) to go on. */
export interface WriteConditions {
  /** Unquoted ETags, or `*` for any object that exists. */
  readonly ifMatch?: readonly string[]
  /** Unquoted ETags, or `*` for no object at all. */
  readonly ifNoneMatch?: readonly string[]
}

/** What must hold of the version that a delete is about. */
export interface DeleteConditions {
  /** Unquoted ETag or `*`. */
  readonly ifMatch?: string
  /** Epoch milliseconds; whole seconds are compared. */
  readonly ifMatchLastModified?: number
  readonly ifMatchSizeBytes?: number
}

/** What must hold of the object read (GetObject, HeadObject, the source of a copy). */
export interface ReadConditions {
  readonly ifMatch?: readonly string[]
  readonly ifNoneMatch?: readonly string[]
  /** Epoch milliseconds; whole seconds are compared. */
  readonly ifModifiedSince?: number
  readonly ifUnmodifiedSince?: number
}

/** Gives the conditions back when a write may have them together. Throws `TwoWriteConditions`. */
export function oneWriteCondition(conditions: WriteConditions): WriteConditions {
  if (conditions.ifMatch && conditions.ifNoneMatch) throw new DomainError('TwoWriteConditions')
  return conditions
}

/** Whether a write asks for anything of the current object. */
export const hasWriteConditions = (conditions: WriteConditions): boolean =>
  conditions.ifMatch !== undefined || conditions.ifNoneMatch !== undefined

/** `current` is null when there is no object or a delete marker on top. Throws `NoSuchKey` (If-Match of nothing) or `PreconditionFailed`. */
export function checkWriteConditions(
  conditions: WriteConditions & { readonly objectKey: string },
  current: ObjectRecord | null,
): void {
  const { ifMatch, ifNoneMatch } = conditions
  if (ifMatch) {
    if (!current) throw new DomainError('NoSuchKey', { objectKey: conditions.objectKey })
    if (!matches(ifMatch, current)) throw preconditionFailed('ifMatch')
  }
  if (ifNoneMatch && current && matches(ifNoneMatch, current)) throw preconditionFailed('ifNoneMatch')
}

/** Whether a delete asks for anything of its version. */
const hasDeleteConditions = (conditions: DeleteConditions): boolean =>
  conditions.ifMatch !== undefined ||
  conditions.ifMatchLastModified !== undefined ||
  conditions.ifMatchSizeBytes !== undefined

/**
 * `target` is null when there is no such version, or no current object. Throws `PreconditionFailed`, and where nothing can match the
 * conditions that there are, `NoSuchKey` or, of a version that was named, `NoSuchVersion`. A delete marker that was named matches `*` and
 * nothing else.
 */
export function checkDeleteConditions(
  conditions: DeleteConditions & { readonly objectKey: string; readonly versionId?: string },
  target: ObjectRecord | null,
): void {
  if (!hasDeleteConditions(conditions)) return
  if (!target) {
    const { objectKey, versionId } = conditions
    throw versionId === undefined
      ? new DomainError('NoSuchKey', { objectKey })
      : new DomainError('NoSuchVersion', { objectKey, versionId })
  }
  const { ifMatch, ifMatchLastModified, ifMatchSizeBytes } = conditions
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== target.etag) throw preconditionFailed('ifMatch')
  if (
    ifMatchLastModified !== undefined &&
    wholeSeconds(ifMatchLastModified) !== wholeSeconds(target.lastModified)
  )
    throw preconditionFailed('ifMatchLastModified')
  if (
    ifMatchSizeBytes !== undefined &&
    (target.isDeleteMarker === true || ifMatchSizeBytes !== target.sizeBytes)
  )
    throw preconditionFailed('ifMatchSize')
}

/** Whether a read may go on: `not-modified` is the response that a client's copy is fresh (304). Throws `PreconditionFailed`. */
export function checkReadConditions(
  conditions: ReadConditions,
  record: ObjectRecord,
  nowMs: number,
): 'proceed' | 'not-modified' {
  const failed = failedCondition(conditions, record, nowMs)
  if (failed === null) return 'proceed'
  if (failed === 'ifNoneMatch' || failed === 'ifModifiedSince') return 'not-modified'
  throw preconditionFailed(failed)
}

/** Whether a copy may read its source. Throws `PreconditionFailed`, also where the client has that state already. */
export function checkSourceConditions(conditions: ReadConditions, record: ObjectRecord, nowMs: number): void {
  const failed = failedCondition(conditions, record, nowMs)
  if (failed !== null) throw new DomainError('PreconditionFailed', { condition: failed, isOfSource: true })
}

/**
 * The condition that does not hold; null: all do. As RFC 9110 (13.2.2) orders them: If-Match over If-Unmodified-Since, If-None-Match over
 * If-Modified-Since. Nothing was modified since a time that is still to come: as in S3, such a date is none.
 */
function failedCondition(
  { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince }: ReadConditions,
  record: ObjectRecord,
  nowMs: number,
): 'ifMatch' | 'ifUnmodifiedSince' | 'ifNoneMatch' | 'ifModifiedSince' | null {
  const modified = wholeSeconds(record.lastModified)
  if (ifMatch) {
    if (!matches(ifMatch, record)) return 'ifMatch'
  } else if (ifUnmodifiedSince !== undefined && modified > wholeSeconds(ifUnmodifiedSince)) {
    return 'ifUnmodifiedSince'
  }
  if (ifNoneMatch) return matches(ifNoneMatch, record) ? 'ifNoneMatch' : null
  if (ifModifiedSince === undefined || wholeSeconds(ifModifiedSince) > wholeSeconds(nowMs)) return null
  return modified <= wholeSeconds(ifModifiedSince) ? 'ifModifiedSince' : null
}

const matches = (etags: readonly string[], record: ObjectRecord) =>
  etags.includes('*') || etags.includes(record.etag)
const wholeSeconds = (ms: number) => Math.floor(ms / 1000)
const preconditionFailed = (condition: ConditionName) => new DomainError('PreconditionFailed', { condition })
