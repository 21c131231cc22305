import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SeededRandom } from '../../../../test/seeded-random.ts'
import { compilePatterns } from './pattern-set.ts'
import { compileWildcard } from './wildcard.ts'

/** What the matcher must agree with: tries every way to match, one character of the pattern after the other. */
function matchesSlowly(pattern: string, text: string): boolean {
  let reachable = new Set([0])
  for (const symbol of pattern) {
    const next = new Set<number>()
    for (const at of reachable) {
      if (symbol === '*') for (let to = at; to <= text.length; to++) next.add(to)
      else if (at < text.length && (symbol === '?' || symbol === text[at])) next.add(at + 1)
    }
    reachable = next
  }
  return reachable.has(text.length)
}

/** Texts that repeat themselves, since those are what searches go wrong on. */
function repetitive(random: SeededRandom, letters: readonly string[], lengthMax: number): string {
  const unit = Array.from({ length: 1 + random.below(5) }, () => random.oneOf(letters)).join('')
  const repeated = unit.repeat(1 + random.below(lengthMax / unit.length))
  return random.below(2) === 0 ? repeated : repeated + random.oneOf(letters)
}

describe('compileWildcard', () => {
  const table: readonly [pattern: string, text: string, matches: boolean][] = [
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['**', 'anything', true],
    ['?', '', false],
    ['?', 'a', true],
    ['?*', 'a', true],
    ['*?', '', false],
    ['a*', 'abc', true],
    ['*c', 'abc', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*b?d*', 'abcde', true],
    ['mine/*', 'mine/', true],
    ['mine/*', 'mine', false],
    ['*.example.com/*', 'https://a.example.com/', true],
    ['*a*a*a*b', 'aaaaaaaaaa', false],
    ['a.c', 'abc', false],
    ['[a]', 'a', false],
  ]
  for (const [pattern, text, matches] of table)
    it(`lets ${JSON.stringify(pattern)} ${matches ? 'match' : 'not match'} ${JSON.stringify(text)}`, () => {
      assert.equal(compileWildcard(pattern)(text, null), matches)
    })

  it('agrees with trying every way, for random patterns and texts', () => {
    const random = new SeededRandom()
    for (let round = 0; round < 5_000; round++) {
      const pattern = repetitive(random, ['a', 'b', 'a', '?', '*'], 16)
      const text = repetitive(random, ['a', 'b'], 24)
      const where = `seed ${random.seed}: ${pattern} and ${text}`
      assert.equal(compileWildcard(pattern)(text, null), matchesSlowly(pattern, text), where)
    }
  })

  it('agrees with trying every way, for long pieces between two stars', () => {
    const random = new SeededRandom()
    let matching = 0
    for (let round = 0; round < 300; round++) {
      const text = repetitive(random, ['a', 'b'], 300)
      const at = random.below(text.length)
      const piece = text
        .slice(at, at + 10 + random.below(120))
        .replaceAll(/./g, (letter) => (random.below(round % 3 === 0 ? 8 : 1e9) === 0 ? '?' : letter))
      const changed = random.below(2) === 0 ? piece : piece + random.oneOf(['a', 'b', '?a'])
      const pattern = `${text.slice(0, random.below(3))}*${changed}*${random.oneOf(['', 'a', 'b*'])}`
      const expected = matchesSlowly(pattern, text)
      matching += Number(expected)
      assert.equal(
        compileWildcard(pattern)(text, null),
        expected,
        `seed ${random.seed}: ${pattern} and ${text}`,
      )
    }
    assert.ok(matching > 30 && matching < 285, `${matching} of 300 match`)
  })
})

describe('compilePatterns', () => {
  it('accepts what any of the patterns matches, and nothing without patterns', () => {
    const matches = compilePatterns(['a', 'b*', '*c?'])
    const texts = ['a', 'ab', 'bx', 'xcx', 'xc', '']
    assert.deepEqual(
      texts.map((text) => matches(text, null)),
      [true, false, true, true, false, false],
    )
    assert.equal(compilePatterns([])('', null), false)
  })

  it('agrees with each pattern on its own, for many prefixes of which some begin with others', () => {
    const random = new SeededRandom()
    for (let round = 0; round < 500; round++) {
      const patterns = Array.from({ length: random.below(12) }, () =>
        random
          .oneOf([repetitive(random, ['a', 'b', 'ä'], 8), '', 'a?'])
          .concat(random.oneOf(['*', '*', '*', '', '**'])),
      )
      const text = repetitive(random, ['a', 'b', 'ä'], 10)
      const expected = patterns.some((pattern) => matchesSlowly(pattern, text))
      assert.equal(
        compilePatterns(patterns)(text, null),
        expected,
        `seed ${random.seed}: ${patterns.join()} and ${text}`,
      )
    }
  })
})
