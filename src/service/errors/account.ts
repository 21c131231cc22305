/** Of accounts and their root keys. */
export interface AccountErrors {
  /** `account`: a name or an id. */
  NoSuchAccount: { readonly account: string }
  AccountExists: { readonly accountName: string }
  InvalidAccountName: { readonly accountName: string }
  /** The first account looks after the others: no key deletes it, a command of the server does. */
  FirstAccountStays: { readonly accountName: string }
  AccountOwnsBuckets: { readonly accountName: string }
  /** `firstAccountName`: who may. */
  AccountMayNotManage: { readonly accountName: string; readonly firstAccountName: string }
  LastRootKey: { readonly accountName: string }
  /** `accessKeyId`: absent, where the one that retires was meant and there is none. */
  NoSuchRootKey: { readonly accountName: string; readonly accessKeyId?: string | undefined }
}
