import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open, readdir, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { appendLines } from './audit-file.ts'
import { auditLogReader } from './read-audit-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-audit-'))
after(() => rmSync(folder, { recursive: true }))

/** All that a reader gives, page by page. */
async function readAll(path: string, isWanted = (_: string): boolean => true): Promise<string[][]> {
  const pages: string[][] = []
  let pageToken: string | undefined
  do {
    const { lines, nextPageToken } = await auditLogReader(path)({ pageToken, isWanted })
    pages.push([...lines])
    pageToken = nextPageToken ?? undefined
  } while (pageToken !== undefined)
  return pages
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, at) => `line ${at}`)

describe('the audit log as it is read', () => {
  it('is none where there is no file', async () => {
    assert.deepEqual(await readAll(join(folder, 'none')), [[]])
  })

  it('has each line once, the newest first, a hundred to a page', async () => {
    const path = join(folder, 'pages')
    writeFileSync(path, `${numbered(250).join('\n')}\n`)
    const pages = await readAll(path)
    assert.deepEqual(
      pages.map(({ length }) => length),
      [100, 100, 50],
    )
    assert.deepEqual(pages.flat(), numbered(250).toReversed())
  })

  it('goes on where it was when lines came and the file was put aside meanwhile', async () => {
    const options = { path: join(folder, 'moved'), bytesMax: 1_500, filesMax: 5 }
    writeFileSync(options.path, `${numbered(150).join('\n')}\n`)
    const read = auditLogReader(options.path)
    const first = await read({ isWanted: () => true })
    // The next write puts the file aside, and the one after it begins a new one.
    await appendLines(options, 'late 1\n')
    await appendLines(options, 'late 2\n')
    const second = await read({ pageToken: first.nextPageToken ?? '', isWanted: () => true })
    assert.deepEqual([...first.lines, ...second.lines], numbered(150).toReversed())
    const [newest] = await readAll(options.path)
    assert.deepEqual(newest?.slice(0, 3), ['late 2', 'late 1', 'line 149'])
  })

  for (const when of ['before', 'after'] as const)
    it(`has each line once when the file is put aside ${when} the names of files are read`, async () => {
      const options = { path: join(folder, `moved-${when}`), bytesMax: 10, filesMax: 5 }
      writeFileSync(options.path, 'one\ntwo\n')
      // The first of the two puts the file aside, and the second begins a new one, which is put aside as well.
      const putAside = async (): Promise<void> => {
        for (const line of ['three\n', 'four and more\n']) await appendLines(options, line)
      }
      const read = auditLogReader(options.path, async (path) => {
        if (when === 'before') await putAside()
        const names = await readdir(path)
        if (when === 'after') await putAside()
        return names
      })
      assert.deepEqual((await read({ isWanted: () => true })).lines, ['three', 'two', 'one'])
    })

  it('does not go on in another file that has the inode of one that was removed', async () => {
    const path = join(folder, 'reused')
    writeFileSync(path, `${numbered(150).join('\n')}\n`)
    const { nextPageToken } = await auditLogReader(path)({ isWanted: () => true })
    // Written over, a file keeps its inode.
    writeFileSync(path, `${numbered(150).toReversed().join('\n')}\n`)
    const next = await auditLogReader(path)({ pageToken: nextPageToken ?? '', isWanted: () => true })
    assert.deepEqual(next, { lines: [], nextPageToken: null })
  })

  it('reads lines that are longer than what is read at once, and leaves out one that was cut', async () => {
    const path = join(folder, 'long')
    const long = 'x'.repeat(200_000)
    writeFileSync(path, `first\n${long}\nlast\n`)
    appendFileSync(path, 'cut in the mid')
    assert.deepEqual(await readAll(path), [['last', long, 'first']])
  })

  it('ends a page after some megabytes, though nothing is found', async () => {
    const path = join(folder, 'much')
    writeFileSync(path, `wanted\n${`${'y'.repeat(999)}\n`.repeat(6_000)}`)
    const pages = await readAll(path, (line) => line === 'wanted')
    assert.deepEqual(pages, [[], ['wanted']])
  })

  it('is read page by page where files have numbers that are too large for the numbers of JavaScript', async (t) => {
    const path = join(folder, 'large-inodes')
    writeFileSync(path, `${numbered(150).join('\n')}\n`)
    writeFileSync(`${path}.20260101T000000000Z-1`, `${numbered(130).join('\n')}\n`)
    const handle = await open(path)
    const prototype = Object.getPrototypeOf(handle) as FileHandle
    await handle.close()
    const inodes = new Map<bigint, bigint>()
    const stat = Reflect.get<FileHandle, 'stat'>(prototype, 'stat')
    t.mock.method(
      prototype,
      'stat',
      async function (this: FileHandle, options?: { readonly bigint?: boolean }) {
        const status = await stat.call(this, { bigint: true })
        const real = BigInt(status.ino)
        // One after the other, as a file system gives them: as numbers of JavaScript they would be the same.
        const inode = inodes.get(real) ?? 2n ** 64n - 2n - BigInt(inodes.size)
        inodes.set(real, inode)
        return options?.bigint === true
          ? Object.assign(status, { ino: inode })
          : Object.assign(await stat.call(this), { ino: Number(inode) })
      },
    )
    const pages = await readAll(path)
    assert.equal(inodes.size, 2)
    assert.deepEqual(pages.flat(), [...numbered(150).toReversed(), ...numbered(130).toReversed()])
  })

  it('refuses a token that is none', async () => {
    await assert.rejects(
      auditLogReader(join(folder, 'pages'))({ pageToken: 'x', isWanted: () => true }),
      RangeError,
    )
  })
})
