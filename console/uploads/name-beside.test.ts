import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nameBeside } from './name-beside.ts'

describe('a name beside one that is taken', () => {
  for (const [key, beside] of [
    ['coast.jpg', 'coast (2).jpg'],
    ['coast (2).jpg', 'coast (3).jpg'],
    ['trip.d/README', 'trip.d/README (2)'],
    ['.profile', '.profile (2)'],
    ['a/b.tar.gz', 'a/b.tar (2).gz'],
    ['line\nbreak (9)', 'line\nbreak (10)'],
  ] as const)
    it(`of ${JSON.stringify(key)} is ${JSON.stringify(beside)}`, () => {
      assert.equal(nameBeside(key), beside)
    })
})
