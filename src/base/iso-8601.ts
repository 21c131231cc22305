const FORM = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?)?$/

/**
 * Epoch milliseconds of `2016-11-22`, `2016-11-22T12:16:31Z`, with a fraction of a second, or with an offset such as `+01:00`; null for
 * anything else. Without an offset it is UTC, whatever the machine's own time zone is. Fractions beyond milliseconds are dropped.
 */
export function parseIso8601(text: string): number | null {
  const match = FORM.exec(text)
  if (!match) return null
  const [, day = '', time, fraction = '', zone = 'Z'] = match
  const midnight = Date.parse(`${day}T00:00:00Z`)
  // Days that the month does not have would roll over silently.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return null
  if (time === undefined) return midnight
  const seconds = time.length === 5 ? `${time}:00` : time
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone
  const epochMs = Date.parse(`${day}T${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`)
  return Number.isNaN(epochMs) ? null : epochMs
}
