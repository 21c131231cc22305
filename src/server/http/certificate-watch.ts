import { DAY_MS } from '../../base/milliseconds.ts'
import type { Clock } from '../../base/clock.ts'
import type { ExchangeLog } from '../../base/exchange.ts'

/** When a certificate can be used, in epoch milliseconds. */
interface Validity {
  readonly from: number
  readonly until: number
}

/** A certificate of months should have been renewed by then. */
const SOON_MS = 14 * DAY_MS
/** One of days is renewed later: it is late in the last part of its life. */
const SOON_SHARE = 1 / 4

/** Says in the log that the certificate in use has expired, or is about to, or is not valid yet; nothing while all is well. */
export function reportCertificate(
  { from, until }: Validity,
  { clock, log }: { readonly clock: Clock; readonly log: Pick<ExchangeLog, 'warn' | 'error'> },
): void {
  const now = clock.now()
  const fields = { validUntil: new Date(until).toISOString() }
  const soonMs = Math.min(SOON_MS, (until - from) * SOON_SHARE)
  if (now >= until) log.error(fields, 'the TLS certificate has expired: clients refuse to connect')
  else if (now < from)
    log.error(
      { validFrom: new Date(from).toISOString() },
      'the TLS certificate is not valid yet: clients refuse to connect',
    )
  else if (until - now < soonMs)
    log.warn({ ...fields, days: Math.floor((until - now) / DAY_MS) }, 'the TLS certificate expires soon')
}
