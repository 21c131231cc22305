import { createHmac, randomBytes } from 'node:crypto'
import { base32Letters } from '../../base/base-32.ts'

/** An access key that is made anew from a seed whenever it is asked for. */
export interface DerivedKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const ID_PREFIX = 'COSI'
const ID_DERIVED_LENGTH = 16
/** 240 bits, as long as Amazon's. */
const SECRET_LENGTH = 40
const SALT_BYTES = 16

/** What tells two keys of one name apart; it is no secret. */
export const newSalt = (): string => randomBytes(SALT_BYTES).toString('hex')

/**
 * The key of a name and a salt (docs/decisions/cosi-secrets.md): the id follows from the seed as well, so that a key of another seed, or one that was
 * rotated by hand, is known by its id. Who knows the seed knows the secrets of all.
 */
export function deriveKey(seed: string, name: string, salt: string): DerivedKey {
  const derive = (what: string): Buffer =>
    createHmac('sha256', seed)
      .update(JSON.stringify(['lugsail-cosi', what, salt, name]))
      .digest()
  return {
    accessKeyId: ID_PREFIX + base32Letters(derive('id').subarray(0, ID_DERIVED_LENGTH)),
    secretAccessKey: derive('secret').toString('base64url').slice(0, SECRET_LENGTH),
  }
}
