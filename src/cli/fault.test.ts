import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { join } from 'node:path'
import { isFault } from './fault.ts'
import { UsageError } from './usage-error.ts'

function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

const parts: unknown[] = [undefined]

describe('a fault of the program', () => {
  for (const [title, run] of [
    ['a member of nothing', () => (parts[0] as { name: string }).name],
    ['an argument of the wrong type for Node', () => join(...(parts as string[]))],
    ['a date out of range', () => new Date(Number.NaN).toISOString()],
  ] as const)
    it(`is ${title}`, () => assert.equal(isFault(thrownBy(run)), true))

  it('is what is no error at all', () => assert.equal(isFault('text'), true))

  for (const [title, run] of [
    [
      'what was typed',
      () => {
        throw new UsageError('no such option')
      },
    ],
    ['an URL that cannot be read', () => new URL('::')],
    [
      'an error with a code of the system',
      () => {
        throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
      },
    ],
  ] as const)
    it(`is not ${title}`, () => assert.equal(isFault(thrownBy(run)), false))
})
