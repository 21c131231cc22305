import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { transfersOf, type Transfer } from './copy-plan.ts'
import { lastName, pathBelow } from './local-names.ts'
import { ObjectError } from './object-error.ts'
import { placeText, readObjectPlace, readPlace } from './place.ts'
import { folderPrefix } from './rm.ts'
import { ObjectOptions, type ObjectRun } from './run-context.ts'

/** Sizes by key, in the bucket `b` and in every other one. */
const OBJECTS: Readonly<Record<string, number>> = {
  a: 1,
  'a/': 0,
  'a/1': 11,
  'a/2': 12,
  'a/copies/1': 13,
  'a/sub/': 0,
  'a/sub/3': 14,
  'ab/4': 15,
  'e/': 7,
  'up/../x': 16,
}

/** Two objects on a page of a listing. */
const client = {
  send: (command: unknown): Promise<object> => {
    if (command instanceof HeadObjectCommand)
      return Promise.resolve({ ContentLength: OBJECTS[command.input.Key ?? ''] })
    assert.ok(command instanceof ListObjectsV2Command)
    const { Prefix = '', ContinuationToken = '0' } = command.input
    const keys = Object.keys(OBJECTS).filter((key) => key.startsWith(Prefix))
    const from = Number(ContinuationToken)
    return Promise.resolve({
      EncodingType: 'url',
      Contents: keys
        .slice(from, from + 2)
        .map((key) => ({ Key: encodeURIComponent(key), Size: OBJECTS[key] })),
      IsTruncated: from + 2 < keys.length,
      NextContinuationToken: String(from + 2),
    })
  },
}

let folder = ''
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'lugsail-copy-plan-'))
  writeFileSync(join(folder, 'file'), 'text')
  mkdirSync(join(folder, 'dir/sub'), { recursive: true })
  writeFileSync(join(folder, 'dir/x'), 'four')
  writeFileSync(join(folder, 'dir/sub/y'), 'fives')
  symlinkSync('..', join(folder, 'dir/sub/z'))
})
after(() => rmSync(folder, { recursive: true }))

/** What `cp` or `mv` with these words does, each thing in a line; FOLDER stands for the folder of the test. */
async function plan(line: string, command: 'cp' | 'mv' = 'cp'): Promise<string[] | string> {
  const words = line.split(' ')
  const flags = words.filter((word) => word.startsWith('--')).map((word) => [word.slice(2), true] as const)
  const run = {
    ...{ client, command, options: new ObjectOptions(new Map(flags)) },
    words: words.filter((word) => !word.startsWith('--')).map((word) => word.replace('FOLDER', folder)),
  } as unknown as ObjectRun
  try {
    const lines: string[] = []
    for await (const transfer of await transfersOf(run, command === 'mv'))
      lines.push(shown(transfer).replaceAll(folder, 'FOLDER'))
    return lines
  } catch (error) {
    assert.ok(error instanceof Error)
    return error.message.replaceAll(folder, 'FOLDER')
  }
}

function shown(transfer: Transfer): string {
  switch (transfer.kind) {
    case 'upload': {
      const { from, target } = transfer
      const source = from === '-' ? '-' : `${from.path} (${String(from.sizeBytes)})`
      return `upload ${source} to ${placeText(target)}`
    }
    case 'copy':
      return `copy ${placeText(transfer.from)} (${transfer.from.sizeBytes}) to ${placeText(transfer.target)}`
    case 'download':
    case 'folder':
      return `${transfer.kind} ${placeText(transfer.from)} to ${transfer.target}`
    case 'refused':
      return `refused ${placeText(transfer.from)} to ${transfer.target}: ${transfer.error.message}`
    case 'problem':
      return `problem ${transfer.source}: ${transfer.why}`
  }
}

const OUT = 'its name would lead out of the target folder; copy it alone, under a name of your own'

describe('cp', () => {
  const table: readonly (readonly [line: string, outcome: readonly string[] | string])[] = [
    ['FOLDER/file s3://b/k', ['upload FOLDER/file (4) to s3://b/k']],
    ['FOLDER/file s3://b', ['upload FOLDER/file (4) to s3://b/file']],
    ['FOLDER/file s3://b/', ['upload FOLDER/file (4) to s3://b/file']],
    ['FOLDER/file s3://b/p/', ['upload FOLDER/file (4) to s3://b/p/file']],
    ['FOLDER/dir s3://b/p', 'is a folder'],
    ['/dev/null s3://b/p', ['upload /dev/null (undefined) to s3://b/p']],
    ['- s3://b/p', ['upload - to s3://b/p']],
    ['- s3://b', 's3://b/ names no object, and standard input has no name'],
    ['- s3://b/p/', 's3://b/p/ names no object, and standard input has no name'],
    ['s3://b/a/1 -', ['download s3://b/a/1 to -']],
    ['s3://b/a/1 FOLDER/new', ['download s3://b/a/1 to FOLDER/new']],
    ['s3://b/a/1 FOLDER', ['download s3://b/a/1 to FOLDER/1']],
    ['s3://b/a/1 FOLDER/none/', ['download s3://b/a/1 to FOLDER/none/1']],
    ['s3://b/.. FOLDER', [`refused s3://b/.. to FOLDER/: ${OUT}`]],
    ['s3://b FOLDER', 's3://b/ names no object; --recursive takes all that is in it'],
    ['s3://b/a/1 s3://c/k', ['copy s3://b/a/1 (11) to s3://c/k']],
    ['s3://b/a/1 s3://c', ['copy s3://b/a/1 (11) to s3://c/1']],
    ['s3://b/a/1 s3://c/p/', ['copy s3://b/a/1 (11) to s3://c/p/1']],
    ['s3://b/e/ s3://c/p/', ['copy s3://b/e/ (7) to s3://c/p/e/']],
    ['s3://b/a/1 s3://b/a/', ['copy s3://b/a/1 (11) to s3://b/a/1']],
    ['s3://b/none s3://c/k', ['copy s3://b/none (0) to s3://c/k']],
    ['FOLDER/file FOLDER/other', 'one of FOLDER/file and FOLDER/other must be s3://BUCKET/KEY'],
    ['- -', 'one of - and - must be s3://BUCKET/KEY'],
    ['--recursive - s3://b/p', '- is one body, so it goes without --recursive'],
    ['--recursive s3://b/p -', '- is one body, so it goes without --recursive'],
    ['--json s3://b/p -', '--json and - would both write to standard output'],
    ['--json - s3://b/p', ['upload - to s3://b/p']],
    [
      '--recursive FOLDER/dir s3://b/p',
      [
        'upload FOLDER/dir/sub/y (5) to s3://b/p/sub/y',
        'problem FOLDER/dir/sub/z: a symbolic link leads back to a folder above it',
        'upload FOLDER/dir/x (4) to s3://b/p/x',
      ],
    ],
    [
      '--recursive s3://b/a FOLDER/t',
      [
        'folder s3://b/a/ to FOLDER/t',
        'download s3://b/a/1 to FOLDER/t/1',
        'download s3://b/a/2 to FOLDER/t/2',
        'download s3://b/a/copies/1 to FOLDER/t/copies/1',
        'folder s3://b/a/sub/ to FOLDER/t/sub',
        'download s3://b/a/sub/3 to FOLDER/t/sub/3',
      ],
    ],
    ['--recursive s3://b/up FOLDER/t', [`refused s3://b/up/../x to FOLDER/t/: ${OUT}`]],
    [
      '--recursive s3://b/e/ FOLDER/t',
      [
        'refused s3://b/e/ to FOLDER/t/: no file can have its name, which has the part ""; copy it alone, under a name of your own',
      ],
    ],
    [
      '--recursive s3://b/a/sub s3://c/p',
      ['copy s3://b/a/sub/ (0) to s3://c/p/', 'copy s3://b/a/sub/3 (14) to s3://c/p/3'],
    ],
    ['--recursive s3://b/a/sub s3://c', ['copy s3://b/a/sub/3 (14) to s3://c/3']],
    // What is copied is not copied on.
    [
      '--recursive s3://b/a s3://b/a/copies',
      [
        'copy s3://b/a/ (0) to s3://b/a/copies/',
        'copy s3://b/a/1 (11) to s3://b/a/copies/1',
        'copy s3://b/a/2 (12) to s3://b/a/copies/2',
        'copy s3://b/a/sub/ (0) to s3://b/a/copies/sub/',
        'copy s3://b/a/sub/3 (14) to s3://b/a/copies/sub/3',
      ],
    ],
    [
      '--recursive s3://b/a s3://c/a/copies',
      [
        'copy s3://b/a/ (0) to s3://c/a/copies/',
        'copy s3://b/a/1 (11) to s3://c/a/copies/1',
        'copy s3://b/a/2 (12) to s3://c/a/copies/2',
        'copy s3://b/a/copies/1 (13) to s3://c/a/copies/copies/1',
        'copy s3://b/a/sub/ (0) to s3://c/a/copies/sub/',
        'copy s3://b/a/sub/3 (14) to s3://c/a/copies/sub/3',
      ],
    ],
    ['--recursive s3://b/a s3://b/a/', 's3://b/a is source and target'],
    ['--recursive s3://b/ab s3://b/a', ['copy s3://b/ab/4 (15) to s3://b/a/4']],
  ]
  for (const [line, outcome] of table)
    it(`${line}: ${typeof outcome === 'string' ? outcome : `${outcome.length} to do`}`, async () =>
      assert.deepEqual(await plan(line), outcome))
})

describe('mv', () => {
  const table: readonly (readonly [line: string, outcome: readonly string[] | string])[] = [
    ['FOLDER/file s3://b/k', ['upload FOLDER/file (4) to s3://b/k']],
    ['- s3://b/k', 'what comes from or goes to - cannot be moved; use cp'],
    ['s3://b/a/1 -', 'what comes from or goes to - cannot be moved; use cp'],
    ['s3://b/a/1 s3://b/a/1', 's3://b/a/1 cannot be moved onto itself'],
    ['s3://b/a/1 s3://b/a/', 's3://b/a/1 cannot be moved onto itself'],
    ['s3://b/a/1 s3://c/a/1', ['copy s3://b/a/1 (11) to s3://c/a/1']],
  ]
  for (const [line, outcome] of table)
    it(`${line}: ${typeof outcome === 'string' ? outcome : `${outcome.length} to do`}`, async () =>
      assert.deepEqual(await plan(line, 'mv'), outcome))
})

describe('a place', () => {
  it('is an object, a path, or a stream, and is shown as it is typed', () => {
    assert.deepEqual(readPlace('s3://b/k/l'), { kind: 'object', bucketName: 'b', key: 'k/l' })
    assert.deepEqual(readPlace('s3://b//k'), { kind: 'object', bucketName: 'b', key: '/k' })
    assert.deepEqual(readPlace('s3://b'), { kind: 'object', bucketName: 'b', key: '' })
    assert.deepEqual(readPlace('-'), { kind: 'stream' })
    assert.deepEqual(readPlace('./s3://b'), { kind: 'file', path: './s3://b' })
    assert.deepEqual(readObjectPlace('b/k'), { kind: 'object', bucketName: 'b', key: 'k' })
    for (const text of ['s3://b/k', '-', 'a/b']) assert.equal(placeText(readPlace(text)), text)
    assert.throws(() => readPlace(''), /expected a path or s3:\/\/BUCKET\/KEY, got nothing/)
    for (const text of ['s3://', 's3:///k'])
      assert.throws(() => readPlace(text), /expected s3:\/\/BUCKET\/KEY/)
    assert.throws(() => readObjectPlace('/k'), /expected s3:\/\/BUCKET\/KEY, got "\/k"/)
  })

  it('is a folder’s prefix with a slash behind it', () =>
    assert.deepEqual(['', 'a', 'a/'].map(folderPrefix), ['', 'a/', 'a/']))
})

describe('the name of a file', () => {
  it('is below its folder, or none', () => {
    assert.equal(pathBelow('f', 'a/b'), join('f', 'a', 'b'))
    assert.equal(pathBelow('f', '...'), join('f', '...'))
    for (const rest of ['..', '../a', 'a/..', '/a', 'a/../../b'])
      assert.throws(() => pathBelow('f', rest), new ObjectError(OUT), rest)
    for (const rest of ['', 'a/', 'a//b', '.', './a', 'a\0b'])
      assert.throws(() => pathBelow('f', rest), /no file can have its name/, rest)
  })

  it('is what stands behind the last slash that something follows', () =>
    assert.deepEqual(['', 'a', 'a/b', 'a/b//', '/', 'a/'].map(lastName), ['', 'a', 'b', 'b', '', 'a']))
})
