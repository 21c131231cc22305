import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { orderedHeaders, writableHeaders } from './header-list.ts'

describe('orderedHeaders', () => {
  it('puts the length last, however it is spelt, and leaves all else in its order', () => {
    assert.deepEqual(
      orderedHeaders(['ETag', '"e"', 'content-length', '3', 'Content-Disposition', 'inline']),
      ['ETag', '"e"', 'Content-Disposition', 'inline', 'Content-Length', '3'],
    )
    assert.deepEqual(orderedHeaders(['Vary', 'a', 'Vary', 'b']), ['Vary', 'a', 'Vary', 'b'])
  })
})

describe('writableHeaders', () => {
  it('leaves what HTTP can carry as it is, bytes beyond ASCII and tabs included', () => {
    const headers = ['Content-Disposition', 'a\tb \xc3\xa9', 'x-amz-meta-a', '']
    assert.deepEqual(writableHeaders(headers), headers)
  })

  it('writes what is no byte as UTF-8, controls as spaces, and leaves out what has no name', () => {
    assert.deepEqual(writableHeaders(['A', 'é文', 'B', 'x\r\ny\x00\x7f', 'x-amz-meta-é', 'v', '', 'v']), [
      'A',
      Buffer.from('é文').toString('latin1'),
      'B',
      'x  y  ',
    ])
  })
})
