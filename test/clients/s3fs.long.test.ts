import assert from 'node:assert/strict'
import { existsSync, mkdirSync } from 'node:fs'
import { appendFile, cp, mkdir, readFile, readdir, rename, rm, stat, truncate } from 'node:fs/promises'
import { before, describe, it } from 'node:test'
import { assertSameFile, assertSameTree, plantFile, plantTree } from './files.ts'
import { needs, startWorld } from './world.ts'

const needed = existsSync('/dev/fuse') ? needs('s3fs', 'fusermount') : { skip: 'no /dev/fuse here' }

// Every call on the mounted folder is asynchronous: this process reads the server's log, and a server that nobody reads stands still.
describe('s3fs', needed, () => {
  const world = startWorld((its) => its.run('fusermount', ['-u', its.path('mount')]))
  const mounted = (name: string): string => world().path(`mount/${name}`)

  before(async () => {
    mkdirSync(mounted(''))
    const options = [`url=${world().endpoint}`, `endpoint=${world().region}`, 'use_path_request_style']
    await world().run('s3fs', [world().bucket, mounted(''), '-o', options.join(',')])
  })

  it('is a folder: a tree copied into it reads back the same', async () => {
    const tree = plantTree(world().path('tree'))
    await cp(tree, mounted('tree'), { recursive: true })
    await assertSameTree(mounted('tree'), tree)
  })

  it('takes a file of 100 MB, which is stored in parts, and its truncation', async () => {
    const large = await plantFile(world().path('large'), 100_000_000)
    await cp(large, mounted('large'))
    await assertSameFile(mounted('large'), large)
    await truncate(mounted('large'), 1_000_000)
    assert.equal((await stat(mounted('large'))).size, 1_000_000)
  })

  it('renames, appends to and removes files', async () => {
    await mkdir(mounted('made'))
    await appendFile(mounted('made/first'), 'one ')
    await rename(mounted('made/first'), mounted('made/second'))
    await appendFile(mounted('made/second'), 'two')
    assert.equal(await readFile(mounted('made/second'), 'utf8'), 'one two')
    await rm(mounted('made'), { recursive: true })
    assert.ok(!(await readdir(mounted(''))).includes('made'))
  })
})
