import type { TextTest } from './matching-work.ts'
import { Segment } from './wildcard-segment.ts'

/** To look at a text's ends, in units of matching; and characters that are compared in the time of one, as a power of two. */
const TEST_UNITS = 3
const COMPARED_OF_UNIT_LOG = 4

/**
 * Makes a test for texts that match `pattern`, in which `*` stands for any characters and `?` for exactly one.
 *
 * Whatever the pattern and the text, a test costs no more than the two are long together: the text between two `*` is looked for once,
 * from where the one before it ended, and the place that was found first is never given up again. Only long texts between two `*` that
 * hold a `?` cost more, a 32nd of the product.
 */
export function compileWildcard(pattern: string): TextTest {
  if (!hasWildcard(pattern)) return (text) => text === pattern
  const parts = pattern.split('*')
  const [first = '', ...others] = parts
  const head = new Segment(first)
  if (others.length === 0) return (text) => text.length === head.length && head.isAt(text, 0)
  const tail = new Segment(others.pop() ?? '')
  const middle = others.filter((part) => part !== '').map((part) => new Segment(part))
  const charactersMin = middle.reduce((sum, { length }) => sum + length, head.length + tail.length)
  const units = TEST_UNITS + ((head.length + tail.length) >> COMPARED_OF_UNIT_LOG)
  return (text, work) => {
    work?.spend(units)
    if (text.length < charactersMin) return false
    const end = text.length - tail.length
    // The tails of a policy's patterns differ more often than their heads, which name its bucket.
    if (!tail.isAt(text, end) || !head.isAt(text, 0)) return false
    let from = head.length
    for (const segment of middle) {
      const at = segment.find(text, from, end, work)
      if (at < 0) return false
      from = at + segment.length
    }
    return true
  }
}

/** Whether a pattern stands for more than one text. */
export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?')
}
