import { MalformedRequest } from '../auth/malformed-request.ts'
import { lightsailErrors } from '../model/lightsail/errors.ts'
import type { LightsailErrorCode } from '../model/lightsail/errors.ts'
import { isDomainError } from '../service/errors/domain-error.ts'
import { ControlError } from './control-error.ts'
import { StoreFull, StoreReadOnly, StoreUnavailable } from '../storage/metadata-store.ts'
import { toControlForm } from './errors.ts'

/** An error as it goes out: the one name that clients find in header and body, and what else they read. */
interface ErrorResponse {
  readonly code: LightsailErrorCode
  readonly status: number
  readonly body: string
  /** Seconds, when trying again later helps. */
  readonly retryAfterSeconds?: number
  /** Not the request's fault: belongs in the log. */
  readonly isFault: boolean
  /** Refused by a limit that is there for this, so that the one who meets it cannot fill the log of errors. */
  readonly isPutOff: boolean
}

const RETRY_AFTER_SECONDS = 1

/** What to try, for the errors where there is something. */
const TIPS: Partial<Record<LightsailErrorCode, string>> = {
  AccessDeniedException: "Sign the request with the account's own access key.",
  InvalidInputException: 'Correct the named value and try again.',
  InvalidSignatureException: 'Check the secret access key, the region and the clock of the client.',
  NotFoundException: 'Check the name, and the region that the request is signed for.',
  UnrecognizedClientException: 'Check the access key id.',
}

/** `docs`: where the operation is documented, if anywhere. Unexpected errors become a ServiceException that tells nothing of them. */
export function toErrorResponse(error: unknown, docs: string | null): ErrorResponse {
  const { code, message } = nameOf(error)
  const hint = error instanceof ControlError ? error.hint : null
  const status = lightsailErrors[code]
  const isPutOff = status === 503 && (error instanceof ControlError || isDomainError(error))
  const fields = {
    __type: code,
    // The JavaScript SDK takes `code` for the error's name where it sees no header: so it is the same name.
    code,
    message,
    ...(docs !== null && { docs }),
    ...(TIPS[code] !== undefined && { tip: TIPS[code] }),
    // Amazon's have no such member, so that whoever finds it knows that it is meant for this very request.
    ...(hint !== null && { hint }),
  }
  return {
    code,
    status,
    body: JSON.stringify(fields),
    isFault: status >= 500 && !isPutOff,
    isPutOff,
    ...(status === 503 && { retryAfterSeconds: RETRY_AFTER_SECONDS }),
  }
}

function nameOf(error: unknown): { code: LightsailErrorCode; message: string } {
  if (error instanceof ControlError) return error
  const form = isDomainError(error) ? toControlForm(error) : null
  if (form) return form
  if (error instanceof MalformedRequest) {
    return { code: 'IncompleteSignatureException', message: error.message }
  }
  if (error instanceof StoreFull || error instanceof StoreReadOnly) {
    return { code: 'ServiceUnavailableException', message: error.forClients }
  }
  if (error instanceof StoreUnavailable) {
    return {
      code: 'ServiceUnavailableException',
      message: 'The service is unavailable at this moment. Try again.',
    }
  }
  return { code: 'ServiceException', message: 'An internal error occurred. Try again.' }
}
