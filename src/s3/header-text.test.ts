import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { metadataOfHeader, textToHeader } from './header-text.ts'

const latin1 = (text: string): string => Buffer.from(text).toString('latin1')

describe('the text of a header', () => {
  it('of metadata is UTF-8 where its bytes are, else Latin-1', () => {
    for (const [header, text] of [
      ['plain', 'plain'],
      [latin1('ä😀'), 'ä😀'],
      ['\xe4', 'ä'],
      ['\xc3', 'Ã'],
    ] as const)
      assert.equal(metadataOfHeader(header), text)
  })

  it('of metadata in encoded words is what they say', () => {
    const base64 = (text: string): string => Buffer.from(text).toString('base64')
    for (const [header, text] of [
      [`=?UTF-8?B?${base64('ä')}?=`, 'ä'],
      [`=?utf-8?b?${base64('ä')}?=`, 'ä'],
      ['=?UTF-8?Q?=C3=A4_b=3f?=', 'ä b?'],
      ['=?utf-8?q?=c3=a4?=', 'ä'],
      [`=?UTF-8?B?${base64('ä')}?= \t =?UTF-8?Q?x?=`, 'äx'],
      // The bytes of a character may lie in two words.
      ['=?UTF-8?Q?=C3?= =?UTF-8?Q?=A4?=', 'ä'],
      ['=?UTF-8?B??=', ''],
    ] as const)
      assert.equal(metadataOfHeader(header), text, header)
  })

  it('of metadata is as it came where its words are none, or say what no header can hold', () => {
    for (const header of [
      'a =?UTF-8?B?w6Q=?=',
      '=?UTF-8?B?w6Q=?= b',
      '=?UTF-8?B?w6Q=?==?UTF-8?B?w6Q=?=',
      '=?ISO-8859-1?Q?=E4?=',
      '=?UTF-8?X?w6Q=?=',
      '=?UTF-8?B?w6Q?=',
      '=?UTF-8?B?w6Q=x?=',
      '=?UTF-8?Q?=C3?=',
      '=?UTF-8?Q?=C?=',
      '=?UTF-8?Q?a b?=',
      '=?UTF-8?Q?=0A?=',
      '=?UTF-8?Q?=7F?=',
    ])
      assert.equal(metadataOfHeader(header), header)
  })

  it('goes plainly in ASCII, else as one encoded word that reads as it was', () => {
    assert.equal(textToHeader('a b'), 'a b')
    assert.equal(textToHeader('\x7f'), '\x7f')
    assert.equal(textToHeader('ä'), '=?UTF-8?B?w6Q=?=')
    for (const text of ['\x80', 'ä😀', 'é x']) assert.equal(metadataOfHeader(textToHeader(text)), text)
  })
})
