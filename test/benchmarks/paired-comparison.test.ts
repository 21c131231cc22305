import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { comparePaired, CONFIDENCE, placesOutside } from '../../benchmarks/report/paired-comparison.ts'
import { SeededRandom } from '../seeded-random.ts'

const random = new SeededRandom()
const LIMIT = 0.1

/** Rounds of a machine that is as slow as it likes in each, and meddles with both runs of it. */
const rounds = (count: number, ratio: number, noise: number) =>
  Array.from({ length: count }, () => {
    const machine = 1 + random.below(1_000) / 500
    const shaken = () => machine * Math.exp((random.below(2_001) / 1_000 - 1) * noise)
    return { own: ratio * shaken(), other: shaken() }
  })

const verdicts = (times: number, make: () => ReturnType<typeof rounds>) => {
  const counts = { slower: 0, faster: 0, alike: 0 }
  for (let time = 0; time < times; time++) counts[comparePaired(make(), LIMIT).verdict]++
  return counts
}

describe('comparing two builds', () => {
  it('tells the median of the ratios and the bounds of the sign test', () => {
    const costs = [1.3, 0.9, 1.1, 1.2, 1.25, 1.15, 1.4, 1.05].map((own) => ({ own: own * 3, other: 3 }))
    const { ratio, low, high } = comparePaired(costs, LIMIT)
    assert.deepEqual(
      [ratio, low, high].map((value) => Number(value.toFixed(4))),
      [1.1747, 1.05, 1.3],
    )
  })

  it('sets aside as many rounds at each side as a coin allows', () => {
    // P(no heads in 5) = 3.1 %, P(at most 1 in 8) = 3.5 %, P(at most 2 in 11) = 3.3 %, P(at most 5 in 20) = 2.1 %.
    assert.deepEqual([5, 7, 8, 10, 11, 20].map(placesOutside), [0, 0, 1, 1, 2, 5])
    assert.equal(CONFIDENCE, 0.95)
  })

  it(`finds a build that takes a fifth more on a machine that shakes, and one that takes a fifth less (seed ${random.seed})`, () => {
    assert.ok(verdicts(300, () => rounds(12, 1.2, 0.1)).slower > 270)
    assert.ok(verdicts(300, () => rounds(12, 1 / 1.2, 0.1)).faster > 270)
  })

  it(`finds nothing in equal builds, nor in one that takes 3 % more (seed ${random.seed})`, () => {
    assert.ok(verdicts(500, () => rounds(12, 1, 0.15)).slower <= 10)
    assert.equal(verdicts(300, () => rounds(20, 1.03, 0.02)).slower, 0)
  })

  it('is not moved by single rounds that went wrong', () => {
    const costs = rounds(9, 1, 0.01)
    costs[0] = { own: 50, other: 1 }
    costs[1] = { own: 80, other: 1 }
    assert.equal(comparePaired(costs, LIMIT).verdict, 'alike')
  })

  it('takes no median for sure that one half of the rounds contradicts', () => {
    const costs = [1.5, 1.5, 1.5, 1.5, 1.5, 0.7, 0.7, 0.7].map((own) => ({ own, other: 1 }))
    assert.equal(comparePaired(costs, LIMIT).verdict, 'alike')
  })

  it('refuses too few rounds, and runs that cost nothing that could be measured', () => {
    assert.throws(() => comparePaired(rounds(4, 1, 0), LIMIT), /at least 5 rounds are needed, got 4/)
    assert.throws(
      () => comparePaired([...rounds(5, 1, 0), { own: 1, other: 0 }], LIMIT),
      /a run cost 1 here and 0 there/,
    )
  })
})
