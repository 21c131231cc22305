import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { ProtocolFailure } from '../protocol-failure.ts'
import { MarkupCount } from './markup-count.ts'
import { References } from './references.ts'

const decode = (text: string) => new References(new MarkupCount()).decode(text)

function refusal(text: string): string | null {
  try {
    decode(text)
    return null
  } catch (error) {
    if (!(error instanceof ProtocolFailure)) throw error
    return error.message.replace('the document is not well formed: ', '')
  }
}

describe('a reference', () => {
  const taken: readonly (readonly [text: string, decoded: string])[] = [
    ['', ''],
    ['a;b', 'a;b'],
    ['&lt;&gt;&amp;&quot;&apos;', '<>&"\''],
    ['a&lt;b', 'a<b'],
    ['&amp;lt;', '&lt;'],
    ['&#97;&#x61;', 'aa'],
    ['&#x1;', '\u0001'],
    ['&#x0A;&#x0a;', '\n\n'],
    ['&#xffff;', '\uffff'],
    ['&#x10000;', '\u{10000}'],
    ['&#128512;', '\u{1f600}'],
    ['&#x10FFFF;', '\u{10ffff}'],
    ['&#1114111;', '\u{10ffff}'],
    ['&#xd7ff;&#xe000;', '\ud7ff\ue000'],
    ['&#0000000097;', 'a'],
    ['&#x00000061;', 'a'],
    ['\u{1f600}&lt;', '\u{1f600}<'],
  ]
  for (const [text, decoded] of taken)
    it(`${JSON.stringify(text)} is ${JSON.stringify(decoded)}`, () => assert.equal(decode(text), decoded))

  const ITSELF = 'an ampersand stands for itself'
  const refused: readonly (readonly [text: string, problem: string])[] = [
    ['&', ITSELF],
    ['a & b', ITSELF],
    ['&;', ITSELF],
    ['&lt', ITSELF],
    ['&LT;', ITSELF],
    ['&nbsp;', '&nbsp; is not declared'],
    ['&abcdefgh;', '&abcdefgh; is not declared'],
    ['&abcdefghi;', ITSELF],
    ['&lt abc;', ITSELF],
    ['&#;', ITSELF],
    ['&#x;', ITSELF],
    ['&#X61;', ITSELF],
    ['&#a;', ITSELF],
    ['&#xg;', ITSELF],
    ['&#00000000097;', ITSELF],
    ['&#x000000061;', ITSELF],
    ['&#0;', '&#0; is no character'],
    ['&#x0;', '&#x0; is no character'],
    ['&#xd800;', '&#xd800; is no character'],
    ['&#xdfff;', '&#xdfff; is no character'],
    ['&#x110000;', '&#x110000; is no character'],
    ['&#1114112;', '&#1114112; is no character'],
  ]
  for (const [text, problem] of refused)
    it(`${JSON.stringify(text)} is refused: ${problem}`, () => assert.equal(refusal(text), problem))

  it('stands in texts of any length, whatever is around it', (t) => {
    const random = new SeededRandom()
    t.diagnostic(`LUGSAIL_TEST_SEED=${random.seed}`)
    for (let round = 0; round < 20; round++) {
      const pieces = Array.from({ length: 300 }, () => {
        const plain = 'xä'.repeat(random.below(40))
        const code = random.oneOf([0x41, 0xe4, 0xffff, 0x10000, 0x1f600])
        return [
          plain + random.oneOf([`&#${code};`, `&#x${code.toString(16)};`]),
          plain + String.fromCodePoint(code),
        ] as const
      })
      assert.equal(
        decode(pieces.map(([text]) => text).join('')),
        pieces.map(([, decoded]) => decoded).join(''),
      )
    }
    for (let length = 8 * 1024 - 3; length < 8 * 1024 + 3; length++) {
      const plain = 'x'.repeat(length)
      assert.equal(decode(`${plain}&#x1f600;y`), `${plain}\u{1f600}y`)
    }
  })

  it('is one of 98,304 in a document at most', () => {
    const references = new References(new MarkupCount())
    references.decode('&lt;'.repeat(96 * 1024))
    assert.throws(() => references.decode('&lt;'), ProtocolFailure)
    assert.equal(references.decode('plain'), 'plain')
  })
})
