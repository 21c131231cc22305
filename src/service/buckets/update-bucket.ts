import type { Change } from '../../storage/metadata-store.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { newOperationRecord } from '../operation-records/new-operation-record.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { OperationRecord } from '../records/operation.ts'
import { resolveAccessLog } from './access-log.ts'
import type { AccessLogInput } from './access-log.ts'
import { changeBucket } from './change-bucket.ts'
import { findCorsFault, storedCorsRules, type CorsRuleInput } from '../cors/cors-rules.ts'
import { checkReadonlyAccessAccounts } from './readonly-access-accounts.ts'
import { withVersioning } from './versioning.ts'

/** What is absent stays as it is. */
interface UpdateBucketInput {
  readonly bucketName: string
  readonly accessRules?:
    | {
        readonly getObject?: 'public' | 'private' | undefined
        readonly allowPublicOverrides?: boolean | undefined
      }
    | undefined
  /** `Enabled` or `Suspended`. */
  readonly versioning?: string | undefined
  /** Replaces the list; empty: none. */
  readonly readonlyAccessAccounts?: readonly string[] | undefined
  readonly accessLogConfig?: AccessLogInput | undefined
  /** Replaces all rules; none given: removes them. */
  readonly cors?: { readonly rules?: readonly CorsRuleInput[] | undefined } | undefined
}

/** Changes a bucket's settings. Throws `NoSuchBucket`, and for a setting that is not allowed what says so. */
export async function updateBucket(
  context: ServiceContext,
  caller: Caller,
  input: UpdateBucketInput,
): Promise<{ bucket: BucketRecord; operation: OperationRecord }> {
  const { record, operation } = await changeBucket(context, caller, input.bucketName, async (current) => {
    let next = input.versioning === undefined ? current : switched(current, input.versioning)
    // After the switch, which takes public overrides away: those that the same request gives count.
    if (input.accessRules) next = withAccessRules(next, input.accessRules)
    if (input.readonlyAccessAccounts) {
      next = { ...next, readonlyAccessAccounts: checkReadonlyAccessAccounts(input.readonlyAccessAccounts) }
    }
    let checks: Change['checks'] = []
    if (input.accessLogConfig) {
      const resolved = await resolveAccessLog(context, caller, input.bucketName, input.accessLogConfig)
      next = { ...next, accessLog: resolved.accessLog }
      checks = resolved.checks
    }
    if (input.cors) next = withCors(next, input.cors.rules ?? [])
    return {
      record: next,
      operation: newOperationRecord(context, caller, input.bucketName, 'UpdateBucket'),
      checks,
    }
  })
  return { bucket: record, operation }
}

function switched(record: BucketRecord, versioning: string): BucketRecord {
  if (versioning !== 'Enabled' && versioning !== 'Suspended')
    throw new DomainError('InvalidVersioning', { versioning })
  return withVersioning(record, versioning)
}

function withAccessRules(
  record: BucketRecord,
  rules: NonNullable<UpdateBucketInput['accessRules']>,
): BucketRecord {
  const { getObject, allowPublicOverrides } = record.accessRules
  return {
    ...record,
    accessRules: {
      getObject: rules.getObject ?? getObject,
      allowPublicOverrides: rules.allowPublicOverrides ?? allowPublicOverrides,
    },
  }
}

function withCors(record: BucketRecord, rules: readonly CorsRuleInput[]): BucketRecord {
  const fault = findCorsFault(rules)
  if (fault) throw new DomainError('InvalidCorsRules', fault)
  if (rules.length > 0) return { ...record, cors: storedCorsRules(rules) }
  const next: { -readonly [K in keyof BucketRecord]: BucketRecord[K] } = { ...record }
  delete next.cors
  return next
}
