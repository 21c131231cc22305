import { accessLogTarget } from '../access-logs/access-log-target.ts'
import type { AccessLogs } from '../access-logs/access-logs.ts'
import { encodeLoggedKey } from '../access-logs/log-line.ts'
import type { ServiceContext } from '../context.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { createRequestId } from '../request-id.ts'

/** What lifecycle rules did to one object or upload. */
export interface LifecycleAction {
  /** As S3's access logs name it. */
  readonly operation: 'S3.EXPIRE.OBJECT' | 'S3.CREATE.DELETEMARKER' | 'S3.DELETE.UPLOAD'
  readonly objectKey: string
  /** The version removed, or the delete marker. */
  readonly versionId?: string
  /** Of what was removed. */
  readonly sizeBytes?: number
}

/** Writes an action into its bucket's access log, when that is on, as S3 does: as done by AmazonS3, without a request. */
export function logLifecycleAction(
  context: ServiceContext,
  logs: Pick<AccessLogs, 'record'>,
  bucket: BucketRecord,
  { operation, objectKey, versionId, sizeBytes }: LifecycleAction,
): void {
  const target = accessLogTarget(bucket)
  if (!target) return
  logs.record(target, {
    receivedAt: context.clock.now(),
    remoteAddress: undefined,
    requester: 'AmazonS3',
    requestId: createRequestId(),
    operation,
    objectKey: encodeLoggedKey(objectKey),
    requestLine: undefined,
    status: undefined,
    errorCode: undefined,
    bytesSent: undefined,
    objectSizeBytes: sizeBytes,
    totalMs: undefined,
    turnAroundMs: undefined,
    referer: undefined,
    userAgent: undefined,
    versionId,
    hostId: undefined,
    signatureVersion: undefined,
    cipherSuite: undefined,
    authenticationType: undefined,
    hostHeader: undefined,
    tlsVersion: undefined,
    accessKeyId: undefined,
  })
}
