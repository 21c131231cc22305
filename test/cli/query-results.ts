import assert from 'node:assert/strict'
import { it } from 'node:test'
import { compile } from '../../src/cli/query/compile.ts'
import { QueryError } from '../../src/cli/query/query-error.ts'
import { readJson } from '../../src/client/json/read.ts'
import { writeJson } from '../../src/client/json/write.ts'

/** What an expression finds in a document. */
export const found = (expression: string, json: string): string =>
  writeJson(compile(expression).search(readJson(json)))

/** The message of the error with which an expression ends, when it is read or when it is applied. */
export function refusal(expression: string, json = 'null'): string {
  try {
    found(expression, json)
  } catch (error) {
    assert.ok(error instanceof QueryError, String(error))
    return error.message
  }
  assert.fail(`${expression} is taken`)
}

type Row = readonly [expression: string, result: string]

/** A test for each expression of what it finds in the document. */
export function gives(json: string, rows: readonly Row[]): void {
  for (const [expression, result] of rows)
    it(`${expression} of ${json} is ${result}`, () => assert.equal(found(expression, json), result))
}
