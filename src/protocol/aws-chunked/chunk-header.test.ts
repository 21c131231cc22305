import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ProtocolFailure } from '../protocol-failure.ts'
import { parseChunkHeader } from './chunk-header.ts'

describe('the head of a chunk', () => {
  it('is its size in hexadecimal, and its signature where it has one', () => {
    for (const [line, sizeBytes, signature] of [
      ['0', 0, null],
      ['a', 10, null],
      ['1F', 31, null],
      ['0010', 16, null],
      ['1fffffffffffff'.slice(1), 0xfffffffffffff, null],
      ['10000;chunk-signature=abc', 65_536, 'abc'],
      ['0;chunk-signature=', 0, ''],
    ] as const)
      assert.deepEqual(parseChunkHeader(line), { sizeBytes, signature }, line)
  })

  it('is refused where it is anything else', () => {
    for (const line of [
      '',
      ';chunk-signature=abc',
      ' 1',
      '1 ',
      '-1',
      '0x1',
      'g',
      '1;',
      '1;chunk-signature',
      '1; chunk-signature=a',
      '1;other=a',
      '00000000000001',
    ])
      assert.throws(
        () => parseChunkHeader(line),
        (error) => error instanceof ProtocolFailure && error.problem === 'incomplete-body',
        line,
      )
  })
})
