import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { describe, it } from 'node:test'
import { assertSameFile, assertSameTree, plantFile, plantTree } from './files.ts'
import { needs, startWorld } from './world.ts'

describe('s5cmd', needs('s5cmd'), () => {
  const world = startWorld()
  const s5cmd = (args: readonly string[], input?: string): Promise<string> => {
    const environment = { S3_ENDPOINT_URL: world().endpoint, AWS_REGION: world().region }
    return world().run('s5cmd', args, { environment, ...(input !== undefined && { input }) })
  }
  const remote = (path: string): string => `s3://${world().bucket}/${path}`

  it('syncs a tree there and back, sends nothing twice, and deletes what is gone', async () => {
    const tree = plantTree(world().path('tree'))
    await s5cmd(['sync', `${tree}/`, remote('tree/')])
    assert.equal(await s5cmd(['sync', '--size-only', `${tree}/`, remote('tree/')]), '')
    await s5cmd(['sync', remote('tree/*'), `${world().path('back')}/`])
    await assertSameTree(world().path('back'), tree)
    rmSync(`${tree}/a`, { recursive: true })
    await s5cmd(['sync', '--delete', `${tree}/`, remote('tree/')])
    assert.doesNotMatch(await s5cmd(['ls', remote('tree/*')]), /a\/b\/c\/deep/)
  })

  it('puts a file of 100 MB in parts, copies and moves it, and gets it back byte for byte', async () => {
    const large = await plantFile(world().path('large'), 100_000_000)
    await s5cmd(['cp', '--part-size', '5', large, remote('large in parts+é')])
    await s5cmd(['cp', remote('large in parts+é'), remote('large copy')])
    await s5cmd(['mv', remote('large copy'), remote('large moved')])
    await s5cmd(['cp', '--part-size', '5', remote('large moved'), world().path('large-back')])
    await assertSameFile(world().path('large-back'), large)
    assert.match(await s5cmd(['du', remote('large*')]), /^200000000 bytes in 2 objects/)
  })

  it('pipes, reads, presigns, runs many commands at once, and removes', async () => {
    await s5cmd(['pipe', remote('notes/a b+c%.txt')], 'some text')
    assert.equal(await s5cmd(['cat', remote('notes/a b+c%.txt')]), 'some text')
    const url = (await s5cmd(['presign', remote('notes/a b+c%.txt')])).trim()
    assert.equal(await (await fetch(url)).text(), 'some text')
    const many = Array.from({ length: 60 }, (_, n) => `cp ${remote('notes/*')} ${remote(`many/${n}/`)}`)
    await s5cmd(['run'], many.join('\n'))
    assert.equal((await s5cmd(['ls', remote('many/*')])).trim().split('\n').length, 60)
    await s5cmd(['rm', remote('*')])
    await assert.rejects(s5cmd(['ls', remote('*')]), /no object found/)
  })

  it('is told what was refused', async () => {
    await assert.rejects(s5cmd(['cat', remote('missing')]), /NoSuchKey|404|not found/)
    await assert.rejects(s5cmd(['ls', 's3://somebody-elses']), /NoSuchBucket|AccessDenied/)
  })
})
