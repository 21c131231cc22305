/** Why an access key does not count: there is none of that id, it was switched off, or its time is over. */
export type KeyRefusal =
  | { readonly why: 'unknown' | 'inactive' }
  /** `at`: epoch milliseconds. */
  | { readonly why: 'expired'; readonly at: number }

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
