import type { TextTest } from './matching-work.ts'

/** To find one among thousands, in units of matching. */
const SEARCH_UNITS = 8
const ONE_UNITS = 1

/** Makes a test for texts that begin with one of the prefixes, of which there may be many: policies name folders. */
export function compilePrefixes(prefixes: readonly string[]): TextTest {
  const shortest = withoutLonger(prefixes)
  const [first, ...others] = shortest
  if (first === undefined) return () => false
  if (others.length === 0)
    return (text, work) => {
      work?.spend(ONE_UNITS)
      return text.startsWith(first)
    }
  return (text, work) => {
    work?.spend(SEARCH_UNITS)
    const last = lastUpTo(shortest, text)
    return last !== undefined && text.startsWith(last)
  }
}

/**
 * In order, without those that begin with another one. Of such, a text that begins with one has no other between that one and itself: all that
 * lies there begins with it.
 */
function withoutLonger(prefixes: readonly string[]): string[] {
  const shortest: string[] = []
  for (const prefix of prefixes.toSorted()) {
    const last = shortest.at(-1)
    if (last === undefined || !prefix.startsWith(last)) shortest.push(prefix)
  }
  return shortest
}

/** The last text that is not greater. */
function lastUpTo(sorted: readonly string[], text: string): string | undefined {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >> 1
    if ((sorted[middle] ?? '') <= text) from = middle + 1
    else to = middle
  }
  return sorted[from - 1]
}
