import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { before, describe, it } from 'node:test'
import { assertSameFile, plantFile } from './files.ts'
import { needs, startWorld } from './world.ts'

describe('curl --aws-sigv4', needs('curl'), () => {
  const world = startWorld()
  const curl = (path: string, ...args: string[]): Promise<string> =>
    world().run('curl', [
      '-sS',
      '--fail-with-body',
      '-K',
      world().path('curlrc'),
      ...args,
      `${world().endpoint}${path}`,
    ])

  before(() => {
    const { accessKeyId, secretAccessKey } = world().key
    // S3 wants the header; curl adds it by itself only from 8.x on.
    const lines = [
      `aws-sigv4 = "aws:amz:${world().region}:s3"`,
      `user = "${accessKeyId}:${secretAccessKey}"`,
      'header = "x-amz-content-sha256: UNSIGNED-PAYLOAD"',
    ]
    writeFileSync(world().path('curlrc'), lines.join('\n'))
  })

  it('puts, gets, lists and deletes an object', async () => {
    const path = `/${world().bucket}/from%20curl/%C3%BC%2B.bin`
    const file = await plantFile(world().path('file'), 20_000_000)
    await curl(path, '-T', file)
    await curl(path, '-o', world().path('back'))
    await assertSameFile(world().path('back'), file)
    assert.match(await curl(`/${world().bucket}?list-type=2`), /<Key>from curl\/ü\+\.bin<\/Key>/)
    await curl(path, '-X', 'DELETE')
    await assert.rejects(curl(path), /NoSuchKey/)
  })
})
