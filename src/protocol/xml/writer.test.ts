import assert from 'node:assert/strict'
import { it } from 'node:test'
import { list, string, structure, timestamp } from '../../model/shape.ts'
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
