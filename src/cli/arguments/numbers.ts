import { toInteger } from '../../client/values.ts'

/** Reads an integer as typed: an optional sign, digits, single underscores between them, space around. */
export function parseInteger(text: string): number | bigint | undefined {
  const digits = text.trim()
  return /^[-+]?\d+(_\d+)*$/.test(digits)
    ? toInteger(digits.replaceAll('_', '').replace(/^\+/, ''))
    : undefined
}
