import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parseJsonWithComments } from './json-with-comments.ts'

it('reads JSON whatever comments stand between its values', () => {
  assert.deepEqual(parseJsonWithComments('// first\n{ "a": 1, /* "a": 2, */ "b": [2] } // last'), {
    a: 1,
    b: [2],
  })
})

it('leaves what looks like a comment inside a string alone', () => {
  assert.deepEqual(parseJsonWithComments('{ "url": "s3://b//c", "quote": "\\"/* x */" }'), {
    url: 's3://b//c',
    quote: '"/* x */',
  })
})

it('refuses what is not JSON', () => {
  assert.throws(() => parseJsonWithComments('{ "a": 1, // trailing comma\n }'), SyntaxError)
  assert.throws(() => parseJsonWithComments('{ "a": /* never closed'), SyntaxError)
})
