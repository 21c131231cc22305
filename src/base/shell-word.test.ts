import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { it } from 'node:test'
import { fishQuoted, shellQuoted, shellWord } from './shell-word.ts'

const TEXTS = ['', ' ', "it's", "''", '$HOME', '`id`', '"a"', 'a\\', 'a\nb', '*', 'ä', '~', '!', ';#&|<>()']

it('a quoted text is one word to a shell, and the text again', () => {
  const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${TEXTS.map(shellQuoted).join(' ')}`], {
    encoding: 'utf8',
  })
  assert.deepEqual(stdout.split('\0').slice(0, -1), TEXTS)
})

it('a text has no quotes where a shell needs none', () => {
  for (const text of ['a', 'A-1', 'key=value', '/path/to.file', 'user@host:80', '50%,+_'])
    assert.equal(shellWord(text), text)
  for (const text of TEXTS) assert.equal(shellWord(text), shellQuoted(text))
})

it('fish reads a quote and a backslash behind a backslash', () => {
  assert.equal(fishQuoted('a'), "'a'")
  assert.equal(fishQuoted("it's a\\b"), "'it\\'s a\\\\b'")
})
