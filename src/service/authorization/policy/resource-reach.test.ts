import assert from 'node:assert/strict'
import { it } from 'node:test'
import { SeededRandom } from '../../../../test/seeded-random.ts'
import { coversBucket, reachesBucket } from './resource-reach.ts'
import { compileWildcard } from './wildcard.ts'

/** All texts of a few letters up to a length, in which keys of a bucket are. */
function textsOf(letters: readonly string[], lengthMax: number): string[] {
  const texts = ['']
  for (let from = 0, length = 0; length < lengthMax; length++) {
    const to = texts.length
    for (const text of texts.slice(from, to)) texts.push(...letters.map((letter) => text + letter))
    from = to
  }
  return texts
}

it('reaches what it matches in a bucket, the bucket itself or any key, and nothing else', () => {
  const random = new SeededRandom()
  const keys = textsOf(['a', 'b', '/'], 4)
  for (let round = 0; round < 400; round++) {
    const pattern = Array.from({ length: 1 + random.below(5) }, () =>
      random.oneOf(['a', 'b', '/', '*', '?']),
    ).join('')
    for (const bucket of ['a', 'ab', 'ba']) {
      const matches = compileWildcard(pattern)
      const texts = [bucket, ...keys.map((key) => `${bucket}/${key}`)]
      const where = `seed ${random.seed}: ${pattern} and ${bucket}`
      assert.equal(
        reachesBucket(pattern, bucket),
        texts.some((text) => matches(text, null)),
        where,
      )
      if (coversBucket(pattern, bucket))
        assert.ok(
          texts.every((text) => matches(text, null)),
          where,
        )
    }
  }
  assert.deepEqual(
    ['*', 'a*', 'ab', 'ab*', 'ab/*', 'ab/x'].map((pattern) => coversBucket(pattern, 'ab')),
    [true, true, false, true, false, false],
  )
})
