import type { ServiceContext } from '../context.ts'
import { dayOf } from '../usage/daily-usage.ts'

/** The oldest day of which uses are kept, counted from 1970-01-01 UTC; today is the newest. */
export const oldestKeptDay = ({ clock, settings }: ServiceContext): number =>
  Math.max(0, dayOf(clock.now()) - settings.keyUseDays + 1)

/**
 * How many rows may tell of uses of an account's keys: on one day, where further users are not told apart then, and on all days together, where the oldest days
 * go first.
 */
export const keptRowsMax = ({ settings }: Pick<ServiceContext, 'settings'>): number =>
  settings.keyUseRowsPerAccountMax
