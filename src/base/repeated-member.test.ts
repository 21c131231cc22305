import assert from 'node:assert/strict'
import { it } from 'node:test'
import { repeatedMember } from './repeated-member.ts'

const CASES: readonly (readonly [text: string, name: string | null])[] = [
  ['{}', null],
  ['[1, "a", "a"]', null],
  ['{"a": 1, "b": {"a": 2}, "c": [{"a": 3}, {"a": 4}]}', null],
  ['{"a": "a", "b": "a,\\"a\\":{"}', null],
  ['{"a": 1, "a": 2}', 'a'],
  ['{"a": 1, "\\u0061": 2}', 'a'],
  ['{"x": [{"Effect": "Deny", "Action": ["a"], "Effect": "Allow"}]}', 'Effect'],
  ['{"a": {"b": 1}, "c": 2, "a": 3}', 'a'],
  ['{"__proto__": 1, "__proto__": 2}', '__proto__'],
  ['{"a\\\\": 1, "b": 2, "a\\\\": 3}', 'a\\'],
]

for (const [text, name] of CASES)
  it(`${name === null ? 'no member is repeated' : `member ${name} is repeated`} in ${text}`, () => {
    assert.doesNotThrow(() => JSON.parse(text) as unknown)
    assert.equal(repeatedMember(text), name)
  })
