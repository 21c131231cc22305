import type { EncryptionRequest } from '../encryption/encryption-request.ts'
import type { ObjectDescription } from '../records/object.ts'

/** What an object will have besides its bytes; without `retention` the bucket's default, if it has one. */
export interface ObjectAttributes extends ObjectDescription {
  /** Absent: the bucket's default encryption, if it has one. */
  readonly encryption?: EncryptionRequest
}
