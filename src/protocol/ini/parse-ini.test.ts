import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ConfigFileError, parseIni } from './parse-ini.ts'
import type { Section } from './parse-ini.ts'

/** Sections as plain objects. */
function read(text: string): unknown {
  const plain = (section: Section | ReadonlyMap<string, string>): unknown =>
    Object.fromEntries(
      [...section].map(([name, value]) => [name, typeof value === 'string' ? value : plain(value)]),
    )
  return Object.fromEntries([...parseIni(text, 'config')].map(([name, section]) => [name, plain(section)]))
}

const VALID: readonly (readonly [title: string, text: string, sections: unknown])[] = [
  ['an empty file has no sections', '', {}],
  [
    'names are in any case, and blanks around them do not count',
    '[a]\n Region  =  x y \n',
    { a: { region: 'x y' } },
  ],
  ['a colon stands for an equals sign', '[a]\nregion: x=y\n', { a: { region: 'x=y' } }],
  ['only the first equals sign parts', '[a]\nk = a=b=c\n', { a: { k: 'a=b=c' } }],
  ['lines that start with # or ; are comments', '# x\n[a]\n; y\nk = v\n  # z\n', { a: { k: 'v' } }],
  ['a # within a value is part of it', '[a]\nk = v # w\n', { a: { k: 'v # w' } }],
  ['deeper lines go on the value', '[a]\nk = v\n  w\n', { a: { k: 'v\nw' } }],
  ['a value may be empty', '[a]\nk =\nl = v\n', { a: { k: '', l: 'v' } }],
  ['an indented block is a map', '[a]\ns3 =\n  x = 1\n  y=2\n', { a: { s3: { x: '1', y: '2' } } }],
  ['line ends of Windows and a byte order mark are passed over', '\ufeff[a]\r\nk = v\r\n', { a: { k: 'v' } }],
  ['what follows the bracket of a heading does not count', '[a] x\nk = v\n', { a: { k: 'v' } }],
  ['headings keep their case and blanks', '[Profile  A b]\nk = v\n', { 'Profile  A b': { k: 'v' } }],
  [
    'DEFAULT lends its settings to all sections',
    '[DEFAULT]\nk = v\n[a]\n[b]\nk = w\n',
    { a: { k: 'v' }, b: { k: 'w' } },
  ],
]
const INVALID: readonly (readonly [title: string, text: string, line: number | undefined])[] = [
  ['a setting before the first section', 'k = v\n', 1],
  ['a line that is neither', '[a]\nnonsense\n', 2],
  ['a section twice', '[a]\n[b]\n[a]\n', 3],
  ['a setting twice, whatever the case', '[a]\nk = v\nK = w\n', 3],
  ['a setting without a name', '[a]\n= v\n', 2],
  ['a heading that is not closed', '[a\nk = v\n', 1],
  ['a line without = in an indented block', '[a]\ns3 =\n  x\n', undefined],
]

describe('config files', () => {
  for (const [title, text, sections] of VALID) test(title, () => assert.deepEqual(read(text), sections))

  for (const [title, text, line] of INVALID)
    test(`refused: ${title}`, () =>
      assert.throws(
        () => parseIni(text, '/home/me/.aws/config'),
        (error) =>
          error instanceof ConfigFileError &&
          error.message ===
            `Unable to parse config file: /home/me/.aws/config${line === undefined ? '' : ` (line ${line})`}`,
      ))
})
