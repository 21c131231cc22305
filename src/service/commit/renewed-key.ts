import type { Entry } from '../../storage/metadata-store.ts'
import type { CredentialState } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import type { FoundCredential } from '../credentials/access-cache.ts'
import { findCredential } from '../credentials/find-credential.ts'
import { stoppedKey } from '../credentials/refused-key.ts'
import { credentialCodec } from '../records/credential.ts'
import { credentialChecks } from './credential-checks.ts'

/**
 * The key of a change as it is now, with the role that it took; null: as it was. `entries`: the rows of {@link credentialChecks}, in their order. Throws
 * `AccessKeyStopped` when it is gone, was switched off, or ended.
 */
export function renewedKey(
  context: ServiceContext,
  known: CredentialState,
  entries: readonly (Entry | null | undefined)[],
): FoundCredential | null {
  const { session = null } = known
  const [entry] = entries
  // What is gone ends a session, which is told so; a key is then one that nobody knows.
  if (session === null && !entry) throw stoppedKey({ why: 'unknown' })
  if (credentialChecks(known).every(({ version }, at) => version === entries[at]?.version)) return null
  const accessKeyId = session || !entry ? '' : credentialCodec.decode(entry.value).accessKeyId
  const { credential, refusal } = findCredential(context, { accessKeyId, session }, entries)
  if (!credential) throw stoppedKey(refusal ?? { why: 'unknown' })
  return credential
}
