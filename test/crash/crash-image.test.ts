import assert from 'node:assert/strict'
import { existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { SyncedFolder } from '../harness/disk-log/crash-image.ts'
import { SeededRandom } from '../seeded-random.ts'

it('a folder that a file system gave the inode of a file that is gone keeps the names that were synced in it', () => {
  const place = mkdtempSync(join(tmpdir(), 'lugsail-crash-image-'))
  try {
    const [root, target] = [join(place, 'root'), join(place, 'target')]
    for (const path of [root, target]) mkdirSync(path)
    writeFileSync(join(root, 'gone'), '')
    const { ino } = lstatSync(join(root, 'gone'))
    const folder = join(root, 'folder')
    new SyncedFolder(root).loseTo(target, {
      entries: [
        { kind: 'remove', path: join(root, 'gone') },
        { kind: 'make-folder', path: folder },
        { kind: 'sync', number: 1, inode: lstatSync(root).ino, path: root },
        { kind: 'synced', number: 1 },
        { kind: 'create', inode: ino + 1, path: join(folder, 'file') },
        { kind: 'sync', number: 2, inode: ino, path: folder },
        { kind: 'synced', number: 2 },
      ],
      random: new SeededRandom(),
      loss: 'lost',
    })
    assert.ok(existsSync(join(target, 'folder', 'file')))
    assert.ok(!existsSync(join(target, 'gone')))
  } finally {
    rmSync(place, { recursive: true })
  }
})
