import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, it } from 'node:test'
import { needs, startWorld } from './world.ts'

const hasBoto3 = spawnSync('python3', ['-c', 'import boto3']).status === 0

describe('URLs that are presigned by version 2', () => {
  const world = startWorld()

  it(
    'made by boto3 without a word about signatures, put, get, head, delete and copy objects of any name',
    { skip: !hasBoto3 && 'python3 has no boto3 (see test/clients/install.sh)' },
    async () => {
      const script = resolve('test/clients/presigned-version-2.py')
      assert.equal(await world().run('python3', [script, world().bucket]), 'all URLs are good\n')
    },
  )

  it('made by aws s3 presign are good until they expire', needs('aws'), async (t) => {
    const { bucket } = world()
    for (const key of ['plain', 'with space', 'plus+sign', 'per%cent', 'é/ü']) {
      await world().run('aws', ['s3', 'cp', '-', `s3://${bucket}/${key}`], { input: key })
      const url = (await world().run('aws', ['s3', 'presign', `s3://${bucket}/${key}`])).trim()
      if (!url.includes('AWSAccessKeyId=')) return t.skip('this aws CLI presigns by version 4')
      assert.equal(await (await fetch(url)).text(), key)
      const expired = await fetch(url.replace(/Expires=\d+/, 'Expires=1700000000'))
      assert.equal(expired.status, 403)
      assert.match(await expired.text(), /Request has expired/)
    }
  })
})
