import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { Retention } from '../records/object.ts'
import type { ObjectAddress } from './find-version.ts'

/** A version's retention. Errors as openObject; `InvalidRequest` (bucket without object lock); `NoSuchObjectLockConfiguration`. */
export async function getObjectRetention(
  _context: ServiceContext,
  _admission: Pick<Admission, 'bucket'>,
  _address: ObjectAddress,
): Promise<Retention> {
  throw new ServiceError('NotImplemented')
}

/**
 * Sets a version's retention (null removes it). COMPLIANCE may only be made longer; GOVERNANCE may be made shorter, weaker or removed with
 * `bypassGovernance`. Errors as openObject; `AccessDenied`; `InvalidRequest` (bucket without object lock); `InvalidArgument` (a
 * date in the past).
 */
export async function putObjectRetention(
  _context: ServiceContext,
  _admission: Admission,
  _input: ObjectAddress & { readonly retention: Retention | null; readonly bypassGovernance?: boolean },
): Promise<{ readonly versionId?: string }> {
  throw new ServiceError('NotImplemented')
}

/** Whether a version is under legal hold. Errors as openObject; `InvalidRequest`; `NoSuchObjectLockConfiguration` (never set). */
export async function getObjectLegalHold(
  _context: ServiceContext,
  _admission: Pick<Admission, 'bucket'>,
  _address: ObjectAddress,
): Promise<boolean> {
  throw new ServiceError('NotImplemented')
}

/** Puts a version under legal hold or lifts it. Errors as openObject; `InvalidRequest` (bucket without object lock). */
export async function putObjectLegalHold(
  _context: ServiceContext,
  _admission: Admission,
  _input: ObjectAddress & { readonly legalHold: boolean },
): Promise<{ readonly versionId?: string }> {
  throw new ServiceError('NotImplemented')
}
