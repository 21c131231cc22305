import assert from 'node:assert/strict'
import { it } from 'node:test'
import { list, string, structure, timestamp } from '../../model/shape.ts'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { escapeXml, escapeXmlContent } from './text.ts'
import { writeXmlDocument } from './writer.ts'

const text = string()

it('the alternatives of a mixed list stand in its order, without an element around each', () => {
  const Entry = structure(
    { Version: structure({ Key: text }), Marker: structure({ Key: text }) },
    { isBare: true },
  )
  const Page = structure({ Name: text, Entries: list(Entry, { isFlattened: true }), Last: text })
  const Entries = [{ Marker: { Key: 'a' } }, { Version: { Key: 'b' } }, { Marker: { Key: 'c' } }]
  const document = writeXmlDocument(Page, 'Page', { Name: 'n', Entries, Last: 'l' })
  assert.ok(
    document.endsWith(
      '<Name>n</Name><Marker><Key>a</Key></Marker><Version><Key>b</Key></Version><Marker><Key>c</Key></Marker><Last>l</Last></Page>',
    ),
    document,
  )
})

it('an instant of whole seconds is rounded down, and others keep their milliseconds', () => {
  const Shape = structure({
    Whole: timestamp({ format: 'iso8601', isWholeSeconds: true }),
    Exact: timestamp({ format: 'iso8601' }),
  })
  const at = Date.UTC(2026, 0, 2, 3, 4, 5, 999)
  assert.match(
    writeXmlDocument(Shape, 'S', { Whole: at, Exact: at }),
    /<Whole>2026-01-02T03:04:05\.000Z<\/Whole><Exact>2026-01-02T03:04:05\.999Z<\/Exact>/,
  )
})

const random = new SeededRandom()

it(`texts are escaped character by character, wherever in them the characters are (seed ${random.seed})`, () => {
  const escaped = new Map([
    ['&', '&amp;'],
    ['<', '&lt;'],
    ['>', '&gt;'],
    ['"', '&quot;'],
    ['\u0000', '&#x0;'],
    ['\u0008', '&#x8;'],
    ['\u000b', '&#xb;'],
    ['\r', '&#xd;'],
    ['\u001f', '&#x1f;'],
    ['\ufffe', '&#xfffe;'],
    ['\uffff', '&#xffff;'],
  ])
  const plain = ['a', ' ', '\t', '\n', "'", '=', '?', '\u007f', 'é', '\ufffd', '𐍈', 'k0001/']
  const choices = [...escaped.keys(), ...plain, ...plain]
  for (let round = 0; round < 2_000; round++) {
    const characters = Array.from({ length: random.below(9) }, () => random.oneOf(choices))
    const expected = characters.map((character) => escaped.get(character) ?? character).join('')
    assert.equal(escapeXml(characters.join('')), expected)
    assert.equal(escapeXmlContent(characters.join('')), expected.replaceAll('&quot;', '"'))
  }
})
