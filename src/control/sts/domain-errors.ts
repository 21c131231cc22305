import type { StsErrorCode } from '../../model/sts/errors.ts'
import type { DomainError, DomainErrorKind, DomainErrors } from '../../service/errors/domain-error.ts'
import type { SessionErrors } from '../../service/errors/session.ts'

/** What the rules that STS asks throw. */
type Met = keyof SessionErrors | 'MalformedPolicy'

interface StsErrorForm {
  readonly code: StsErrorCode
  readonly message: string
}

/** Every expected failure of the rules as STS answers it, in Amazon's words. */
const STS_FORMS: { readonly [Kind in Met]: (fields: DomainErrors[Kind]) => StsErrorForm } = {
  MalformedPolicy: ({ problem }) => ({ code: 'MalformedPolicyDocument', message: problem }),
  PackedPolicyTooLarge: ({ percent }) => ({
    code: 'PackedPolicyTooLarge',
    message: `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
  }),
  RoleNotTaken: ({ roleArn, caller }) => ({
    code: 'AccessDenied',
    message: `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
  }),
  SessionTakesNone: ({ operation }) => ({
    code: 'AccessDenied',
    message: `Cannot call ${operation} with session credentials`,
  }),
  SessionTooLong: () => ({
    code: 'ValidationError',
    message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  }),
}

const isMet = (kind: DomainErrorKind): kind is Met => Object.hasOwn(STS_FORMS, kind)

/** What an expected failure of a rule is in STS; null: nothing that an operation there meets. */
export function toStsForm(error: DomainError): StsErrorForm | null {
  const { kind, fields } = error
  if (!isMet(kind)) return null
  const form: (fields: never) => StsErrorForm = STS_FORMS[kind]
  return form(fields as never)
}
