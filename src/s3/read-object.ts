import type { InputOf, OutputOf } from '../model/operation.ts'
import type { headObject } from '../model/s3/object/get-object.ts'
import { checkResponseOverrides } from '../service/authorization/response-overrides.ts'
import { checkReadConditions } from '../service/versions/conditions.ts'
import type { ObjectRecord } from '../service/records/object.ts'
import type { OpenObject } from '../service/versions/open-object.ts'
import type { ByteRange } from '../storage/blob-store.ts'
import { noteVersion } from './access-log/note-version.ts'
import { activeContentHeaders } from './response/active-content.ts'
import { expirationHeader } from './response/expiration-header.ts'
import { objectOutput } from './response/object-output.ts'
import type { S3Call } from './call.ts'
import { openPermitted } from './permitted-object.ts'
import { parseCustomerKey } from './request/customer-key.ts'
import { requestedRange } from './request/range-request.ts'
import { readConditions } from './request/read-conditions.ts'
import { responseOverrides } from './request/response-overrides.ts'

type ReadOutput = OutputOf<typeof headObject>

/** What GetObject and HeadObject have in common: the object was found, permitted, and its conditions hold. */
interface ObjectRead {
  readonly output: ReadOutput
  /** Null when the client has this state already (304). */
  readonly opened: OpenObject | null
  /** The bytes wanted; null: all. */
  readonly range: ByteRange | null
}

/** Finds the object, checks access, conditions and range, in this order. Throws also `PreconditionFailed`. */
export async function readObject(input: InputOf<typeof headObject>, call: S3Call): Promise<ObjectRead> {
  const overrides = responseOverrides(input)
  checkResponseOverrides(overrides, call.isAnonymous)
  const customerKey = parseCustomerKey(input)
  const opened = await openPermitted(call, {
    objectKey: call.objectKey,
    ...(input.VersionId !== undefined && { versionId: input.VersionId }),
    ...(input.PartNumber !== undefined && { partNumber: input.PartNumber }),
    ...(customerKey && { customerKey }),
  })
  noteVersion(call.exchange.facts, opened)
  const conditions = readConditions(input)
  const verdict = conditions
    ? checkReadConditions(conditions, opened.record, call.context.clock.now())
    : 'proceed'
  const withChecksum = input.ChecksumMode !== undefined
  if (verdict === 'not-modified') {
    const { ETag, LastModified, VersionId, CacheControl, Expires } = objectOutput(opened, {
      range: null,
      withChecksum,
    })
    return {
      output: { StatusCode: 304, ETag, LastModified, VersionId, CacheControl, Expires },
      opened: null,
      range: null,
    }
  }
  const range = requestedRange(input, opened)
  const Expiration = opened.isCurrent ? expirationHeader(call, opened.record) : undefined
  const output = objectOutput(opened, { range, withChecksum })
  Object.assign(
    output,
    withheld(call, opened.record, input.VersionId !== undefined),
    { Expiration },
    overrides,
  )
  const guards = activeContentHeaders(output.ContentType, call.address, call.context.settings)
  if (guards.length > 0) call.extraHeaders.push(...guards)
  return { output, opened, range }
}

/** What of a version's tags and lock the caller may not be told, as members without a value: reading the bytes does not include them. */
function withheld({ access }: S3Call, record: ObjectRecord, namesVersion: boolean): Partial<ReadOutput> {
  const { tags = [], retention, legalHold } = record
  const taggingAction = namesVersion ? 's3:GetObjectVersionTagging' : 's3:GetObjectTagging'
  return {
    ...(tags.length > 0 && !access.isGranted(taggingAction, record) && { TagCount: undefined }),
    ...(retention &&
      !access.isGranted('s3:GetObjectRetention', record) && {
        ObjectLockMode: undefined,
        ObjectLockRetainUntilDate: undefined,
      }),
    ...(legalHold !== undefined &&
      !access.isGranted('s3:GetObjectLegalHold', record) && { ObjectLockLegalHoldStatus: undefined }),
  }
}
