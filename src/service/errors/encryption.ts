import type { NoFields } from './no-fields.ts'

/** Of encrypted objects and uploads. */
export interface EncryptionErrors {
  /** A new object under a customer's key and the server's at once. `method`: what the server's is called. */
  TwoEncryptions: { readonly method: string }
  /** It is encrypted with a customer's key, which the request does not have. */
  CustomerKeyMissing: NoFields
  /** It is encrypted with another key. `of`: whoever reads an object with it is not let in; parts of one upload have one key. */
  CustomerKeyWrong: { readonly of: 'object' | 'upload' }
  /** It is not encrypted with a customer's key. */
  CustomerKeyNotNeeded: NoFields
  /** The bucket takes no new objects under customers' keys. */
  CustomerKeysBlocked: NoFields
  /** The upload was begun without what is asked for. */
  UploadEncryptionDiffers: NoFields
}
