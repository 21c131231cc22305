import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ImportLab } from './import-lab.ts'
import { ended } from './object-lab.ts'

const COUNT = 10_000

const lab = new ImportLab()
before(() => lab.start())
after(() => lab.stop())

describe('an import of many objects', () => {
  it('holds none of them: ten thousand take no more than a heap of 32 MiB', async () => {
    const objects = Object.fromEntries(
      Array.from({ length: COUNT }, (_, index) => [`object-${index}`, `body ${index}`]),
    )
    await lab.source.seed({ buckets: { many: { objects } } })
    const child = lab.spawn(
      [
        'import',
        's3',
        '--from',
        lab.source.endpoint,
        '--profile',
        'old',
        '--bucket',
        'many',
        '--no-progress',
      ],
      { NODE_OPTIONS: '--max-old-space-size=32' },
    )
    const { exitCode, stdout } = await ended(child)
    assert.equal(exitCode, 0)
    assert.match(stdout, /^many: 10,000 copied \(\S+ KiB\), 0 there already\n$/)
  })
})
