import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, it } from 'node:test'
import { plantFile } from './files.ts'
import { startWorld } from './world.ts'

const hasBoto3 = spawnSync('python3', ['-c', 'import boto3']).status === 0

describe('boto3', { skip: !hasBoto3 && 'python3 has no boto3 (see test/clients/install.sh)' }, () => {
  const world = startWorld()

  it('sends, copies and fetches large objects in parts, from many threads, byte for byte', async () => {
    await plantFile(world().path('large'), 100_000_001)
    const script = resolve('test/clients/boto3-transfers.py')
    const output = await world().run('python3', [script, world().bucket, world().folder])
    assert.equal(output, 'all round trips are equal\n')
  })
})
