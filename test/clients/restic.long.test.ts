import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { assertSameTree, plantFile, plantTree } from './files.ts'
import { needs, startWorld } from './world.ts'

for (const program of ['restic', 'restic-newest']) testRestic(program)

function testRestic(program: string): void {
  describe(program, needs(program), () => {
    const world = startWorld()
    const restic = (...args: string[]): Promise<string> =>
      world().run(program, args, {
        environment: {
          RESTIC_REPOSITORY: `s3:${world().endpoint}/${world().bucket}/backups`,
          RESTIC_PASSWORD: 'of the test',
          RESTIC_CACHE_DIR: world().path('cache'),
        },
      })

    it('backs a tree up twice, checks all data, restores it byte for byte, and forgets', async () => {
      const tree = plantTree(world().path('tree'))
      await plantFile(`${tree}/large`, 50_000_000)
      await restic('init')
      await restic('backup', 'tree')
      writeFileSync(`${tree}/added later`, 'more')
      rmSync(`${tree}/one byte.txt`)
      await restic('backup', 'tree')
      assert.match(await restic('check', '--read-data'), /no errors were found/)
      await restic('restore', 'latest', '--target', world().path('restored'))
      await assertSameTree(world().path('restored/tree'), tree)
      await restic('forget', '--keep-last', '1', '--prune')
      assert.match(await restic('check', '--read-data'), /no errors were found/)
      assert.equal(readFileSync(world().path('restored/tree/added later'), 'utf8'), 'more')
    })
  })
}
