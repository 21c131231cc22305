import type { Exchange } from '../../api/exchange.ts'
import type { KeyUse } from '../../service/key-uses/key-use-meter.ts'

/** Errors by which a request is refused for what its key may not do; whatever else goes wrong with it is no refusal. */
const REFUSALS: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException'])

/** What a finished request says of the use of its key; null when nobody proved to have one. */
export function keyUseOf({ facts, client, request, receivedAt }: Exchange): KeyUse | null {
  const { signer, errorCode, requestBodyBytes = 0, responseBodyBytes = 0 } = facts
  const accessKeyId = signer?.accessKeyId ?? null
  if (!signer || accessKeyId === null) return null
  return {
    accountId: signer.accountId,
    accessKeyId,
    address: client.address,
    agent: request.headers['user-agent'],
    at: receivedAt,
    receivedBytes: requestBodyBytes,
    sentBytes: responseBodyBytes,
    isRefused: signer.isStopped || (errorCode !== undefined && REFUSALS.has(errorCode)),
  }
}
