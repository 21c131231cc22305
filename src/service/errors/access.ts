import type { NoFields } from './no-fields.ts'

/** What a caller may not do, and what an ACL or a policy may not say. */
export interface AccessErrors {
  AccessDenied: NoFields
  /** Nobody knows who wants other headers in the response. */
  AnonymousOverrides: NoFields
  /** The bucket's policy has too many long patterns to be held against all that the request names. */
  PolicyTooCostly: NoFields
  /** `problem`: a sentence about the document, in the words of policies. */
  MalformedPolicy: { readonly problem: string }
  /** The bucket owner owns all objects, so that ACLs say nothing. */
  AclsNotInForce: NoFields
  /** A new bucket with such an owner and an ACL that gives something to others. */
  BucketAclNotInForce: NoFields
  /** A new bucket that blocks public ACLs, with one. */
  PublicBucketAclBlocked: NoFields
  TooManyGrants: { readonly countMax: number }
  /** An ACL gives something to an account that there is not. */
  NoSuchGrantee: { readonly canonicalUserId: string }
  /** An ACL gives something to whoever has an e-mail address: accounts have none. */
  GranteeByEmail: NoFields
  /** An ACL of an object in a Lightsail bucket that could not do what it says. */
  AclWithoutEffect: { readonly reason: 'not-public-read' | 'overrides-not-allowed' }
}
