import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { splitShellWords } from './shell-words.ts'

describe('the words of a shell', () => {
  const lines: readonly (readonly [line: string, ...words: string[]])[] = [
    [''],
    [' \t\n '],
    ['a', 'a'],
    ['  a  b\tc\nd  ', 'a', 'b', 'c', 'd'],
    ["'a b' c", 'a b', 'c'],
    ["''", ''],
    ['""', ''],
    [`'' "" x`, '', '', 'x'],
    [`a'b c'd`, 'ab cd'],
    [`a"b c"d`, 'ab cd'],
    [`'a\\'`, 'a\\'],
    [`'a"b' "c'd"`, 'a"b', "c'd"],
    ['"a\\"b" c', 'a"b', 'c'],
    ['"a\\\\" b', 'a\\', 'b'],
    ['"a\\nb"', 'a\\nb'],
    ['"$HOME \\$x"', '$HOME \\$x'],
    ['a\\ b c', 'a b', 'c'],
    ['\\a\\\\', 'a\\'],
    [`\\'x`, "'x"],
    ['a;b|c #d', 'a;b|c', '#d'],
  ]
  for (const [line, ...words] of lines)
    it(`of ${JSON.stringify(line)} are ${JSON.stringify(words)}`, () =>
      assert.deepEqual(splitShellWords(line), words))

  for (const line of ["'", '"', "a 'b", 'a "b', '"a\\"', 'a\\', `"a'`, '"a\\'])
    it(`of ${JSON.stringify(line)} are none, since it does not end`, () =>
      assert.equal(splitShellWords(line), undefined))
})
