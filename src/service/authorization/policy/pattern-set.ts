import type { TextTest } from './matching-work.ts'
import { compilePrefixes } from './prefix-set.ts'
import { compileWildcard, hasWildcard } from './wildcard.ts'

/** Makes a test for texts that match one of the patterns; those without wildcards, or with one `*` at their end, cost no more however many they are. */
export function compilePatterns(patterns: readonly string[]): TextTest {
  const texts = new Set(patterns.filter((pattern) => !hasWildcard(pattern)))
  const wild = [...new Set(patterns)].filter(hasWildcard)
  const hasPrefix = compilePrefixes(wild.filter(isPrefix).map((pattern) => pattern.slice(0, -1)))
  const tests = wild.filter((pattern) => !isPrefix(pattern)).map(compileWildcard)
  return (text, work) =>
    texts.has(text) || hasPrefix(text, work) || tests.some((matches) => matches(text, work))
}

const isPrefix = (pattern: string): boolean => !hasWildcard(pattern.slice(0, -1)) && pattern.endsWith('*')
