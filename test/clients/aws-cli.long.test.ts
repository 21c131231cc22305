import assert from 'node:assert/strict'
import { createReadStream, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { assertSameFile, assertSameTree, digestOf, plantFile, plantTree } from './files.ts'
import { needs, startWorld } from './world.ts'

const LARGE_BYTES = 200_000_000

describe('aws CLI', needs('aws'), () => {
  const world = startWorld()
  const aws = (...args: string[]): Promise<string> => world().run('aws', args)
  const s3 = (...args: string[]): Promise<string> => aws('s3', ...args)
  const url = (key: string): string => `s3://${world().bucket}/${key}`

  it('s3 cp stores a file of 200 MB in parts, copies it in the bucket, and brings both back byte for byte', async () => {
    const large = await plantFile(world().path('large'), LARGE_BYTES)
    await s3('cp', '--no-progress', large, url('large'))
    await s3('cp', '--no-progress', url('large'), url('copy of large'))
    for (const key of ['large', 'copy of large']) {
      await s3('cp', '--no-progress', url(key), world().path('back'))
      await assertSameFile(world().path('back'), large)
    }
    const head: unknown = JSON.parse(
      await aws('s3api', 'head-object', '--bucket', world().bucket, '--key', 'large'),
    )
    assert.ok(typeof head === 'object' && head !== null && 'ETag' in head && 'ContentLength' in head)
    assert.match(String(head.ETag), /^"[0-9a-f]{32}-24"$/)
    assert.equal(head.ContentLength, LARGE_BYTES)
  })

  it('s3 sync carries a tree there and back, sends nothing twice, and removes with --delete what is gone', async () => {
    const tree = plantTree(world().path('tree'))
    await s3('sync', '--no-progress', tree, url('tree'))
    await s3('sync', '--no-progress', url('tree'), world().path('tree-back'))
    await assertSameTree(world().path('tree-back'), tree)
    assert.equal(await s3('sync', '--no-progress', tree, url('tree')), '')
    rmSync(`${tree}/a`, { recursive: true })
    await s3('sync', '--no-progress', '--delete', tree, url('tree'))
    await s3('sync', '--no-progress', '--delete', url('tree'), world().path('tree-back'))
    await assertSameTree(world().path('tree-back'), tree)
  })

  it('s3 cp streams from standard input to standard output; mv, ls and rm follow', async () => {
    await world().run('aws', ['s3', 'cp', '-', url('streamed')], { input: 'from a pipe' })
    await s3('mv', url('streamed'), url('moved'))
    assert.equal(await s3('cp', url('moved'), '-'), 'from a pipe')
    assert.match(await s3('ls', url('')), / 11 moved$/m)
    await s3('rm', url('moved'))
    assert.doesNotMatch(await s3('ls', url('')), /moved$/m)
  })

  it('s3 presign makes a URL that opens the object without a key', async () => {
    writeFileSync(world().path('config'), '[default]\ns3 =\n  signature_version = s3v4\n')
    writeFileSync(world().path('shown'), 'seen by all who have the URL')
    await s3('cp', '--no-progress', world().path('shown'), url('shown ü+&.txt'))
    const presigned = await world().run('aws', ['s3', 'presign', url('shown ü+&.txt')], {
      environment: { AWS_CONFIG_FILE: world().path('config') },
    })
    const response = await fetch(presigned.trim())
    assert.equal(await response.text(), readFileSync(world().path('shown'), 'utf8'))
  })

  it('s3 mb and rb make and remove a bucket with the account, and are refused to a bucket key', async () => {
    await assert.rejects(s3('mb', 's3://another-bucket'), /AccessDenied/)
    const { rootKey: key } = world()
    await world().run('aws', ['s3', 'mb', 's3://another-bucket'], { key })
    assert.match(await world().run('aws', ['s3', 'ls'], { key }), / another-bucket$/m)
    await world().run('aws', ['s3', 'rb', 's3://another-bucket'], { key })
    assert.doesNotMatch(await world().run('aws', ['s3', 'ls'], { key }), / another-bucket$/m)
  })

  it('s3api put-object keeps and checks the checksum that the CLI sends along', async () => {
    const file = await plantFile(world().path('checked'), 3_000_000)
    const { bucket } = world()
    await aws(
      's3api',
      'put-object',
      '--bucket',
      bucket,
      '--key',
      'checked',
      '--body',
      file,
      '--checksum-algorithm',
      'SHA256',
    )
    const digest = createHash('sha256')
    await pipeline(createReadStream(file), digest)
    const args = [
      '--bucket',
      bucket,
      '--key',
      'checked',
      '--checksum-mode',
      'ENABLED',
      '--query',
      'ChecksumSHA256',
      '--output',
      'text',
    ]
    assert.equal((await aws('s3api', 'head-object', ...args)).trim(), digest.digest('base64'))
    await aws('s3api', 'get-object', '--bucket', bucket, '--key', 'checked', world().path('checked-back'))
    assert.equal(await digestOf(world().path('checked-back')), await digestOf(file))
  })
})
