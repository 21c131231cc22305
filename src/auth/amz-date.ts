/** Length of `20130524T000000Z`. */
const LENGTH = 16

/**
 * `20130524T000000Z`: the time form of signatures; parts of a second are dropped. Not made from `toISOString`, whose first call loads the
 * local time zone.
 */
export function formatAmzDate(epochMs: number): string {
  const date = new Date(epochMs)
  const day = `${date.getUTCFullYear()}${twoDigits(date.getUTCMonth() + 1)}${twoDigits(date.getUTCDate())}`
  const time = `${twoDigits(date.getUTCHours())}${twoDigits(date.getUTCMinutes())}${twoDigits(date.getUTCSeconds())}`
  return `${day}T${time}Z`
}

const twoDigits = (value: number): string => (value < 10 ? `0${value}` : String(value))

/** Epoch milliseconds of a text such as `20130524T000000Z`, or null when it is none. */
export function parseAmzDate(text: string): number | null {
  if (text.length !== LENGTH || text.charCodeAt(8) !== 0x54 || text.charCodeAt(15) !== 0x5a) return null
  const year = digits(text, 0, 4)
  const month = digits(text, 4, 6)
  const day = digits(text, 6, 8)
  const hour = digits(text, 9, 11)
  const minute = digits(text, 11, 13)
  const second = digits(text, 13, 15)
  if (!(month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 59)) return null
  const epochMs = Date.UTC(year, month - 1, day, hour, minute, second)
  // Date.UTC reads years below 100 as 19xx, and rolls over days that the month does not have.
  return year >= 100 && new Date(epochMs).getUTCDate() === day ? epochMs : null
}

/** Whether the text is eight digits, as a scope's date is. */
export function isScopeDate(text: string): boolean {
  return text.length === 8 && digits(text, 0, 8) >= 0
}

/** NaN when one of the characters is no digit. */
function digits(text: string, from: number, end: number): number {
  let value = 0
  for (let at = from; at < end; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return NaN
    value = value * 10 + digit
  }
  return value
}
