import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lightsailOperations } from '../../src/model/lightsail/index.ts'
import { lugsailOperations } from '../../src/model/lugsail/index.ts'
import type { Operation } from '../../src/model/operation.ts'
import { REGIONS as KNOWN_REGIONS } from '../../src/model/region.ts'
import type { Shape } from '../../src/model/shape.ts'
import { REGIONS } from '../data/regions.ts'
import { LIGHTSAIL_OPERATIONS } from './json-api.ts'
import { fromWire, TIME_MEMBERS, toWire } from './times.ts'

const operations: readonly Operation[] = [
  ...Object.values(lightsailOperations),
  ...Object.values(lugsailOperations),
]

/** Every member of a shape by its name, with the shapes within. */
function* membersOf(shape: Shape): Generator<readonly [string, Shape]> {
  if (shape.type === 'list') yield* membersOf(shape.member)
  if (shape.type !== 'structure') return
  for (const [name, member] of Object.entries(shape.members)) {
    yield [name, member.shape]
    yield* membersOf(member.shape)
  }
}

const members = operations.flatMap(({ input, output }) => [...membersOf(input), ...membersOf(output)])

describe('what the console repeats of the model', () => {
  it('are the members that are times, and no other member has such a name and is a number', () => {
    const times = members.filter(([, { type }]) => type === 'timestamp').map(([name]) => name)
    assert.deepEqual([...new Set(times)].sort(), [...TIME_MEMBERS].sort())
    const others = members.filter(
      ([name, { type }]) => TIME_MEMBERS.has(name) && ['integer', 'long', 'float', 'double'].includes(type),
    )
    assert.deepEqual(others, [])
  })

  it('are the names of Lightsail’s operations', () => {
    assert.deepEqual([...LIGHTSAIL_OPERATIONS].sort(), Object.keys(lightsailOperations).sort())
  })

  it('are the regions', () => {
    assert.deepEqual(REGIONS, KNOWN_REGIONS)
  })
})

it('times are seconds on the wire and milliseconds in the console, however deep they stand', () => {
  const here = {
    accessKeys: [{ createdAt: 1_500, lastUsed: { lastUsedDate: 2_000 }, name: 'since' }],
    count: 3,
  }
  const wire = { accessKeys: [{ createdAt: 1.5, lastUsed: { lastUsedDate: 2 }, name: 'since' }], count: 3 }
  assert.deepEqual(toWire(here), wire)
  assert.deepEqual(fromWire(wire), here)
})
