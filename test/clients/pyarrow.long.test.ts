import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, it } from 'node:test'
import { startWorld } from './world.ts'

const FOLDER = resolve('test/clients/pyarrow')
const PYTHON = resolve(FOLDER, 'venv/bin/python')
const skip = !existsSync(PYTHON) && 'pyarrow is not here (see test/clients/install-sdks.sh)'

describe('pyarrow', { skip }, () => {
  const world = startWorld()

  it('writes, reads, copies and deletes a dataset with a bucket key, in its defaults', async () => {
    const { bucket, endpoint, region } = world()
    const program = [resolve(FOLDER, 'datasets.py'), bucket, endpoint, region]
    assert.equal(await world().run(PYTHON, program), 'all datasets are equal\n')
  })
})
