/** Whether `text` matches `pattern`, in which `*` stands for any characters and `?` for exactly one. At most pattern × text steps. */
export function matchesWildcard(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let starAt = -1
  let retryAt = 0
  while (t < text.length) {
    const symbol = pattern[p]
    if (symbol === '*') {
      starAt = p++
      retryAt = t
    } else if (symbol !== undefined && (symbol === '?' || symbol === text[t])) {
      p++
      t++
    } else if (starAt >= 0) {
      p = starAt + 1
      t = ++retryAt
    } else {
      return false
    }
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

/** Whether a pattern stands for more than one text. */
export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?')
}
