import { timingSafeEqual } from 'node:crypto'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { CustomerKey, EncryptionRequest } from './encryption-request.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { ObjectEncryption } from '../records/object.ts'
import { newSalt } from './stream-key.ts'

/** How an object or upload that is being made is encrypted: what is stored about it, and the key that opens all its bytes. */
export interface NewEncryption {
  readonly encryption: ObjectEncryption
  /** 32 bytes; never stored in the clear. */
  readonly dataKey: Uint8Array
}

/** As the request asks, else as the bucket does by default; null: the bytes are stored as they are. Throws `CustomerKeysBlocked`. */
export function chooseEncryption(
  context: ServiceContext,
  bucket: BucketRecord,
  request: EncryptionRequest | undefined,
): NewEncryption | null {
  if (request?.type === 'SSE-C') {
    refuseBlockedKeys(bucket)
    return {
      encryption: { type: 'SSE-C', keyMd5: request.keyMd5, salt: newSalt() },
      dataKey: request.key,
    }
  }
  if (!request && !bucket.encryption) return null
  const { key, sealedKey } = context.objectKeys.forNewObject()
  return { encryption: { type: 'SSE-S3', sealedKey, isKeyShared: true, salt: newSalt() }, dataKey: key }
}

/** For a write with a customer's key. Throws `CustomerKeysBlocked` where the bucket takes none. */
export function refuseBlockedKeys({ encryption }: BucketRecord): void {
  if (encryption?.blockedType === 'SSE-C') throw new DomainError('CustomerKeysBlocked')
}

/**
 * The key that opens an object's bytes; null when they are stored as they are. Throws `CustomerKeyMissing`, `CustomerKeyNotNeeded`, and
 * `CustomerKeyWrong` for another one than was used.
 */
export function openEncryption(
  context: ServiceContext,
  encryption: ObjectEncryption | undefined,
  customerKey: CustomerKey | undefined,
  of: 'object' | 'upload' = 'object',
): Uint8Array | null {
  if (encryption?.type === 'SSE-C') {
    if (!customerKey) throw new DomainError('CustomerKeyMissing')
    if (!isSameText(customerKey.keyMd5, encryption.keyMd5)) throw new DomainError('CustomerKeyWrong', { of })
    return customerKey.key
  }
  if (customerKey) throw new DomainError('CustomerKeyNotNeeded')
  if (!encryption) return null
  return context.objectKeys.open(encryption)
}

/** The same encryption with its key under the newest master key, or null when nothing is to be done. */
export function resealEncryption(
  { objectKeys }: Pick<ServiceContext, 'objectKeys'>,
  encryption: ObjectEncryption | undefined,
): ObjectEncryption | null {
  if (encryption?.type !== 'SSE-S3') return null
  const sealedKey = objectKeys.reseal(encryption)
  return sealedKey === null ? null : { ...encryption, sealedKey }
}

function isSameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
