import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CorsFault } from '../service/cors/cors-rules.ts'
import { describeCorsFault } from './describe-cors-fault.ts'

const PLACES: Readonly<Record<CorsFault['problem'], string>> = {
  'id-repeated': 'cors.rules[3].id ',
  'id-too-long': 'cors.rules[3].id ',
  'method-unknown': 'cors.rules[3].allowedMethods ',
  'no-method': 'cors.rules[3].allowedMethods ',
  'no-origin': 'cors.rules[3].allowedOrigins ',
  'two-wildcards-in-origin': 'cors.rules[3].allowedOrigins ',
  'two-wildcards-in-header': 'cors.rules[3].allowedHeaders ',
  'not-a-header': 'cors.rules[3] ',
  'wildcard-in-exposed-header': 'cors.rules[3].exposeHeaders ',
  'negative-age': 'cors.rules[3].maxAgeSeconds ',
  'too-large': 'The CORS configuration ',
}

describe('what is wrong with a CORS rule', () => {
  for (const [problem, place] of Object.entries(PLACES) as [CorsFault['problem'], string][])
    it(`is told with its place in the input: ${problem}`, () => {
      const text = describeCorsFault({ problem, index: 3, value: 'https://*.*' })
      assert.ok(text.startsWith(place), text)
    })

  it('is told with at most 100 characters of what was sent, and with its control characters escaped', () => {
    const text = describeCorsFault({
      problem: 'method-unknown',
      index: 0,
      value: `\u001b[2J${'m'.repeat(500)}`,
    })
    assert.match(text, /got "\\u001b\[2Jm{96}"$/)
  })
})
