import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { quoted } from './python-text.ts'

const TEXTS: readonly (readonly [title: string, text: string, python: string])[] = [
  ['a plain text stands in single quotes', 'a b', "'a b'"],
  ['a text with a single quote stands in double ones', "it's", `"it's"`],
  ['with both, the single ones are escaped', `'"`, `'\\'"'`],
  ['a line end and a backslash have letters', '\n\\', String.raw`'\n\\'`],
  ['letters of all scripts stay', 'é日🗼', "'é日🗼'"],
  ['controls are escaped', '\u0000\u007f\u0085', String.raw`'\x00\x7f\x85'`],
  ['spaces other than the plain one are escaped', '\u00a0\u2003\u3000', String.raw`'\xa0\u2003\u3000'`],
  ['what has no width is escaped', '\u00ad\u200b\ufeff', String.raw`'\xad\u200b\ufeff'`],
  ['half of a pair is escaped', '\ud83d', String.raw`'\ud83d'`],
  ['private and unassigned characters are escaped', '\ue000\u{e0001}', String.raw`'\ue000\U000e0001'`],
]

describe("a text in Python's quotes", () => {
  for (const [title, text, python] of TEXTS) test(title, () => assert.equal(quoted(text), python))
})
