import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { enumeration, integer, list, optional, required, string, structure } from '../../model/shape.ts'
import { ProtocolFailure } from '../protocol-failure.ts'
import { readXmlDocument } from './reader.ts'

const Shelf = structure({
  Title: required(string()),
  Copies: integer(),
  Kind: optional(enumeration(['book', 'map']), { xmlName: 'xsi:kind', isXmlAttribute: true }),
  Tags: list(string(), { memberName: 'Tag', lengthMax: 3 }),
  Notes: optional(list(string(), { isFlattened: true }), { xmlName: 'Note' }),
})

const read = (text: string) => readXmlDocument(Shelf, 'Shelf', Buffer.from(text))
const titleOf = (escaped: string) => read(`<Shelf><Title>${escaped}</Title></Shelf>`).Title

function assertMalformed(text: string | Uint8Array, problem: RegExp): void {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  assert.throws(
    () => readXmlDocument(Shelf, 'Shelf', bytes),
    (error) =>
      error instanceof ProtocolFailure &&
      error.problem === 'malformed-document' &&
      problem.test(error.message),
  )
}

describe('a document', () => {
  it('is read as its shape says: elements, attributes, lists with and without a wrapper', () => {
    const text = `<?xml version="1.0" encoding="UTF-8"?>
      <Shelf xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:kind="map">
        <!-- order does not matter -->
        <Note>one</Note><Title> Åland </Title><Copies> 7 </Copies><Tags><Tag>a</Tag><Tag/></Tags><Note>two</Note>
      </Shelf>`
    assert.deepEqual(read(text), {
      Title: ' Åland ',
      Copies: 7,
      Kind: 'map',
      Tags: ['a', ''],
      Notes: ['one', 'two'],
    })
  })

  it('may use any namespace, with or without a prefix', () => {
    const plain = '<Shelf xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Title>x</Title></Shelf>'
    const prefixed = '<s:Shelf xmlns:s="urn:any"><s:Title>x</s:Title></s:Shelf>'
    assert.deepEqual([read(plain), read(prefixed)], [{ Title: 'x' }, { Title: 'x' }])
  })

  it('may begin with a byte order mark', () => {
    assert.equal(read('\ufeff<Shelf><Title>x</Title></Shelf>').Title, 'x')
  })

  const texts: readonly [escaped: string, text: string][] = [
    ['&lt;&amp;&gt;&quot;&apos;', `<&>"'`],
    ['&#65;&#x42;&#x1F600;', 'AB😀'],
    ['<![CDATA[<a>&amp;]]>', '<a>&amp;'],
    ['a<![CDATA[b]]>c', 'abc'],
    ['a<!-- b -->c', 'ac'],
    ['a\r\nb\rc', 'a\nb\nc'],
    ['a&#13;b', 'a\rb'],
    ['&#x1;&#x0B;&#31;&#xFFFF;', '\u0001\u000b\u001f\uffff'],
    ['&#1;<![CDATA[&#1;]]>&#1;', '\u0001&#1;\u0001'],
    ['&#1;<!-- &#1; -->', '\u0001'],
  ]
  for (const [escaped, text] of texts)
    it(`takes ${JSON.stringify(escaped)} as the text ${JSON.stringify(text)}`, () => {
      assert.equal(titleOf(escaped), text)
    })
})

describe('a document is refused as MalformedXML when it', () => {
  const refused: readonly [what: string, text: string, problem: RegExp][] = [
    ['is empty', '', /not well formed/],
    ['is no XML', 'Title=x', /not well formed/],
    ['ends early', '<Shelf><Title>x</Title>', /not well formed/],
    ['closes another element', '<Shelf><Title>x</Shelf></Title>', /not well formed/],
    ['has two roots', '<Shelf><Title>x</Title></Shelf><Shelf/>', /not well formed/],
    ['has text after its root', '<Shelf><Title>x</Title></Shelf>x', /not well formed/],
    ['repeats an attribute', '<Shelf a="1" a="2"><Title>x</Title></Shelf>', /not well formed/],
    ['has a stray ampersand', '<Shelf><Title>a & b</Title></Shelf>', /not well formed/],
    ['names an unknown entity', '<Shelf><Title>&nbsp;</Title></Shelf>', /not well formed/],
    ['refers to no character', '<Shelf><Title>&#0;</Title></Shelf>', /not well formed/],
    ['holds a control character', '<Shelf><Title>\u0001</Title></Shelf>', /not well formed/],
    ['has a document type', '<!DOCTYPE Shelf><Shelf><Title>x</Title></Shelf>', /document type/],
    [
      'declares an entity',
      '<!DOCTYPE Shelf [<!ENTITY e "x">]><Shelf><Title>&e;</Title></Shelf>',
      /document type/,
    ],
    ['nests deeper than its shape', '<Shelf>'.repeat(17) + '</Shelf>'.repeat(17), /no element Shelf/],
    ['nests without end', `<Shelf>${'<a>'.repeat(100_000)}`, /no element a/],
    ['closes nothing', '</Shelf>', /not well formed/],
    ['has an element without a name', '<Shelf><></></Shelf>', /not well formed/],
    ['has an attribute without quotes', '<Shelf a=1><Title>x</Title></Shelf>', /not well formed/],
    ['has attributes that touch', '<Shelf a="1"b="2"><Title>x</Title></Shelf>', /not well formed/],
    ['has a tag in an attribute', '<Shelf a="<b>"><Title>x</Title></Shelf>', /not well formed/],
    ['has a comment in a comment', '<Shelf><!-- <!-- --> --><Title>x</Title></Shelf>', /not well formed/],
    ['leaves a CDATA section open', '<Shelf><Title><![CDATA[x]]</Title></Shelf>', /not well formed/],
    ['ends a CDATA section that is none', '<Shelf><Title>x]]></Title></Shelf>', /not well formed/],
    [
      'has an XML declaration in the middle',
      '<Shelf><?xml version="1.0"?><Title/></Shelf>',
      /not well formed/,
    ],
    ['refers to half of a character', '<Shelf><Title>&#xD800;</Title></Shelf>', /not well formed/],
    ['names what objects inherit as an entity', '<Shelf><Title>&valueOf;</Title></Shelf>', /not well formed/],
    ['names what objects inherit', '<Shelf><constructor/><Title>x</Title></Shelf>', /no element constructor/],
    [
      'has attributes without end',
      `<Shelf ${Array.from({ length: 65 }, (_, n) => `a${n}=""`).join(' ')}><Title>x</Title></Shelf>`,
      /more than 64 attributes/,
    ],
    ['lacks what is required', '<Shelf/>', /Shelf must have Title/],
    [
      'repeats a single element',
      '<Shelf><Title>x</Title><Title>y</Title></Shelf>',
      /one Shelf\/Title, got 2/,
    ],
    ['has an unknown element', '<Shelf><Title>x</Title><Colour>red</Colour></Shelf>', /no element Colour/],
    [
      'has elements in an item of a list',
      '<Shelf><Title>x</Title><Tags><Tag><b/></Tag></Tags></Shelf>',
      /Shelf\/Tags\/Tag holds text only/,
    ],
    ['has elements for text', '<Shelf><Title><b>x</b></Title></Shelf>', /holds text only/],
    ['has text for elements', '<Shelf>x<Title>x</Title></Shelf>', /holds elements only/],
    ['has a wrong number', '<Shelf><Title>x</Title><Copies>1.5</Copies></Shelf>', /must be an integer/],
    [
      'has too many of a list',
      `<Shelf><Title>x</Title><Tags>${'<Tag/>'.repeat(4)}</Tags></Shelf>`,
      /may occur 3 times/,
    ],
  ]
  for (const [what, text, problem] of refused)
    it(what, () => {
      assertMalformed(text, problem)
    })

  it('is empty and called otherwise', () => {
    const Switch = structure({ On: string(), Settings: list(string(), { isFlattened: true }) })
    const of = (text: string) => readXmlDocument(Switch, 'Switch', Buffer.from(text))
    assert.deepEqual(of('<Switch/>'), {})
    assert.deepEqual(of('<OldSwitch><On>1</On></OldSwitch>'), { On: '1' })
    assert.throws(() => of('<x/>'), /expected the root element Switch, got x/)
  })

  it('holds millions of elements that nobody asks for, at the cost of its text alone', () => {
    const text = `<Shelf>${'<a/>'.repeat(2_000_000)}</Shelf>`
    const bytes = Buffer.from(text)
    const before = process.memoryUsage().heapUsed
    assertMalformed(bytes, /no element a/)
    assert.ok(process.memoryUsage().heapUsed - before < 32 * 1024 * 1024)
  })

  const manyPieces: readonly (readonly [what: string, piece: string])[] = [
    ['references', '&#97;'],
    ['comments', '<!---->'],
    ['processing instructions', '<?a?>'],
    ['CDATA sections', '<![CDATA[]]>'],
  ]
  for (const [what, piece] of manyPieces)
    it(`holds more ${what} than any client has reason to send`, () => {
      const title = (count: number) => `<Shelf><Title>${piece.repeat(count)}</Title></Shelf>`
      assert.doesNotThrow(() => read(title(90_000)))
      assertMalformed(title(100_000), /98304 elements, attributes, references and comments/)
    })

  it('holds more attributes than any client has reason to send', () => {
    const attributes = Array.from({ length: 60 }, (_, n) => ` a${n}=""`).join('')
    const notes = (count: number) => `<Shelf><Title/>${`<Note${attributes}/>`.repeat(count)}</Shelf>`
    assert.equal(read(notes(1_500)).Notes?.length, 1_500)
    assertMalformed(notes(1_700), /98304 elements, attributes/)
  })

  it('is not UTF-8', () => {
    assertMalformed(Buffer.from('<Shelf><Title>\xe9</Title></Shelf>', 'latin1'), /UTF-8/)
  })
})
