import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { CodedBody } from './coded-body.ts'

/** What the parser would get of a body that comes in pieces; `isWhole`: until then it was followed to its last chunk. */
function passed(pieces: readonly Uint8Array[]): { text: string; passes: number } {
  const body = new CodedBody()
  let rest = Buffer.alloc(0)
  let text = ''
  let passes = 0
  for (const piece of pieces) {
    rest = Buffer.concat([rest, piece])
    while (rest.length > 0) {
      const next = body.pass(rest) ?? { bytes: rest, takenBytes: rest.length }
      if (next.takenBytes === 0) break
      passes++
      text += next.bytes.toString('latin1')
      rest = rest.subarray(next.takenBytes)
    }
  }
  return { text: text + rest.toString('latin1'), passes }
}

/** The bytes of a well-formed body, read chunk by chunk, and all that follows its last one. */
function decoded(coded: string): string {
  let bytes = ''
  for (let at = 0; ;) {
    const lineEnd = coded.indexOf('\r\n', at)
    const size = parseInt(coded.slice(at, lineEnd), 16)
    assert.ok(lineEnd > at && size >= 0, `no chunk at ${at}`)
    if (size === 0) return `${bytes} | ${coded.slice(lineEnd)}`
    bytes += coded.slice(lineEnd + 2, lineEnd + 2 + size)
    at = lineEnd + 2 + size
    assert.equal(coded.slice(at, at + 2), '\r\n')
    at += 2
  }
}

describe('CodedBody', () => {
  it('makes few chunks of many small ones, and keeps their bytes', () => {
    const chunks = '1\r\na\r\n'.repeat(50_000)
    const { text, passes } = passed([Buffer.from(`${chunks}0\r\n\r\n`)])
    assert.equal(decoded(text), `${'a'.repeat(50_000)} | \r\n\r\n`)
    assert.ok(passes < 10, `${passes} passes`)
  })

  it('gives the parser a body of the same bytes, however it is cut into chunks and pieces', () => {
    const random = new SeededRandom()
    for (let round = 0; round < 300; round++) {
      let coded = ''
      for (let left = random.below(20); left > 0; left--) {
        const bytes = Buffer.alloc(
          1 + random.below(random.oneOf([3, 300, 6_000])),
          random.oneOf(['a', '\r\n', '0']),
        )
        const size = bytes.length.toString(16).padStart(random.below(12), '0')
        const extension = random.oneOf(['', '', '', ';', ';name=value', ';n="quoted; 1"'])
        coded += `${random.oneOf([size, size.toUpperCase()])}${extension}\r\n${bytes.toString()}\r\n`
      }
      coded += random.oneOf(['0\r\n\r\n', '000\r\nname: value\r\n\r\n', '0;x\r\n\r\nGET / HTTP/1.1\r\n'])
      const context = `seed ${random.seed}, round ${round}`
      const expected = decoded(coded)
      const whole = Buffer.from(coded, 'latin1')
      for (const pieces of [[whole], random.pieces(whole), Array.from(whole, (byte) => Buffer.from([byte]))])
        assert.equal(decoded(passed(pieces).text), expected, context)
    }
  })

  it('leaves to the parser what is malformed, from there on as it came', () => {
    for (const bad of [
      'x\r\n',
      '\r\n',
      '1\na\r\n',
      '1 \r\na\r\n',
      '-1\r\n',
      '0x1\r\na\r\n',
      '1;a\nb\r\na\r\n',
      '1\rx',
      `${'f'.repeat(20)}\r\n`,
      `1;${'e'.repeat(2_000)}\r\na\r\n`,
      '3\r\nab\r\n0\r\n\r\n',
      '1\r\nab\r\n0\r\n\r\n',
    ]) {
      const { text } = passed([Buffer.from(`2\r\nok\r\n${bad}1\r\nz\r\n`)])
      assert.equal(text.replace('0002', '2'), `2\r\nok\r\n${bad}1\r\nz\r\n`, bad)
    }
  })
})
