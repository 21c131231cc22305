/** A secret encrypted for storage: a self-describing text, safe to write anywhere. */
export type SealedSecret = string

/** Encrypts secrets before they reach a store, and decrypts them for the moment they are needed. */
export interface SecretVault {
  /** `purpose` (the access key id, say) is bound to the ciphertext: opening with another purpose fails. */
  seal(secret: string, purpose: string): SealedSecret
  /** Throws when the text was changed, sealed for another purpose, or under a master key that is not here. */
  open(sealed: SealedSecret, purpose: string): string
  /** The same secret under the newest master key, or null when it is sealed with that one. Throws as `open` does. */
  reseal(sealed: SealedSecret, purpose: string): SealedSecret | null
}
