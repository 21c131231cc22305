import { rightWhen, type Right, type RightCondition } from './right.ts'

/** What a request that makes an object may give it, under the names they have in inputs. */
interface NewObjectInput {
  readonly ACL?: string | undefined
  readonly GrantFullControl?: string | undefined
  readonly GrantRead?: string | undefined
  readonly GrantReadACP?: string | undefined
  readonly GrantWrite?: string | undefined
  readonly GrantWriteACP?: string | undefined
  readonly Tagging?: unknown
  readonly ObjectLockMode?: string | undefined
  readonly ObjectLockRetainUntilDate?: number | undefined
  readonly ObjectLockLegalHoldStatus?: string | undefined
}

/** An ACL is given, as a ready-made one or by grants. */
export const givesAcl: RightCondition<NewObjectInput> = {
  says: 'x-amz-acl or an x-amz-grant header is given',
  holds: (input) =>
    input.ACL !== undefined ||
    input.GrantFullControl !== undefined ||
    input.GrantRead !== undefined ||
    input.GrantReadACP !== undefined ||
    input.GrantWrite !== undefined ||
    input.GrantWriteACP !== undefined,
}

const givesTags: RightCondition<NewObjectInput> = {
  says: 'x-amz-tagging is given',
  holds: ({ Tagging }) => Tagging !== undefined,
}

const givesRetention: RightCondition<NewObjectInput> = {
  says: 'x-amz-object-lock-mode or x-amz-object-lock-retain-until-date is given',
  holds: (input) => input.ObjectLockMode !== undefined || input.ObjectLockRetainUntilDate !== undefined,
}

const givesLegalHold: RightCondition<NewObjectInput> = {
  says: 'x-amz-object-lock-legal-hold is given',
  holds: ({ ObjectLockLegalHoldStatus }) => ObjectLockLegalHoldStatus !== undefined,
}

const onNew = { on: 'new-object' } as const

/** What an object may be given by the request that makes it needs the right to give it that afterwards. */
export const newObjectRights: readonly Right[] = [
  rightWhen(givesAcl, 's3:PutObjectAcl', onNew),
  rightWhen(givesTags, 's3:PutObjectTagging', onNew),
  rightWhen(givesRetention, 's3:PutObjectRetention', onNew),
  rightWhen(givesLegalHold, 's3:PutObjectLegalHold', onNew),
]

/** Who asks whether an ETag is the object's learns what it has: `*` asks for its existence alone. */
export const writeConditionRights: readonly Right[] = [
  rightWhen<{ readonly IfMatch?: string | undefined; readonly IfNoneMatch?: string | undefined }>(
    {
      says: 'If-Match or If-None-Match names an ETag',
      holds: ({ IfMatch = '*', IfNoneMatch = '*' }) => IfMatch !== '*' || IfNoneMatch !== '*',
    },
    's3:GetObject',
    { on: 'object' },
  ),
]

const isBypassing: RightCondition<{ readonly BypassGovernanceRetention?: boolean | undefined }> = {
  says: 'x-amz-bypass-governance-retention is true',
  holds: ({ BypassGovernanceRetention }) => BypassGovernanceRetention === true,
}

/** To get round GOVERNANCE retention. */
export const bypassRight = (on: 'object' | 'each-object'): Right =>
  rightWhen(isBypassing, 's3:BypassGovernanceRetention', { on })
