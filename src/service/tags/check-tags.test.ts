import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mergeTags } from '../buckets/tags.ts'
import { isDomainError } from '../errors/domain-error.ts'
import type { TagProblem } from '../errors/tag.ts'
import { checkTags } from './check-tags.ts'

describe('a tag with several faults', () => {
  const long = ';'.repeat(257)
  const faulty: readonly [TagProblem, readonly { readonly key: string; readonly value: string }[]][] = [
    ['key-length', [{ key: '', value: long }]],
    ['value-length', [{ key: 'aws:;', value: long }]],
    ['key-text', [{ key: 'aws:;', value: ';' }]],
    ['value-text', [{ key: 'aws:x', value: ';' }]],
    ['reserved', Array(2).fill({ key: 'aws:x', value: '' })],
    ['repeated', Array(2).fill({ key: 'a', value: '' })],
  ]
  for (const [problem, tags] of faulty)
    it(`is refused for the same one by each API: ${problem}`, () => {
      for (const check of [() => checkTags(tags), () => mergeTags([], tags)])
        assert.throws(
          check,
          (error) => isDomainError(error, 'InvalidTag') && error.fields.problem === problem,
        )
    })
})

describe('a tag of Lightsail', () => {
  it('need not have a value, and must have a key', () => {
    assert.deepEqual(mergeTags([{ key: 'a', value: 'b' }], [{ key: 'a' }]), [{ key: 'a' }])
    assert.throws(() => mergeTags([], [{ value: 'b' }]), {
      kind: 'InvalidTag',
      fields: { problem: 'key-length', tagKey: undefined },
    })
  })
})
