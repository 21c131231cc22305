import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { WireRecord } from '../../client/values.ts'
import { formatTable } from './table.ts'
import { formatText } from './text.ts'

/** More than a call of a function takes as arguments. */
const COUNT = 150_000
const NAMES = Array.from({ length: COUNT }, (_, index) => `n${index}`)

describe('an output of very many elements', () => {
  test('is written as text', () => {
    const text = formatText(new Map([['names', NAMES]]))
    assert.ok(text.endsWith(`NAMES\tn${COUNT - 1}\n`))
  })

  test('is written as a table of as many sections', () => {
    // Each makes a section of its own and one of its list.
    const records = NAMES.slice(COUNT / 2).map((name): WireRecord => new Map([['list', [name]]]))
    const table = formatTable('T', records, { widthMax: 80, isColored: false, isTerminal: false })
    assert.ok(table.includes(`  n${COUNT - 1} `))
  })
})
