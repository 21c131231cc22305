import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { assertSameTree, plantFile, plantTree } from './files.ts'
import { needs, startWorld } from './world.ts'

describe('Kopia', needs('kopia'), () => {
  const world = startWorld()
  const kopia = (...args: string[]): Promise<string> =>
    world().run('kopia', args, {
      environment: {
        KOPIA_PASSWORD: 'of the test',
        KOPIA_CONFIG_PATH: world().path('kopia.config'),
        KOPIA_CACHE_DIRECTORY: world().path('cache'),
        KOPIA_CHECK_FOR_UPDATES: 'false',
      },
    })
  /** Connects to or makes a repository under a prefix of the bucket. */
  const repository = (action: 'create' | 'connect'): Promise<string> => {
    const { bucket, endpoint, region } = world()
    const place = [
      '--bucket',
      bucket,
      '--endpoint',
      new URL(endpoint).host,
      '--region',
      region,
      '--prefix',
      'backups/',
    ]
    return kopia('repository', action, 's3', '--disable-tls', ...place)
  }

  it('finds that the store keeps what it relies on, with many readers and writers at once', async () => {
    await repository('create')
    const few = ['--num-storage-connections=3', '--concurrency-test-duration=5s']
    const workers = ['--put-blob-workers=2', '--get-blob-workers=2', '--get-metadata-workers=2']
    await kopia('repository', 'validate-provider', ...few, ...workers)
  })

  it('backs a tree up twice, verifies all data, restores it byte for byte, and collects what was deleted', async () => {
    const tree = plantTree(world().path('tree'))
    await plantFile(`${tree}/large`, 50_000_000)
    await kopia('snapshot', 'create', tree)
    writeFileSync(`${tree}/added later`, 'more')
    rmSync(`${tree}/one byte.txt`)
    await kopia('snapshot', 'create', tree)
    await kopia('snapshot', 'verify', '--verify-files-percent=100')
    await kopia('repository', 'disconnect')
    await repository('connect')
    await kopia('restore', tree, world().path('restored'))
    await assertSameTree(world().path('restored'), tree)
    await kopia('snapshot', 'delete', '--all-snapshots-for-source', tree, '--delete')
    // The first round writes small packs anew, which the second finds without an owner.
    await kopia('maintenance', 'run', '--full', '--safety=none')
    await kopia('maintenance', 'run', '--full', '--safety=none')
    assert.equal((await kopia('snapshot', 'list', tree)).trim(), '')
    assert.match(await kopia('blob', 'stats', '--raw', '--prefix', 'p'), /^Count: 0$/m)
  })
})
