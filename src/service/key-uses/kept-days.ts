import type { ServiceContext } from '../context.ts'
import { dayOf } from '../usage/daily-usage.ts'

/** Days for which it is kept who used a key where the settings do not say. */
const KEY_USE_DAYS = 30
/** Rows of an account where the settings do not say: some 250 bytes each. */
const ROWS_PER_ACCOUNT_MAX = 1_000_000

/** The oldest day of which uses are kept, counted from 1970-01-01 UTC; today is the newest. */
export function oldestKeptDay({ clock, settings }: ServiceContext): number {
  const { keyUseDays = KEY_USE_DAYS } = settings
  return Math.max(0, dayOf(clock.now()) - keyUseDays + 1)
}

/**
 * How many rows may tell of uses of an account's keys: on one day, where further users are not told apart then, and on all days together, where the oldest days
 * go first.
 */
export const keptRowsMax = ({ settings }: Pick<ServiceContext, 'settings'>): number =>
  settings.keyUseRowsPerAccountMax ?? ROWS_PER_ACCOUNT_MAX
