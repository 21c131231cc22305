import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mergeByKey } from './merge.ts'

async function* listing(keys: readonly string[], onEnd?: () => void): AsyncGenerator<{ key: string }> {
  try {
    for (const key of keys) yield await Promise.resolve({ key })
  } finally {
    onEnd?.()
  }
}

async function merged(source: readonly string[], target: readonly string[]): Promise<string[]> {
  const all: string[] = []
  for await (const { key, source: here, target: there } of mergeByKey(listing(source), listing(target)))
    all.push(`${key}:${here === undefined ? '' : 's'}${there === undefined ? '' : 't'}`)
  return all
}

describe('two listings as one', () => {
  it('have each key once, with where it is', async () => {
    assert.deepEqual(await merged(['a', 'b', 'd'], ['b', 'c', 'd', 'e']), [
      'a:s',
      'b:st',
      'c:t',
      'd:st',
      'e:t',
    ])
    assert.deepEqual(await merged([], []), [])
    assert.deepEqual(await merged(['a'], []), ['a:s'])
    assert.deepEqual(await merged([], ['a', 'b']), ['a:t', 'b:t'])
  })

  it('are in the order of UTF-8 bytes, in which what lies beyond U+FFFF comes last', async () => {
    assert.deepEqual(await merged(['\uFFFD', '\u{1F600}'], ['\u{1F600}']), ['\uFFFD:s', '\u{1F600}:st'])
  })

  it('are read no further once nobody wants more', async () => {
    let ended = 0
    const end = (): void => void (ended += 1)
    for await (const { key } of mergeByKey(listing(['a', 'b'], end), listing(['a', 'b'], end)))
      if (key === 'a') break
    assert.equal(ended, 2)
  })
})
