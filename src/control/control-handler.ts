import { SigningKeyCache } from '../auth/signing-key-cache.ts'
import type { ExchangeHandler } from '../base/exchange.ts'
import type { AccessKeyUses } from '../service/access-keys/access-key-uses.ts'
import type { ServiceContext } from '../service/context.ts'
import { detectApi } from './detect-api.ts'
import { createLightsailHandler } from './lightsail-handler.ts'
import { createStsHandler } from './sts/sts-handler.ts'

interface ControlOptions {
  readonly service: ServiceContext
  readonly accessKeyUses: AccessKeyUses
  /** Shared with the data plane, where there is one. */
  readonly signingKeys?: SigningKeyCache
}

/** Answers the APIs of the control plane: whatever is not STS is Lightsail's. Only a failure to write the answer rejects. */
export function createControlHandler(options: ControlOptions): ExchangeHandler {
  const { service, accessKeyUses, signingKeys = new SigningKeyCache() } = options
  const lightsail = createLightsailHandler({ service, accessKeyUses, signingKeys })
  const sts = createStsHandler({ service, signingKeys })
  return (exchange) => (detectApi(exchange.request) === 'sts' ? sts(exchange) : lightsail(exchange))
}
