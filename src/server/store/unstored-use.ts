import type { ExchangeLog } from '../../base/exchange.ts'

/** Tells the log that it could not be stored when keys were last used. */
export const unstoredUse =
  (log: Pick<ExchangeLog, 'warn' | 'error'>) =>
  (error: unknown, isTriedAgain: boolean): void =>
    isTriedAgain
      ? log.warn({ error }, 'when keys were last used could not be stored; it is tried again')
      : log.error({ error }, 'when keys were last used could not be stored')
