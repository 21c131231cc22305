/** Of application keys. */
export interface ApplicationKeyErrors {
  /** No key of the account, of whatever kind, has the id. */
  NoSuchKeyId: { readonly accessKeyId: string }
  NoSuchApplicationKey: { readonly keyName: string }
  ApplicationKeyExists: { readonly keyName: string }
  /** Some key of the server has the id that is brought along. */
  AccessKeyIdTaken: { readonly accessKeyId: string }
  TooManyApplicationKeys: { readonly count: number }
  /** What is said of a key cannot be so; `problem` names the member, in the words of its operation. */
  InvalidApplicationKey: { readonly problem: string }
}
