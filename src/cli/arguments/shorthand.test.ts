import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseShorthand, ShorthandError } from './shorthand.ts'
import type { WireValue } from '../../client/values.ts'

const FILES: Readonly<Record<string, string>> = { 'file://v': 'from a file' }

const plain = (value: WireValue): unknown =>
  value instanceof Map
    ? Object.fromEntries([...value].map(([name, member]) => [name, plain(member)]))
    : Array.isArray(value)
      ? value.map(plain)
      : value
const read = (text: string): unknown => plain(parseShorthand(text, (value) => FILES[value]))

const VALID: readonly (readonly [text: string, value: unknown])[] = [
  ['key=a', { key: 'a' }],
  ['key=a,value=b', { key: 'a', value: 'b' }],
  ['key=', { key: '' }],
  ['key= a ,value= b ', { key: 'a', value: 'b' }],
  ['key=a,b,c', { key: ['a', 'b', 'c'] }],
  ['key=a,b,value=c', { key: ['a', 'b'], value: 'c' }],
  ['key=[a,b],value=c', { key: ['a', 'b'], value: 'c' }],
  ['key=[a]', { key: ['a'] }],
  ['key=[]', { key: [] }],
  ['key={a=b,c=[d,e]}', { key: { a: 'b', c: ['d', 'e'] } }],
  ['rules=[{a=b},{a=c}]', { rules: [{ a: 'b' }, { a: 'c' }] }],
  ['key=a\\,b', { key: 'a,b' }],
  ['key="a,b"', { key: 'a,b' }],
  ["key='a,b',value=c", { key: 'a,b', value: 'c' }],
  [String.raw`key="a\"b"`, { key: 'a"b' }],
  [String.raw`key='it\'s'`, { key: "it's" }],
  ['key="🗼"', { key: '🗼' }],
  ['key=é', { key: 'é' }],
  ['key@=file://v', { key: 'from a file' }],
  ['key@=plain', { key: 'plain' }],
  ['key=file://v', { key: 'file://v' }],
]
const INVALID: readonly (readonly [text: string, message: string])[] = [
  ['', "Expected: '=', received: 'EOF' for input:\n\n^"],
  ['key', "Expected: '=', received: 'EOF' for input:\nkey\n   ^"],
  ['k e=b', "Expected: '=', received: 'e' for input:\nk e=b\n  ^"],
  ['key==x', "Expected: ',', received: '=' for input:\nkey==x\n    ^"],
  ['key=[a', "Expected: ',', received: 'EOF' for input:\nkey=[a\n      ^"],
  ['key=a]', "Expected: ',', received: ']' for input:\nkey=a]\n     ^"],
  ['key="a', "Expected: '<double quoted>', received: '<none>' for input:\nkey=\"a\n    ^"],
  ['key=a,value=b,', "Expected: '<second>', received: '<none>' for input:\nkey=a,value=b,\n              ^"],
  ['key=🗼', "Expected: ',', received: '🗼' for input:\nkey=🗼\n    ^"],
  [
    'key=a,key=b',
    'Second instance of key "key" encountered for input:\nkey=a,key=b\n      ^\nThis is often because there is a preceding "," instead of a space.',
  ],
]

describe('shorthand syntax', () => {
  for (const [text, value] of VALID) test(text, () => assert.deepEqual(read(text), value))

  for (const [text, message] of INVALID)
    test(`refused: ${text}`, () =>
      assert.throws(
        () => read(text),
        (error) => {
          assert.ok(error instanceof ShorthandError)
          assert.equal(error.message, message)
          return true
        },
      ))
})
