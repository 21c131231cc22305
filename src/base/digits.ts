/** A text of 1 to `lengthMax` digits as a number, or null for anything else; beyond safe integers it may lose precision. */
export function parseDigits(text: string, lengthMax: number): number | null {
  if (text.length < 1 || text.length > lengthMax) return null
  let value = 0
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return null
    value = value * 10 + digit
  }
  return value
}
