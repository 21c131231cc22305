import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as sdk from '@aws-sdk/client-lightsail'
import { compare, operationOf, ours, theirs } from '../../../../test/sdk-schemas.ts'
import type { Operation } from '../../operation.ts'
import type { Shape } from '../../shape.ts'
import { lightsailOperations } from '../index.ts'

/** All enumerations below a shape that have a name. */
function enumerationsOf(
  shape: Shape,
  found = new Map<string, readonly string[]>(),
  above: readonly Shape[] = [],
) {
  if (above.includes(shape)) return found
  if (shape.type === 'string' && shape.values !== undefined && shape.name !== undefined)
    found.set(shape.name, shape.values)
  if (shape.type === 'list') enumerationsOf(shape.member, found, [...above, shape])
  if (shape.type === 'structure')
    for (const { shape: member } of Object.values(shape.members))
      enumerationsOf(member, found, [...above, shape])
  return found
}

/** Of which the SDK has more. */
const COMES_FIRST = ['RegionName', 'ResourceType', 'OperationType']

describe('the model of Lightsail’s API', () => {
  const operations: readonly Operation[] = Object.values(lightsailOperations)
  for (const { name, input, output } of operations.filter(({ api }) => api === undefined))
    it(`${name} has the members that the SDK has`, () => {
      const described = operationOf(sdk, name)
      for (const [shape, schema] of [
        [input, described.input],
        [output, described.output],
      ] as const)
        assert.deepEqual(compare(ours(shape, false), theirs(schema, false)), { mine: [], other: [] })
    })

  it('has the values of enumerations that the SDK has', () => {
    const found = new Map<string, readonly string[]>()
    for (const { input, output } of operations)
      for (const shape of [input, output]) enumerationsOf(shape, found)
    const known = [...found].filter(([name]) => Object.hasOwn(sdk, name))
    assert.ok(known.length > 5, String(known.length))
    for (const [name, values] of known) {
      const theirValues = Object.values(
        (sdk as unknown as Record<string, Record<string, string>>)[name] ?? {},
      )
      // New ones come to the SDK before the command line has them.
      const missing = theirValues.filter((value) => !values.includes(value))
      assert.deepEqual(COMES_FIRST.includes(name) ? [] : missing, [], name)
      assert.deepEqual(
        values.filter((value) => !theirValues.includes(value)),
        [],
        name,
      )
      assert.ok(values.length > 0)
    }
  })
})
