import type { ServiceContext } from '../context.ts'
import { credentialKey } from '../keyspace.ts'
import { credentialCodec } from '../records/credential.ts'
import type { CredentialRecord } from '../records/credential.ts'
import { mintAccessKey } from './mint-access-key.ts'
import type { AccessKeyPair } from './mint-access-key.ts'

type Minted = 'accessKeyId' | 'secret' | 'status' | 'createdAt'
type WithoutMinted<R> = R extends CredentialRecord ? Omit<R, Minted> : never
/** Whose access key is to be made. */
type CredentialOwner = WithoutMinted<CredentialRecord>

interface NewCredential {
  readonly pair: AccessKeyPair
  readonly createdAt: number
  /** What the commit that makes it must check and set. */
  readonly check: { readonly key: Buffer; readonly version: null }
  readonly set: { readonly key: Buffer; readonly value: Buffer }
}

/** Mints an access key, unless there is a pair already, and seals its secret; it exists once `set` is committed together with `check`. */
export function newCredential(
  context: ServiceContext,
  owner: CredentialOwner,
  pair: AccessKeyPair = mintAccessKey(),
): NewCredential {
  const { accessKeyId } = pair
  const createdAt = context.clock.now()
  const secret = context.vault.seal(pair.secretAccessKey, accessKeyId)
  const key = credentialKey(accessKeyId)
  const value = credentialCodec.encode({ ...owner, accessKeyId, secret, status: 'Active', createdAt })
  return { pair, createdAt, check: { key, version: null }, set: { key, value } }
}
