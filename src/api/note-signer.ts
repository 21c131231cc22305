import type { FoundCredential } from '../service/credentials/access-cache.ts'
import type { ExchangeFacts } from './exchange.ts'

/** Notes whose key made a signature that was right; `isStopped`: the key is Inactive or over, and the request refused for that. */
export function noteSigner(
  facts: ExchangeFacts,
  { record, principal }: FoundCredential,
  isStopped = false,
): void {
  const { accountId, accessKeyId } = record
  facts.signer = { accountId, accessKeyId, principal, isStopped }
}
