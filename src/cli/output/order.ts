/** Orders texts by their characters' code points, which for characters beyond U+FFFF is not JavaScript's own order. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    if (a.charCodeAt(at) !== b.charCodeAt(at)) {
      // Step back to where the character begins when the difference is in the second half of a pair.
      const isSecondHalf = at > 0 && (a.charCodeAt(at) & 0xfc00) === 0xdc00
      const start = isSecondHalf && (a.charCodeAt(at - 1) & 0xfc00) === 0xd800 ? at - 1 : at
      return (a.codePointAt(start) ?? 0) - (b.codePointAt(start) ?? 0)
    }
  }
  return a.length - b.length
}
