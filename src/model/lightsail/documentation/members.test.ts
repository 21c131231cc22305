import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Operation } from '../../operation.ts'
import type { Shape, StructureShape } from '../../shape.ts'
import { lightsailOperations } from '../index.ts'
import { errorTexts, memberText, operationTexts } from './index.ts'
import { memberTexts } from './members.ts'

const operations: readonly Operation[] = Object.values(lightsailOperations)

/** All structures of the API, by name. */
const structures = new Map<string, StructureShape>()
function collect(shape: Shape): void {
  if (shape.type === 'list') collect(shape.member)
  if (shape.type !== 'structure') return
  structures.set(shape.name ?? '', shape)
  for (const { shape: inner } of Object.values(shape.members)) collect(inner)
}
for (const { input, output } of operations) [input, output].forEach(collect)

test('every member of every input and output has a text', () => {
  const silent = [...structures].flatMap(([name, structure]) =>
    Object.entries(structure.members)
      .filter(([member, value]) => memberText(structure, member, value) === undefined)
      .map(([member]) => `${name}.${member}`),
  )
  assert.deepEqual(silent, [])
})

test('there is no text of a structure or member that the API does not have', () => {
  const unknown = Object.entries(memberTexts).flatMap(([name, texts]) =>
    Object.keys(texts)
      .filter((member) => structures.get(name)?.members[member] === undefined)
      .map((member) => `${name}.${member}`),
  )
  assert.deepEqual(unknown, [])
})

test('every error that an operation declares has a text, and every operation an example and related ones', () => {
  for (const { name, errors } of operations) {
    for (const code of errors) assert.ok(errorTexts[code], code)
    const { examples, related } = operationTexts[name as keyof typeof operationTexts]
    assert.ok(examples.length > 0 && related.length > 0, name)
  }
})
