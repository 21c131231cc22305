import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { assertSameFile, assertSameTree, plantFile, plantTree } from './files.ts'
import { needs, startWorld } from './world.ts'

for (const program of ['rclone', 'rclone-newest']) testRclone(program)

function testRclone(program: string): void {
  describe(program, needs(program), () => {
    const world = startWorld()
    const rclone = (...args: string[]): Promise<string> =>
      world().run(program, args, {
        environment: {
          RCLONE_CONFIG: world().path('rclone.conf'),
          RCLONE_CONFIG_LUGSAIL_TYPE: 's3',
          RCLONE_CONFIG_LUGSAIL_PROVIDER: 'Other',
          RCLONE_CONFIG_LUGSAIL_ENV_AUTH: 'true',
          RCLONE_CONFIG_LUGSAIL_ENDPOINT: world().endpoint,
        },
      })
    const remote = (path: string): string => `lugsail:${world().bucket}/${path}`

    it('syncs a tree there and back, and finds both equal by hash and by content', async () => {
      writeFileSync(world().path('rclone.conf'), '')
      const tree = plantTree(world().path('tree'))
      await rclone('sync', tree, remote('tree'))
      await rclone('check', tree, remote('tree'))
      await rclone('check', '--download', tree, remote('tree'))
      await rclone('sync', remote('tree'), world().path('back'))
      await assertSameTree(world().path('back'), tree)
      rmSync(`${tree}/a`, { recursive: true })
      await rclone('sync', tree, remote('tree'))
      await rclone('check', tree, remote('tree'))
    })

    it('keeps the time of modification, and moves and removes objects', async () => {
      const tree = plantTree(world().path('times'))
      await rclone('copy', tree, remote('times'))
      assert.deepEqual(linesOf(await rclone('lsl', remote('times'))), linesOf(await rclone('lsl', tree)))
      await rclone('moveto', remote('times/empty'), remote('times/moved'))
      assert.match(await rclone('lsf', remote('times')), /^moved$/m)
      await rclone('purge', remote('times'))
      assert.doesNotMatch(await rclone('lsf', '-R', remote('')), /times/)
    })

    it('stores a file of 200 MB in parts and brings it back byte for byte', async () => {
      const large = await plantFile(world().path('large'), 200_000_000)
      await rclone('copyto', '--s3-upload-cutoff=5M', '--s3-chunk-size=5M', large, remote('large'))
      await rclone('copyto', remote('large'), world().path('large-back'))
      await assertSameFile(world().path('large-back'), large)
      await rclone('copyto', '--s3-copy-cutoff=64M', remote('large'), remote('large-copy'))
      await rclone('copyto', remote('large-copy'), world().path('large-back'))
      await assertSameFile(world().path('large-back'), large)
      await rclone('cleanup', `lugsail:${world().bucket}`)
    })
  })
}

const linesOf = (text: string): string[] => text.split('\n').sort()
