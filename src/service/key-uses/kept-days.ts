import type { ServiceContext } from '../context.ts'
import { dayOf } from '../usage/daily-usage.ts'

/** Days for which it is kept who used a key where the settings do not say. */
const KEY_USE_DAYS = 30

/** The oldest day of which uses are kept, counted from 1970-01-01 UTC; today is the newest. */
export function oldestKeptDay({ clock, settings }: ServiceContext): number {
  const { keyUseDays = KEY_USE_DAYS } = settings
  return Math.max(0, dayOf(clock.now()) - keyUseDays + 1)
}
