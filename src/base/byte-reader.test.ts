import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'

function written(write: (writer: ByteWriter) => unknown): Buffer {
  const writer = new ByteWriter()
  write(writer)
  const bytes = Buffer.alloc(writer.length)
  writer.copyTo(bytes, 0)
  return bytes
}

const readerOf = (bytes: Buffer) => new ByteReader(bytes, 0, bytes.length)

describe('ByteReader', () => {
  it('reads whole numbers up to the largest safe one as ByteWriter wrote them', () => {
    const numbers = [0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER]
    const bytes = written((writer) => {
      for (const number of numbers) writer.uint(number)
    })
    const reader = readerOf(bytes)
    assert.deepEqual(
      numbers.map(() => reader.uint()),
      numbers,
    )
    assert.equal(reader.isAtEnd, true)
  })

  it('reads texts of any length and alphabet as ByteWriter wrote them', () => {
    const texts = [
      '',
      'a',
      'ä',
      '\0',
      '𐍈',
      'x'.repeat(32),
      'x'.repeat(33),
      'é'.repeat(5_000),
      'x'.repeat(70_000),
    ]
    const bytes = written((writer) => {
      for (const text of texts) assert.equal(writer.text(text), true)
    })
    const reader = readerOf(bytes)
    assert.deepEqual(
      texts.map(() => reader.text()),
      texts,
    )
  })

  it('throws RangeError for numbers that are too long or too large, and for what ends early', () => {
    const cases: readonly [Buffer, (reader: ByteReader) => unknown][] = [
      [Buffer.alloc(9, 0xff), (reader) => reader.uint()],
      [Buffer.from('ffffffffffffff7f', 'hex'), (reader) => reader.uint()],
      [Buffer.alloc(0), (reader) => reader.byte()],
      [Buffer.from([0x80]), (reader) => reader.uint()],
      [Buffer.from([5, 0x61]), (reader) => reader.text()],
      [Buffer.from('ffffffffffff0f', 'hex'), (reader) => reader.text()],
      [Buffer.from([3, 1, 2]), (reader) => reader.base64()],
      [Buffer.alloc(7), (reader) => reader.hex(8)],
    ]
    for (const [bytes, read] of cases)
      assert.throws(() => read(readerOf(bytes)), RangeError, bytes.toString('hex'))
  })

  it('reads nothing behind its end', () => {
    const bytes = Buffer.from([1, 2, 3])
    const reader = new ByteReader(bytes, 1, 2)
    assert.equal(reader.byte(), 2)
    assert.throws(() => reader.byte(), RangeError)
  })
})

describe('ByteWriter', () => {
  it('takes back what was written behind a length that is set', () => {
    const bytes = written((writer) => {
      writer.text('kept')
      const { length } = writer
      writer.text('taken back')
      writer.length = length
      writer.byte(7)
    })
    assert.deepEqual(bytes, Buffer.from('\x04kept\x07'))
  })

  it('writes nothing of half a surrogate pair, and of base64 that could be written otherwise', () => {
    const bytes = written((writer) => {
      assert.equal(writer.text('half \ud800'), false)
      for (const value of ['AA', 'AB==', 'A A=', '=', 'a-_a'])
        assert.equal(writer.base64(value), false, value)
      assert.equal(writer.base64('AAECAwQFBgc='), true)
    })
    assert.equal(bytes.toString('hex'), '080001020304050607')
  })
})
