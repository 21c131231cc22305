/** Why an access key does not count: there is none of that id, it was switched off, or its time is over. */
export type KeyRefusal =
  | { readonly why: 'unknown' | 'inactive' }
  /** `at`: epoch milliseconds. */
  | { readonly why: 'expired'; readonly at: number }
  | SessionRefusal

/** Why temporary credentials do not count. */
type SessionRefusal =
  /** The token is none of this server's, or of another access key id. */
  | { readonly why: 'token-invalid' }
  /** `at`: epoch milliseconds. */
  | { readonly why: 'token-expired'; readonly at: number }
  /** What they were taken from does not count any more; `source` names it, `fault` says what is wrong with it. */
  | { readonly why: 'session-ended'; readonly source: string; readonly fault: string }

/** Of access keys. */
export interface AccessKeyErrors {
  /** The key that signed the request was deleted, switched off or ended before the change was committed. */
  AccessKeyStopped: KeyRefusal
  /** The bucket has no key of the id. */
  NoSuchAccessKey: { readonly bucketName: string }
  /** The other slot of the bucket has a key that stays: `accessKeyId`. */
  NoPlaceForSuccessor: { readonly bucketName: string; readonly accessKeyId: string }
  /** The bucket has as many keys as it may. */
  TooManyAccessKeys: { readonly bucketName: string }
}
