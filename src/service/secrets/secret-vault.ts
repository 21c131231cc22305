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
  /** A key for another use than records, the same at each call: made from the master key of that id, or from the newest. Null: there is no such master key. */
  deriveKey(use: string, masterKeyId?: string): DerivedKey | null
}

/** A key that is made from a master key. */
export interface DerivedKey {
  /** 8 hexadecimal digits. */
  readonly masterKeyId: string
  /** 32 bytes. */
  readonly key: Buffer
}
