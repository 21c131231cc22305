import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, it } from 'node:test'
import { testSteps } from './go-through-steps.ts'
import { PYTHON } from './programs.ts'
import { startWorld } from './world.ts'

testSteps(PYTHON)

const INTERPRETER = resolve('test/clients/python/venv/frameworks/bin/python')
const TABLES = resolve('test/clients/python/tables.py')
const skip = !existsSync(INTERPRETER) && 'not installed (see test/clients/install-sdks.sh)'

describe('tables in a bucket', { skip }, () => {
  const world = startWorld()
  const tables = (client: string): Promise<string> => {
    const { bucket, endpoint, region } = world()
    return world().run(INTERPRETER, [TABLES, client, endpoint, region, bucket])
  }

  it('polars writes, scans and filters Parquet and CSV under names that are hard to encode', async () => {
    assert.match(await tables('polars'), /^all tables are equal$/m)
  })

  it('deltalake commits, appends, deletes, compacts and vacuums a table', async () => {
    assert.match(await tables('deltalake'), /^all tables are equal$/m)
  })

  it('pyiceberg creates, appends to and deletes from a table', async () => {
    assert.match(await tables('pyiceberg'), /^all tables are equal$/m)
  })
})
