import { SigningKeyCache } from '../auth/signing-key-cache.ts'
import type { ExchangeHandler, OperationWatch } from '../api/exchange.ts'
import type { ServiceContext } from '../service/context.ts'
import type { ServerFacts } from './server-facts.ts'
import type { KeyUseMeter } from '../service/key-uses/key-use-meter.ts'
import { detectApi } from './detect-api.ts'
import { LIGHTSAIL_API, LUGSAIL_API } from './json-api.ts'
import { createJsonHandler } from './json-handler.ts'
import { createStsHandler } from './sts/sts-handler.ts'
import type { WebIdentities } from './sts/web-identity/web-identities.ts'

interface ControlOptions {
  readonly service: ServiceContext
  readonly keyUses: Pick<KeyUseMeter, 'flush'>
  readonly server: ServerFacts
  /** Shared with the data plane, where there is one. */
  readonly signingKeys?: SigningKeyCache
  /** Whose tokens of other issuers are looked at by; its own when absent. */
  readonly webIdentities?: WebIdentities
  readonly onOperation?: OperationWatch | undefined
}

/** Answers the APIs of the control plane: what is neither STS nor Lugsail's own is Lightsail's. Only a failure to write the response rejects. */
export function createControlHandler(options: ControlOptions): ExchangeHandler {
  const { service, keyUses, server, signingKeys = new SigningKeyCache(), onOperation } = options
  const dependencies = { service, keyUses, server, signingKeys, onOperation }
  let loaded = options.webIdentities
  const webIdentities = async (): Promise<WebIdentities> => (loaded ??= await loadWebIdentities(service))
  const sts = createStsHandler({ service, signingKeys, webIdentities, onOperation })
  const handlers = {
    lightsail: createJsonHandler(LIGHTSAIL_API, dependencies),
    lugsail: createJsonHandler(LUGSAIL_API, dependencies),
    sts,
  }
  return (exchange) => handlers[detectApi(exchange.request) ?? 'lightsail'](exchange)
}

/** Few servers are shown tokens of other issuers: what reads them is loaded by the first. */
async function loadWebIdentities({ clock, settings }: ServiceContext): Promise<WebIdentities> {
  const { WebIdentities } = await import('./sts/web-identity/web-identities.ts')
  return new WebIdentities({ clock, keyOrigins: settings.webIdentityKeyOrigins })
}
