import * as s3Sdk from '@aws-sdk/client-s3'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { S3_OPERATIONS } from '../../src/s3/operations/index.ts'
import { UNSUPPORTED_MARKERS } from '../../src/s3/request/s3-names.ts'
import { lightsailOperationsPage } from './lightsail-operations-page.ts'
import { DIFFERENCES, grouped, REASONS, s3OperationsPage } from './s3-operations-page.ts'
import { operationsOf } from './sdk-operations.ts'

describe('the pages of operations', () => {
  it('are what the model says (npm run docs writes them)', () => {
    assert.equal(readFileSync('docs/s3-operations.md', 'utf8'), s3OperationsPage())
    assert.equal(readFileSync('docs/lightsail-operations.md', 'utf8'), lightsailOperationsPage())
  })

  it('have every operation of S3 that is offered under a name that Amazon has for it', () => {
    const amazons = new Set(operationsOf(s3Sdk).map(({ name }) => name))
    const others = S3_OPERATIONS.map(({ operation }) => operation.name).filter((name) => !amazons.has(name))
    assert.deepEqual(others, [])
  })

  it('tell differences of operations that are offered', () => {
    const offered = new Set(S3_OPERATIONS.map(({ operation }) => operation.name))
    assert.deepEqual(
      Object.keys(DIFFERENCES).filter((name) => !offered.has(name)),
      [],
    )
  })

  it('say of everything that Amazon has and this server has not why, and that it is refused', () => {
    const offered = new Set(S3_OPERATIONS.map(({ operation }) => operation.name))
    const groups = grouped(operationsOf(s3Sdk).filter(({ name }) => !offered.has(name)))
    assert.deepEqual(groups.map(([mark]) => mark).toSorted(), Object.keys(REASONS).toSorted())
    for (const [mark, , answer] of groups)
      if (mark !== 'ListDirectoryBuckets')
        assert.match(answer, /^`(501 NotImplemented|405 MethodNotAllowed)`$/, mark)
  })

  it('know an operation behind every mark that is refused', () => {
    const known = new Set(Object.keys(REASONS))
    assert.deepEqual(
      [...UNSUPPORTED_MARKERS].filter((mark) => !known.has(`?${mark}`)),
      [],
    )
  })
})
