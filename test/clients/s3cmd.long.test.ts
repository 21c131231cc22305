import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { before, describe, it } from 'node:test'
import { assertSameFile, assertSameTree, plantFile, plantTree } from './files.ts'
import { needs, startWorld } from './world.ts'

describe('s3cmd', needs('s3cmd'), () => {
  const world = startWorld()
  const s3cmd = (...args: string[]): Promise<string> =>
    world().run('s3cmd', ['--config', world().path('s3cfg'), '--no-progress', ...args])
  const url = (key: string): string => `s3://${world().bucket}/${key}`

  before(() => {
    const { host } = new URL(world().endpoint)
    const { accessKeyId, secretAccessKey } = world().key
    const settings = {
      access_key: accessKeyId,
      secret_key: secretAccessKey,
      host_base: host,
      host_bucket: host,
      use_https: 'False',
    }
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`)
    writeFileSync(world().path('s3cfg'), `[default]\n${lines.join('')}`)
  })

  it('puts a file of 200 MB in parts, copies and moves it, and gets it back byte for byte', async () => {
    const large = await plantFile(world().path('large'), 200_000_000)
    await s3cmd('put', large, url('large'))
    await s3cmd('cp', url('large'), url('copied'))
    await s3cmd('mv', url('copied'), url('moved'))
    await s3cmd('get', url('moved'), world().path('back'))
    await assertSameFile(world().path('back'), large)
    assert.match(await s3cmd('info', url('large')), /File size: 200000000/)
    await s3cmd('del', url('moved'))
    assert.doesNotMatch(await s3cmd('ls', url('')), /moved/)
    assert.doesNotMatch(await s3cmd('multipart', url('')), /large/)
  })

  it('syncs a tree there and back and sends nothing twice', async () => {
    const tree = plantTree(world().path('tree'))
    mkdirSync(world().path('tree-back'))
    await s3cmd('sync', `${tree}/`, url('tree/'))
    await s3cmd('sync', url('tree/'), world().path('tree-back/'))
    await assertSameTree(world().path('tree-back'), tree)
    assert.equal(await s3cmd('sync', `${tree}/`, url('tree/')), '')
    await s3cmd('del', '--recursive', url('tree/'))
    assert.equal(await s3cmd('ls', '--recursive', url('tree/')), '')
  })

  it('tells of the bucket', async () => {
    assert.match(await s3cmd('info', `s3://${world().bucket}`), /Location:\s+us-east-1/)
  })

  it('makes an object private that its bucket lets be public, and public again', async () => {
    const { endpoint, bucket, rootKey } = world()
    await world().run(
      'aws',
      [
        'lightsail',
        'update-bucket',
        '--bucket-name',
        bucket,
        '--access-rules',
        'getObject=private,allowPublicOverrides=true',
      ],
      { key: rootKey },
    )
    writeFileSync(world().path('page.html'), '<p>Hello')
    await s3cmd('put', '--acl-public', world().path('page.html'), url('page.html'))
    assert.equal(await (await fetch(`${endpoint}/${bucket}/page.html`)).text(), '<p>Hello')
    await s3cmd('setacl', '--acl-private', url('page.html'))
    assert.equal((await fetch(`${endpoint}/${bucket}/page.html`)).status, 403)
    await s3cmd('setacl', '--acl-public', url('page.html'))
    assert.equal((await fetch(`${endpoint}/${bucket}/page.html`)).status, 200)
  })
})
