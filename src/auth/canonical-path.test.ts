import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { canonicalPath } from './canonical-path.ts'

describe('the path that a signature covers', () => {
  const PATHS: readonly (readonly [path: string, forOthers: string])[] = [
    ['', '/'],
    ['/', '/'],
    ['/a', '/a'],
    ['/a/', '/a/'],
    ['//a', '/a'],
    ['/a//b', '/a/b'],
    ['/a//', '/a/'],
    ['/.', '/'],
    ['/..', '/'],
    ['/./a', '/a'],
    ['/a/.', '/a/'],
    ['/a/./b', '/a/b'],
    ['/a/..', '/'],
    ['/a/../b', '/b'],
    ['/a/b/..', '/a/'],
    ['/a/b/../..', '/'],
    ['/../../a', '/a'],
    ['/a/.b', '/a/.b'],
    ['/a/b.', '/a/b.'],
    ['/a/...', '/a/...'],
    ['/a/..b/c..', '/a/..b/c..'],
    ['/%2E%2E/a', '/%252E%252E/a'],
    ['/a%20b', '/a%2520b'],
  ]
  for (const [path, forOthers] of PATHS) {
    it(`${path || 'of nothing'} is ${path || '/'} in S3, where a key may hold anything`, () => {
      assert.equal(canonicalPath(path, 'single'), path || '/')
    })

    it(`${path || 'of nothing'} is ${forOthers} elsewhere`, () => {
      assert.equal(canonicalPath(path, 'double'), forOthers)
    })
  }
})
