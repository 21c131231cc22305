import type { ExchangeHandler, OperationWatch } from '../../api/exchange.ts'
import type { ExchangeLog } from '../../base/exchange.ts'
import { VERSION } from '../../base/version.ts'
import type { AuditLogReader } from '../../control/server-facts.ts'
import { createControlHandler } from '../../control/control-handler.ts'
import { createS3Handler } from '../../s3/handler.ts'
import { AccessKeyUses } from '../../service/access-keys/access-key-uses.ts'
import type { ServiceContext } from '../../service/context.ts'
import type { KeyUseMeter } from '../../service/key-uses/key-use-meter.ts'

/** The two protocols over one context. */
export interface Apis {
  readonly control: ExchangeHandler
  readonly s3: ExchangeHandler
  /** Stores what they gathered in memory so far. */
  readonly flush: () => Promise<void>
  /** Stores what they gathered in memory (when keys were last used); for the end of the process, while the stores are open. */
  readonly close: () => Promise<void>
}

/** Composes both protocols; `log` hears of background writes that failed, what `keyUses` gathered is written before it is shown, and the first account is shown what `auditLog` reads; null: none is kept. */
export function createApis(
  context: ServiceContext,
  log: ExchangeLog,
  keyUses: Pick<KeyUseMeter, 'flush'>,
  auditLog: AuditLogReader | null,
  onOperation?: OperationWatch,
): Apis {
  const accessKeyUses = new AccessKeyUses(context, (error) =>
    log.warn({ error }, 'when keys were last used could not be stored; it is tried again'),
  )
  return {
    control: createControlHandler({
      service: context,
      accessKeyUses,
      keyUses,
      server: { version: VERSION, auditLog },
      onOperation,
    }),
    s3: createS3Handler({ context, accessKeyUses, onOperation }),
    flush: () => accessKeyUses.flush(),
    close: () => accessKeyUses.close(),
  }
}
