import { compileWildcard, hasWildcard } from './wildcard.ts'

/** Makes a test for texts that match one of the patterns; those without wildcards cost no more however many they are. */
export function compilePatterns(patterns: readonly string[]): (text: string) => boolean {
  const texts = new Set(patterns.filter((pattern) => !hasWildcard(pattern)))
  const tests = [...new Set(patterns)].filter(hasWildcard).map(compileWildcard)
  return (text) => texts.has(text) || tests.some((matches) => matches(text))
}
