import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { withOutputKept } from '../../../test/cli/run-in-process.ts'
import { contentTypeOf } from './content-type.ts'
import { lastName, pathBelow } from './local-names.ts'
import { placeText, readObjectPlace, readPlace } from './place.ts'
import { Report } from './report.ts'
import { sizeText } from './sizes.ts'

/** What a command says through its report, and its exit code. */
const said = (
  fill: (report: Report) => void,
  how: { readonly isJson?: boolean; readonly isQuiet?: boolean } = {},
) =>
  withOutputKept(() => {
    const report = new Report({ command: 'cp', isJson: false, isQuiet: false, ...how })
    fill(report)
    return report.finish()
  })

describe('what a command on objects says', () => {
  it('is a line for each thing, unless it is to be quiet', async () => {
    const fill = (report: Report): void => {
      report.beginList('copied')
      report.entry('copied', 'one', { key: 'a' })
      report.entry('copied', 'two', { key: 'b' })
    }
    assert.deepEqual(await said(fill), { exitCode: 0, stdout: 'one\ntwo\n', stderr: '' })
    assert.deepEqual(await said(fill, { isQuiet: true }), { exitCode: 0, stdout: '', stderr: '' })
  })

  it('is one document with its lists, also where nothing is in them', async () => {
    const { stdout, exitCode } = await said(
      (report) => {
        report.beginList('first')
        report.entry('first', 'x', { key: 'a', none: undefined })
        report.entry('first', 'x', { key: 'b', count: 2, isDone: true })
        report.beginList('first')
        report.beginList('empty')
        report.entry('last', 'x', { key: 'c' })
      },
      { isJson: true, isQuiet: true },
    )
    assert.equal(exitCode, 0)
    assert.deepEqual(JSON.parse(stdout), {
      first: [{ key: 'a' }, { key: 'b', count: 2, isDone: true }],
      empty: [],
      last: [{ key: 'c' }],
    })
    assert.equal((await said((report) => report.beginList('x'), { isJson: true })).stdout, '{"x": []}\n')
    assert.equal((await said(() => undefined, { isJson: true })).stdout, '')
  })

  it('has what went wrong on standard error as well, and in the exit code', async () => {
    const failed = await said((report) => {
      report.skip('x', 'was passed over', { key: 'a' })
      report.failure('x', 'failed\u001b', { key: 'b' })
      report.entry('x', 'done', {})
    })
    assert.deepEqual(failed, {
      exitCode: 1,
      stdout: 'done\n',
      stderr: 'lugsail cp: was passed over\nlugsail cp: failed\\u001b\n',
    })
    const skipped = await said((report) => report.skip('x', 'was passed over', { key: 'a' }), {
      isJson: true,
    })
    assert.equal(skipped.exitCode, 2)
    assert.deepEqual(JSON.parse(skipped.stdout), { x: [{ key: 'a', error: 'was passed over' }] })
  })

  it('forgets what went wrong when all is tried again', async () => {
    const again = await said((report) => {
      report.failure('x', 'failed', {})
      report.skip('x', 'skipped', {})
      report.startOver()
    })
    assert.equal(again.exitCode, 0)
    const later = await said((report) => {
      report.failure('x', 'failed', {})
      report.startOver()
      report.skip('x', 'skipped', {})
    })
    assert.equal(later.exitCode, 2)
  })
})

describe('a number of bytes for people', () => {
  for (const [bytes, text] of [
    [0, '0 B'],
    [1_023, '1023 B'],
    [1_024, '1.0 KiB'],
    [1_536, '1.5 KiB'],
    [1024 ** 2, '1.0 MiB'],
    [12.34 * 1024 ** 3, '12.3 GiB'],
    [1024 ** 4, '1.0 TiB'],
    [1024 ** 5, '1.0 PiB'],
    [2_000 * 1024 ** 5, '2000.0 PiB'],
  ] as const)
    it(text, () => assert.equal(sizeText(bytes), text))
})

describe('names of files and objects', () => {
  it('are below the folder, or refused', () => {
    assert.equal(pathBelow('to', 'a/b c/d'), join('to', 'a', 'b c', 'd'))
    for (const rest of ['..', 'a/../b', '/a', '/'])
      assert.throws(() => pathBelow('to', rest), /would lead out of the target folder/, rest)
    for (const [rest, part] of [
      ['a//b', '""'],
      ['a/', '""'],
      ['./a', '"."'],
      ['a\0b', '"a\\u0000b"'],
    ] as const)
      assert.throws(
        () => pathBelow('to', rest),
        (error) => error instanceof Error && error.message.includes(`has the part ${part};`),
        rest,
      )
  })

  it('end with the last name', () => {
    for (const [text, name] of [
      ['a', 'a'],
      ['a/b', 'b'],
      ['a/b//', 'b'],
      ['/', ''],
      ['', ''],
    ] as const)
      assert.equal(lastName(text), name)
  })

  it('are places as they are typed', () => {
    for (const text of ['-', 'a/b', './-', 's3:/x', 's3://photos/', 's3://photos/a/b', 's3://photos//a'])
      assert.equal(placeText(readPlace(text)), text)
    assert.deepEqual(readPlace('s3://photos'), { kind: 'object', bucketName: 'photos', key: '' })
    assert.deepEqual(readObjectPlace('photos/a/b'), { kind: 'object', bucketName: 'photos', key: 'a/b' })
    assert.throws(() => readPlace(''), { name: 'UsageError', message: /got nothing$/ })
    for (const text of ['s3://', 's3:///a', '/a', ''])
      assert.throws(() => readObjectPlace(text), { name: 'UsageError' })
  })

  it('tell a content type by their end, in any case, or none', () => {
    for (const [name, type] of [
      ['a.html', 'text/html'],
      ['A.JPG', 'image/jpeg'],
      ['x/y.tar.gz', 'application/gzip'],
      ['a.unknown', undefined],
      ['html', undefined],
      ['a.', undefined],
      ['a.constructor', undefined],
    ] as const)
      assert.equal(contentTypeOf(name), type, name)
  })
})
