import type { Exchange } from '../../api/exchange.ts'
import type { ServiceContext } from '../../service/context.ts'
import type { FoundCredential } from '../../service/credentials/access-cache.ts'
import type { WebIdentities } from './web-identity/web-identities.ts'

/** A call of STS on its way to its operation. */
export interface StsCall {
  readonly service: ServiceContext
  readonly exchange: Exchange
  readonly webIdentities: () => Promise<WebIdentities>
}

/** One that is signed, by this key. */
export interface SignedStsCall extends StsCall {
  readonly credential: FoundCredential
}
