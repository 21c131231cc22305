import type { PayloadHash } from './payload-hash.ts'
import type { SigningScope } from './signing-key.ts'

/** What a request says about who sent it; nothing of it is verified yet. */
export type Authentication = AnonymousAuthentication | SignedAuthentication

/** A URL presigned by version 2, well formed: who signed names no region and no time. */
export interface Version2Authentication {
  readonly type: 'query-version-2'
  readonly accessKeyId: string
  /** As it came; base64 where it is one. */
  readonly signature: string
  /** Seconds since the epoch, as signed. */
  readonly expires: string
  /** The same in epoch milliseconds. */
  readonly expiresAt: number
  readonly payload: PayloadHash
  readonly sessionToken?: string
}

interface AnonymousAuthentication {
  readonly type: 'anonymous'
  readonly payload: PayloadHash
}

/** A signature as it was found, well formed; whether it is right is for `verifyAuthentication`. */
export interface SignedAuthentication {
  /** Where the signature was found. */
  readonly type: 'header' | 'query'
  readonly accessKeyId: string
  readonly scope: SigningScope
  /** Lower-case names joined by `;`, in the order of the signature. */
  readonly signedHeaders: string
  /** 64 lower-case hexadecimal digits; in a query, whatever stands in their place. */
  readonly signature: string
  /** The signature's time as signed, `20130524T000000Z`. */
  readonly timestamp: string
  /** The same in epoch milliseconds. */
  readonly signedAt: number
  /** Presigned only: seconds after `signedAt` in which the URL is valid, 0 to 604800. */
  readonly expiresSeconds?: number
  /** Null where the service's rules sign the body itself. */
  readonly payload: PayloadHash | null
  readonly sessionToken?: string
}
