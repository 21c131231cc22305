import { toInteger } from '../../client/values.ts'

/** Reads an integer as typed: an optional sign, digits of any script, single underscores between them, space around. */
export function parseInteger(text: string): number | bigint | undefined {
  const digits = text.trim().replace(/(?![0-9])\p{Nd}/gu, digitValue)
  return /^[-+]?\d+(_\d+)*$/.test(digits)
    ? toInteger(digits.replaceAll('_', '').replace(/^\+/, ''))
    : undefined
}

/** Each script's digits follow one another from 0 to 9, and the ten before them, if any, are digits too. */
function digitValue(digit: string): string {
  let before = 0
  while (/\p{Nd}/u.test(String.fromCodePoint((digit.codePointAt(0) ?? 0) - before - 1))) before++
  return String(before % 10)
}
