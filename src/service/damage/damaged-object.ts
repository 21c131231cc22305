import { BlobNotFound, DamagedBlob } from '../../storage/blob-store.ts'
import { DamagedRecord } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import { SealedBytesBroken } from '../encryption/segments.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { DamagedVersion } from './damage-ledger.ts'

/**
 * Whether an error of reading an object's bytes says that they are not what was stored: changed, gone, or fewer (a range that the record promises
 * does not lie in the blob).
 */
export const isDamage = (error: unknown): error is Error =>
  error instanceof DamagedBlob ||
  error instanceof SealedBytesBroken ||
  error instanceof BlobNotFound ||
  error instanceof RangeError

/** Throws `DamagedObject` when the version is known to be damaged. */
export async function refuseDamaged(context: ServiceContext, version: DamagedVersion): Promise<void> {
  const damage = await context.damage.find(version)
  if (damage) throw damaged(new Error(damage.reason))
}

/**
 * What a request is answered that failed for damage: `DamagedObject`. A damaged record is noted on the way. Other errors come back
 * as they are.
 */
export async function explainDamage(
  context: Pick<ServiceContext, 'damage'>,
  error: unknown,
): Promise<unknown> {
  if (error instanceof DamagedRecord) {
    await context.damage.noteRecord(error)
    return damaged(error)
  }
  return error instanceof DamagedBlob || error instanceof SealedBytesBroken || error instanceof BlobNotFound
    ? damaged(error)
    : error
}

const damaged = (cause: Error) => new DomainError('DamagedObject', {}, { cause })
