import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { writeJson } from '../../client/json/write.ts'
import { compile } from './compile.ts'

/** As Python defines it: the indices are start, start + step, … before stop, where the ends are brought into bounds first. */
function sliced(
  list: readonly number[],
  start: number | null,
  stop: number | null,
  step: number,
): readonly number[] {
  const [low, high] = step > 0 ? [0, list.length] : [-1, list.length - 1]
  const bounded = (index: number | null, otherwise: number): number => {
    if (index === null) return otherwise
    const fromStart = index < 0 ? index + list.length : index
    return fromStart < low ? low : fromStart > high ? high : fromStart
  }
  const first = bounded(start, step > 0 ? low : high)
  const end = bounded(stop, step > 0 ? high : low)
  const found: number[] = []
  for (let at = first; step > 0 ? at < end : at > end; at += step) found.push(list[at] ?? NaN)
  return found
}

describe('a slice of a list', () => {
  it('has what Python’s has, for all ends and steps', () => {
    const ends = [null, ...Array.from({ length: 13 }, (_, at) => at - 6)]
    for (let length = 0; length <= 5; length++) {
      const list = Array.from({ length }, (_, at) => at)
      for (const start of ends)
        for (const stop of ends)
          for (const step of [null, 1, 2, 3, -1, -2, -3]) {
            const expression = `[${start ?? ''}:${stop ?? ''}${step === null ? '' : `:${step}`}]`
            const expected = sliced(list, start, stop, step ?? 1)
            assert.equal(
              writeJson(compile(expression).search(list)),
              writeJson([...expected]),
              `${expression} of ${length}`,
            )
          }
    }
  })

  it('of what is no list is nothing, and a step of nothing is refused', () => {
    assert.equal(compile('[0:1]').search('text'), null)
    assert.throws(() => compile('[::0]').search([1]))
  })
})

describe('a query', () => {
  it('nests 200 deep at most', () => {
    const nested = (depth: number) => compile(`${'!'.repeat(depth - 1)}a`)
    nested(200)
    assert.throws(() => nested(201), /nested too deeply: Parse error at column 200/)
  })
})
