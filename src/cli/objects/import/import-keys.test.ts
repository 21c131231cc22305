import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { UsageError } from '../../usage-error.ts'
import { readKeyFile } from './import-keys.ts'

describe('a file of keys', () => {
  let [folder, path] = ['', '']
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lugsail-import-keys-'))
    path = join(folder, 'keys.json')
  })
  after(() => rmSync(folder, { recursive: true }))
  const read = (document: unknown) => {
    writeFileSync(path, typeof document === 'string' ? document : JSON.stringify(document))
    return readKeyFile(path)
  }
  const key = { name: 'a', accessKeyId: 'AKIA', secretAccessKey: 'hidden', buckets: ['b'], rights: ['read'] }

  it('has its keys as they are written, in a list or as a member', () => {
    assert.deepEqual(read([key]), [key])
    assert.deepEqual(read({ accessKeys: [key, { ...key, name: 'b' }], other: 1 }), [
      key,
      { ...key, name: 'b' },
    ])
    assert.deepEqual(read([]), [])
  })

  const refused: readonly (readonly [what: string, document: unknown, says: (path: string) => string])[] = [
    ['is no JSON', '{"secretAccessKey": hidden', (file) => `--keys: ${file} is no JSON`],
    ['has no list', { keys: [key] }, (file) => `--keys: expected {"accessKeys": [...]} in ${file}`],
    ['is null', 'null', (file) => `--keys: expected {"accessKeys": [...]} in ${file}`],
    ['is a text', '"hidden"', (file) => `--keys: expected {"accessKeys": [...]} in ${file}`],
    [
      'has null for a list',
      { accessKeys: null },
      (file) => `--keys: expected {"accessKeys": [...]} in ${file}`,
    ],
    ...[null, 'hidden', ['hidden']].map(
      (entry) =>
        [
          `has ${JSON.stringify(entry)} for a key`,
          [key, entry],
          (file: string) => `--keys: key 2 of ${file}: expected an object`,
        ] as const,
    ),
    ...(['name', 'accessKeyId', 'secretAccessKey'] as const).flatMap((name) =>
      [undefined, 7].map(
        (value) =>
          [
            `has ${String(value)} for ${name}`,
            [{ ...key, [name]: value }],
            (file: string) =>
              `--keys: key 1 of ${file}: expected name, accessKeyId and secretAccessKey as texts`,
          ] as const,
      ),
    ),
  ]
  for (const [what, document, says] of refused)
    it(`that ${what} is refused, and nothing of it shown`, () =>
      assert.throws(() => read(document), new UsageError(says(path))))

  it('has no members but those that a key may have, and says which', () => {
    assert.throws(
      () => read([{ ...key, bucket: 'b' }]),
      (error) =>
        error instanceof UsageError &&
        error.message.startsWith(`--keys: key 1 of ${path}: there is no "bucket"; there are name, `) &&
        error.message.includes(', buckets') &&
        !error.message.includes('hidden'),
    )
  })
})
