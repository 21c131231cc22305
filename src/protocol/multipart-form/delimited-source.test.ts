import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { DelimitedSource } from './delimited-source.ts'

const DELIMITER = Buffer.from('\r\n--x')

const sourceOf = (pieces: readonly Uint8Array[], start = ''): DelimitedSource =>
  new DelimitedSource(
    (async function* () {
      for (const piece of pieces) yield await Promise.resolve(piece)
    })(),
    Buffer.from(start),
  )

const ended = (): Error => new Error('it ended')

async function streamed(source: DelimitedSource, delimiter = DELIMITER): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of source.streamUntil(delimiter, ended)) {
    assert.notEqual(piece.length, 0)
    pieces.push(Buffer.from(piece))
  }
  return Buffer.concat(pieces).toString('latin1')
}

describe('bytes up to a delimiter', () => {
  it('are the same wherever they are cut, read at once or as they come', async () => {
    const random = new SeededRandom()
    // Of these, most of what looks like a delimiter is none.
    const alphabet = ['\r', '\n', '-', 'x', '\r\n', '\r\n--', 'a']
    for (let round = 0; round < 300; round++) {
      const parts = Array.from({ length: 1 + random.below(4) }, () =>
        Array.from({ length: random.below(12) }, () => random.oneOf(alphabet)).join(''),
      )
      const text = `${parts.join(DELIMITER.toString())}${DELIMITER.toString()}rest`
      const pieces = random.pieces(Buffer.from(text), 1 + random.below(9))
      // What a part ends with may be the beginning of a delimiter: where they are is for the text to say.
      const expected = text.split(DELIMITER.toString()).slice(0, -1)
      const [whole, mixed] = [sourceOf(pieces), sourceOf(pieces)]
      for (const [index, part] of expected.entries()) {
        assert.equal(String(await whole.readUntil(DELIMITER, 10_000)), part, `seed ${random.seed}`)
        const given =
          index % 2 === 0 ? await streamed(mixed) : String(await mixed.readUntil(DELIMITER, 10_000))
        assert.equal(given, part, `seed ${random.seed}`)
      }
      assert.equal(await whole.readUntil(DELIMITER, 10_000), 'ended')
      await assert.rejects(streamed(mixed), { message: 'it ended' })
    }
  })

  it('begin with what counts as standing before the source', async () => {
    const source = sourceOf([Buffer.from('--xa\r\n--x')], '\r\n')
    assert.equal(String(await source.readUntil(DELIMITER, 0)), '')
    assert.equal(String(await source.readUntil(DELIMITER, 1)), 'a')
  })

  it('are too long where there are more of them than may be, also when they end nowhere', async () => {
    const read = (text: string, bytesMax: number) =>
      sourceOf([Buffer.from(text)]).readUntil(DELIMITER, bytesMax)
    assert.equal(String(await read('abc\r\n--x', 3)), 'abc')
    assert.equal(await read('abcd\r\n--x', 3), 'too-long')
    assert.equal(await read('abcdefgh', 3), 'ended')
    assert.equal(await read('abcdefghi', 3), 'too-long')
    const pieces = Array.from({ length: 100 }, () => Buffer.from('a'))
    assert.equal(await sourceOf(pieces).readUntil(DELIMITER, 50), 'too-long')
  })

  it('are given on before the delimiter has come', async () => {
    const asked: number[] = []
    const source = new DelimitedSource(
      (async function* () {
        for (const [index, text] of ['abc\r', 'def\r\n--', 'x'].entries()) {
          asked.push(index)
          yield await Promise.resolve(Buffer.from(text))
        }
      })(),
      Buffer.alloc(0),
    )
    const seen: (readonly [string, number])[] = []
    for await (const piece of source.streamUntil(DELIMITER, ended)) seen.push([String(piece), asked.length])
    assert.deepEqual(seen, [
      ['abc', 1],
      ['\rdef', 2],
    ])
  })

  it('are dropped up to the end of the source where nobody wants them', async () => {
    let taken = 0
    const source = new DelimitedSource(
      (async function* () {
        for (; taken < 5; taken++) yield await Promise.resolve(Buffer.from('a\r\n--x'))
      })(),
      Buffer.from('b'),
    )
    await source.drain()
    assert.equal(taken, 5)
    assert.equal(await source.readUntil(DELIMITER, 100), 'ended')
  })
})
