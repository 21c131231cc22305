import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { resolveAccessLog } from './access-log.ts'
import { changeS3Bucket } from './change-s3-bucket.ts'

interface AccessLogDestination {
  readonly destination: string
  readonly prefix: string
}

/**
 * Switches a bucket's access log on or (null) off, as S3's PutBucketLogging does. Throws `InvalidAccessLog` when the destination is
 * not a bucket of the same account and region.
 */
export async function setAccessLog(
  context: ServiceContext,
  admission: Admission,
  target: AccessLogDestination | null,
): Promise<void> {
  await changeS3Bucket(context, admission, async (record) => {
    const owner = { accountId: record.accountId, region: record.region }
    const wanted = target ? { enabled: true, ...target } : { enabled: false }
    const { accessLog, checks } = await resolveAccessLog(context, owner, record.name, wanted)
    return { record: { ...record, accessLog }, checks }
  })
}
