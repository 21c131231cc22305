import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { ProtocolFailure } from '../protocol-failure.ts'
import { parseContentDisposition } from './content-disposition.ts'
import { PRE_FILE_BYTES_MAX, parseFormBoundary, readUploadForm } from './read-form.ts'

const BOUNDARY = 'edge'

const part = (name: string, value: string | Buffer, rest = ''): Buffer =>
  Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n\r\n`),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ])
const END = Buffer.from(`--${BOUNDARY}--\r\n`)

async function* pieces(...buffers: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* buffers
}

async function read(...buffers: readonly Buffer[]) {
  const form = await readUploadForm(pieces(...buffers), BOUNDARY)
  const body: Buffer[] = []
  for await (const bytes of form.file.body) body.push(bytes)
  return { fields: [...form.fields], filename: form.file.filename, body: Buffer.concat(body) }
}

const failsWith = (problem: string) => (error: unknown) =>
  error instanceof ProtocolFailure && error.problem === problem

describe('readUploadForm', () => {
  it('gives the fields before the file, and the file', async () => {
    const form = [
      part('kEy', 'foo.txt', '; filename="kEy"'),
      part('acl', ''),
      part('file', 'bar', '; filename="C:\\dir\\é.txt"\r\nContent-Type: text/plain'),
      part('late', 'ignored'),
      END,
    ]
    assert.deepEqual(await read(...form), {
      fields: [
        ['key', 'foo.txt'],
        ['acl', ''],
      ],
      filename: 'é.txt',
      body: Buffer.from('bar'),
    })
  })

  it('gives back any file, however the form is cut', async () => {
    const random = new SeededRandom()
    for (let round = 0; round < 300; round++) {
      // Bytes that look like the start of a boundary again and again.
      const body = Buffer.concat(
        Array.from({ length: random.below(40) }, () =>
          Buffer.from(random.oneOf(['\r\n', '--', '\r', '\n', 'edg', `--${BOUNDARY}`, '\r\n--edg', 'x'])),
        ),
      )
      if (body.includes(`\r\n--${BOUNDARY}`) || body.subarray(0, 6).toString() === `--${BOUNDARY}`) continue
      const wire = Buffer.concat([part('key', 'a\r\nb'), part('file', body), END])
      const result = await read(...random.pieces(wire, 30))
      assert.deepEqual(result.body, body, `seed ${random.seed}, round ${round}`)
      assert.deepEqual(result.fields, [['key', 'a\r\nb']])

      const end = wire.length - END.length - 2
      const truncated = wire.subarray(0, random.below(end))
      await assert.rejects(read(...random.pieces(truncated, 30)), ProtocolFailure, `seed ${random.seed}`)
    }
  })

  const REFUSED: readonly (readonly [title: string, form: readonly Buffer[], problem: string])[] = [
    ['an empty body', [], 'malformed-form'],
    ['a body without the boundary', [Buffer.from('hello')], 'malformed-form'],
    ['a form without a file', [part('key', 'a'), END], 'form-field'],
    ['a field twice', [part('key', 'a'), part('KEY', 'b'), part('file', 'x'), END], 'form-field'],
    ['a field that is not UTF-8', [part('key', Buffer.from([0xe9])), part('file', 'x'), END], 'form-field'],
    ['a part without a name', [Buffer.from(`--${BOUNDARY}\r\n\r\nx\r\n`), END], 'malformed-form'],
    [
      'a file whose name is empty',
      [
        Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name=""; filename="a"\r\n\r\n`),
        Buffer.alloc(33_000),
        END,
      ],
      'malformed-form',
    ],
    ['fields without end', [part('key', 'a'.repeat(PRE_FILE_BYTES_MAX))], 'long-form'],
    ['a file without end', [part('key', 'a'), part('file', 'x')], 'incomplete-body'],
  ]
  for (const [title, form, problem] of REFUSED) {
    it(`refuses ${title} with ${problem}`, async () => {
      await assert.rejects(read(...form), failsWith(problem))
    })
  }
})

describe('parseFormBoundary', () => {
  it('finds the boundary, bare or quoted', () => {
    assert.equal(parseFormBoundary('multipart/form-data; boundary=abc'), 'abc')
    assert.equal(parseFormBoundary('Multipart/Form-Data; charset=utf-8; boundary="a b"'), 'a b')
  })

  it('is null for another type, and refuses a form without a boundary', () => {
    assert.equal(parseFormBoundary(undefined), null)
    assert.equal(parseFormBoundary('text/plain; boundary=abc'), null)
    assert.throws(() => parseFormBoundary('multipart/form-data'), failsWith('malformed-form'))
  })
})

describe('parseContentDisposition', () => {
  it('reads quoted, bare and extended parameters', () => {
    assert.deepEqual(parseContentDisposition('form-data; name="a\\"b"; filename=c'), {
      name: 'a"b',
      filename: 'c',
    })
    assert.deepEqual(parseContentDisposition("form-data; name=file; filename*=UTF-8''%C3%A9"), {
      name: 'file',
      filename: 'é',
    })
  })

  it('is null for what is none', () => {
    for (const text of [
      '',
      'form-data',
      'attachment; name="a"',
      'form-data; filename="a"',
      'form-data; name="a',
    ]) {
      assert.equal(parseContentDisposition(text), null, text)
    }
  })
})
