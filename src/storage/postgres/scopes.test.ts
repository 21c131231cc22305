import assert from 'node:assert/strict'
import { it } from 'node:test'
import { prefixEnd } from '../../base/key.ts'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { scopeOfRange, scopesOfKey } from './scopes.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

it('every key of a range lies in the scope of the range', (t) => {
  const random = new SeededRandom()
  t.diagnostic(`seed ${random.seed}`)
  const bytes = (length: number) =>
    Buffer.from(Array.from({ length }, () => random.oneOf([0, 1, 0xfe, 0xff])))
  for (let round = 0; round < 20_000; round++) {
    const stem = bytes(random.below(20))
    const [a, b, key] = [0, 1, 2]
      .map(() => Buffer.concat([stem, bytes(random.below(4))]))
      .sort((left, right) => left.compare(right))
    assert.ok(a && b && key)
    const ends = [key, prefixEnd(a) ?? key]
    for (const end of ends) {
      const isInside = Buffer.compare(a, b) <= 0 && Buffer.compare(b, end) < 0
      if (isInside)
        assert.ok(
          scopesOfKey(b)
            .map(hex)
            .includes(hex(scopeOfRange({ start: a, end }))),
        )
    }
  }
})

it('the range behind a prefix has the scope of the whole prefix', () => {
  const prefix = Buffer.alloc(40, 'a')
  assert.equal(scopeOfRange({ start: prefix, end: Buffer.from(`${'a'.repeat(39)}b`) }).length, 40)
  assert.equal(scopeOfRange({ start: Buffer.from('a'), end: Buffer.from('z') }).length, 0)
})
