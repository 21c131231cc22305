import type { ExchangeHandler, OperationWatch } from '../../api/exchange.ts'
import { VERSION } from '../../base/version.ts'
import type { AuditLogReader } from '../../control/server-facts.ts'
import { createControlHandler } from '../../control/control-handler.ts'
import { createS3Handler } from '../../s3/handler.ts'
import type { ServiceContext } from '../../service/context.ts'
import type { KeyUseMeter } from '../../service/key-uses/key-use-meter.ts'

/** The two protocols over one context. */
export interface Apis {
  readonly control: ExchangeHandler
  readonly s3: ExchangeHandler
}

/** Composes both protocols; what `keyUses` gathered is written before it is shown, and the first account is shown what `auditLog` reads; null: none is kept. */
export const createApis = (
  context: ServiceContext,
  keyUses: Pick<KeyUseMeter, 'flush'>,
  auditLog: AuditLogReader | null,
  onOperation?: OperationWatch,
): Apis => ({
  control: createControlHandler({
    service: context,
    keyUses,
    server: { version: VERSION, auditLog },
    onOperation,
  }),
  s3: createS3Handler({ context, onOperation }),
})
