import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { writePrivateFile } from './private-file.ts'

describe('writePrivateFile', () => {
  const root = mkdtempSync(join(tmpdir(), 'lugsail-private-'))
  after(() => rmSync(root, { recursive: true }))

  it('makes the file and its folders for their owner alone', () => {
    const path = join(root, 'a', 'b', 'file')
    writePrivateFile(path, 'text')
    assert.equal(readFileSync(path, 'utf8'), 'text')
    assert.equal(statSync(path).mode & 0o777, 0o600)
    assert.equal(statSync(join(root, 'a')).mode & 0o777, 0o700)
  })

  it('writes the target of a symbolic link', () => {
    const [link, target] = [join(root, 'link'), join(root, 'target')]
    writeFileSync(target, 'old')
    symlinkSync(target, link)
    writePrivateFile(link, 'new')
    assert.equal(readFileSync(target, 'utf8'), 'new')
  })

  it('written by root, a file keeps its owner and mode, and a new one belongs to the owner of its folder', (test) => {
    if (process.getuid?.() !== 0) return test.skip('only root may give files away')
    const folder = join(root, 'other')
    mkdirSync(folder)
    chownSync(folder, 1234, 1235)
    writePrivateFile(join(folder, 'new'), 'text')
    const old = join(folder, 'old')
    writeFileSync(old, 'text')
    chmodSync(old, 0o640)
    chownSync(old, 2345, 2346)
    writePrivateFile(old, 'text')
    const ownerOf = (name: string) => {
      const { uid, gid, mode } = statSync(join(folder, name))
      return [uid, gid, mode & 0o777]
    }
    assert.deepEqual(ownerOf('new'), [1234, 1235, 0o600])
    assert.deepEqual(ownerOf('old'), [2345, 2346, 0o640])
  })

  it('keeps the old content, and leaves no draft, when there is no room for the whole of the new', () => {
    const folder = join(root, 'full')
    const path = join(folder, 'file')
    writePrivateFile(path, 'old')
    // The system lets a process write so much to a file and no more, and takes a part of what goes beyond it.
    const module = new URL('./private-file.ts', import.meta.url).href
    const script = `const { writePrivateFile } = await import(${JSON.stringify(module)})
      writePrivateFile(${JSON.stringify(path)}, 'x'.repeat(100_000))`
    const node = `"${process.execPath}" --import ./build/typescript.mjs --input-type=module`
    const { status, stderr } = spawnSync('sh', ['-c', `ulimit -f 8; exec ${node}`], { input: script })
    assert.equal(status, 1)
    assert.match(stderr.toString(), /EFBIG/)
    assert.equal(readFileSync(path, 'utf8'), 'old')
    assert.deepEqual(readdirSync(folder), ['file'])
  })
})
