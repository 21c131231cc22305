import { UntracedError } from '../../base/untraced-error.ts'
import type { AccessKeyErrors } from './access-key.ts'
import type { AccessErrors } from './access.ts'
import type { AccountErrors } from './account.ts'
import type { ApplicationKeyErrors } from './application-key.ts'
import type { BucketErrors } from './bucket.ts'
import type { CommitErrors } from './commit.ts'
import type { EncryptionErrors } from './encryption.ts'
import type { LifecycleErrors } from './lifecycle.ts'
import type { ListingErrors } from './listing.ts'
import type { LockErrors } from './lock.ts'
import type { ObjectErrors } from './object.ts'
import type { NoFields } from './no-fields.ts'
import type { ResourceErrors } from './resource.ts'
import type { RoleErrors } from './role.ts'
import type { SessionErrors } from './session.ts'
import type { TagErrors } from './tag.ts'
import type { UploadErrors } from './upload.ts'

/** Each expected failure of a rule, by its kind, with what it is about. Each API has a table from these to its own codes and words. */
export interface DomainErrors
  extends
    AccessErrors,
    AccessKeyErrors,
    AccountErrors,
    ApplicationKeyErrors,
    BucketErrors,
    CommitErrors,
    EncryptionErrors,
    LifecycleErrors,
    ListingErrors,
    LockErrors,
    ObjectErrors,
    ResourceErrors,
    RoleErrors,
    SessionErrors,
    TagErrors,
    UploadErrors {}

/** The name of an expected failure. */
export type DomainErrorKind = keyof DomainErrors

type Options = { readonly cause?: unknown }

/** The fields may be left out where the kind has none. */
type Arguments<Fields> = NoFields extends Fields
  ? [fields?: Fields, options?: Options]
  : [fields: Fields, options?: Options]

/** An expected failure of a rule, in words of no API. Callers branch on `kind`, or ask {@link isDomainError}. */
export class DomainError<Kind extends DomainErrorKind = DomainErrorKind> extends UntracedError {
  override readonly name = 'DomainError'
  readonly kind: Kind
  /** Names and values for the response; never a secret. */
  readonly fields: DomainErrors[Kind]

  constructor(kind: Kind, ...[fields, options = {}]: Arguments<DomainErrors[Kind]>) {
    super(fields ? `${kind} ${JSON.stringify(fields)}` : kind, options)
    this.kind = kind
    this.fields = fields ?? ({} as DomainErrors[Kind])
  }
}

/** Whether an error is an expected failure: of one of these kinds or, without any, of whichever. */
export function isDomainError<Kind extends DomainErrorKind>(
  error: unknown,
  ...kinds: readonly Kind[]
): error is DomainError<Kind> {
  if (!(error instanceof DomainError)) return false
  return kinds.length === 0 || kinds.includes(error.kind as Kind)
}
