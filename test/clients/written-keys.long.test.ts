/** The files into which `--write-…` puts a key, read by the programs whose files they are. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { before, describe, it } from 'node:test'
import { EXECUTABLE } from '../harness/executable.ts'
import { needs, startWorld } from './world.ts'

const BOTO3 = resolve('test/clients/python/venv/newest/bin/python')

describe('a key that was written into files', () => {
  const world = startWorld()
  const WITHOUT_KEY = { withoutKey: true } as const

  before(async () => {
    const options = ['--write-profile', 'app', '--write-rclone', 'store', '--write-s3cfg', 's3cfg']
    const make = ['key', 'create', 'app', '--rights', 'read', 'write', 'list', '--buckets', world().bucket]
    const output = await world().run(EXECUTABLE, [...make, ...options], { key: world().rootKey })
    assert.doesNotMatch(output, /secretAccessKey/)
    writeFileSync(world().path('file'), 'stored')
  })

  it('opens its bucket to the aws CLI by its profile', needs('aws'), async () => {
    const { bucket, path } = { bucket: world().bucket, path: world().path('file') }
    const options = { ...WITHOUT_KEY, environment: { AWS_PROFILE: 'app' } }
    await world().run('aws', ['s3', 'cp', '--no-progress', path, `s3://${bucket}/aws`], options)
    assert.equal(await world().run('aws', ['s3', 'cp', `s3://${bucket}/aws`, '-'], options), 'stored')
  })

  const skip = !existsSync(BOTO3) && 'not installed (see test/clients/install-sdks.sh)'
  it('opens its bucket to boto3 by its profile', { skip }, async () => {
    const program = `
import boto3, sys
s3 = boto3.Session(profile_name="app").client("s3")
s3.put_object(Bucket=sys.argv[1], Key="boto3", Body=b"stored")
print(s3.get_object(Bucket=sys.argv[1], Key="boto3")["Body"].read().decode())`
    assert.equal(await world().run(BOTO3, ['-c', program, world().bucket], WITHOUT_KEY), 'stored\n')
  })

  for (const rclone of ['rclone', 'rclone-newest'])
    it(`opens its bucket to ${rclone} by its remote`, needs(rclone), async () => {
      const remote = `store:${world().bucket}/${rclone}`
      await world().run(rclone, ['copyto', world().path('file'), remote], WITHOUT_KEY)
      assert.equal(await world().run(rclone, ['cat', remote], WITHOUT_KEY), 'stored')
    })

  it('opens its bucket to s3cmd by its configuration', needs('s3cmd'), async () => {
    const url = `s3://${world().bucket}/s3cmd`
    const s3cmd = (...args: readonly string[]) =>
      world().run('s3cmd', ['--config', world().path('s3cfg'), '--no-progress', ...args], WITHOUT_KEY)
    await s3cmd('put', world().path('file'), url)
    await s3cmd('get', url, world().path('back'))
    assert.equal(readFileSync(world().path('back'), 'utf8'), 'stored')
  })
})
