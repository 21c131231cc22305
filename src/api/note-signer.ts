import type { FoundCredential } from '../service/credentials/access-cache.ts'
import type { ExchangeFacts } from './exchange.ts'

type Signer = Pick<FoundCredential, 'accessKeyId' | 'principal' | 'usedKeyId'>

/**
 * Notes whose key made a signature that was right, and of temporary credentials what they were taken from: what they do is a use of that key. `isStopped`:
 * the key is Inactive or over, and the request refused for that.
 */
export function noteSigner(
  facts: ExchangeFacts,
  { accessKeyId, principal, usedKeyId }: Signer,
  isStopped = false,
): void {
  const { accountId } = principal
  facts.signer = { accountId, accessKeyId: usedKeyId, principal, isStopped }
  if (accessKeyId === usedKeyId) return
  if (usedKeyId !== null) facts.parentAccessKeyId = usedKeyId
  if (principal.type === 'role') facts.session = `${principal.name}/${principal.sessionName}`
}
