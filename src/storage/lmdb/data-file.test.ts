import assert from 'node:assert/strict'
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, describe, it } from 'node:test'
import { checkHeader, DataFile, treesOf, type FileState } from './data-file.ts'
import { makeRoom, FileRoom, PAGES_BESIDES, PAGES_PER_KEY } from './file-room.ts'

const NO_PAGE = 2n ** 64n - 1n

interface Meta {
  readonly transaction: number
  readonly rows?: number
  readonly root?: bigint
  readonly freeRoot?: bigint
  readonly lastPage?: number
  readonly magic?: number
}

/** A page of the engine that says which state counts. */
function metaPage(pageBytes: number, number: number, meta: Meta): Buffer {
  const page = Buffer.alloc(pageBytes)
  page.writeBigUInt64LE(BigInt(number), 0)
  page.writeUInt32LE(meta.magic ?? 0xbeefc0de, 24)
  page.writeUInt32LE(pageBytes, 48)
  page.writeBigUInt64LE(meta.freeRoot ?? NO_PAGE, 88)
  page.writeBigUInt64LE(BigInt(meta.rows ?? 0), 128)
  page.writeBigUInt64LE(meta.root ?? NO_PAGE, 136)
  page.writeBigUInt64LE(BigInt(meta.lastPage ?? 1), 144)
  page.writeBigUInt64LE(BigInt(meta.transaction), 152)
  return page
}

describe('the engine’s file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-data-file-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'data')
  beforeEach(() => rmSync(path, { force: true }))
  /** A file with these states, and so many pages behind them. */
  const write = (metas: readonly Meta[], pageBytes = 4_096, pages = 0): void =>
    writeFileSync(
      path,
      Buffer.concat([
        ...metas.map((meta, number) => metaPage(pageBytes, number, meta)),
        Buffer.alloc(pages * pageBytes, 'x'),
      ]),
    )
  const withFile = <T>(work: (file: DataFile) => T): T => {
    const file = DataFile.open(path)
    try {
      return work(file)
    } finally {
      file.close()
    }
  }
  const trees = () => {
    const file = openSync(path, 'r')
    try {
      return treesOf(file)
    } finally {
      closeSync(file)
    }
  }

  for (const pageBytes of [4_096, 16_384, 65_536])
    it(`has its newest state in the one of two pages of ${pageBytes} bytes whose transaction is the later one`, () => {
      const older = { transaction: 6, rows: 1, lastPage: 3, root: 2n }
      const newer = { transaction: 7, rows: 2 ** 33 + 5, lastPage: 9, root: 4n, freeRoot: 5n }
      const state = { transactionId: 7, rows: 2 ** 33 + 5, pageBytes, usedBytes: 10 * pageBytes }
      for (const metas of [
        [older, newer],
        [newer, older],
      ]) {
        write(metas, pageBytes)
        checkHeader(path)
        withFile((file) => {
          assert.deepEqual(file.newestState(), state)
          assert.equal(file.pageBytes, pageBytes)
          assert.equal(file.metaBytes, 2 * pageBytes)
        })
        assert.deepEqual(trees(), { ...state, root: 4, freeRoot: 5 })
      }
    })

  it('counts transactions, rows and pages beyond 32 bits', () => {
    const large = 2 ** 40 + 3
    write([{ transaction: 2 ** 32 + 1, rows: large, lastPage: 2 ** 33 }, { transaction: 2 ** 32 }])
    const expected = {
      transactionId: 2 ** 32 + 1,
      rows: large,
      pageBytes: 4_096,
      usedBytes: (2 ** 33 + 1) * 4_096,
    }
    assert.deepEqual(
      withFile((file) => file.newestState()),
      expected,
    )
    assert.deepEqual(trees(), { ...expected, root: null, freeRoot: null })
  })

  it('has no trees where one of its pages is none of the engine or is not whole', () => {
    const meta = { transaction: 1 }
    write([{ ...meta, magic: 1 }, meta])
    assert.equal(trees(), null)
    write([meta, { ...meta, magic: 1 }])
    assert.equal(trees(), null)
    write([meta])
    assert.equal(trees(), null)
    writeFileSync(path, '')
    assert.equal(trees(), null)
  })

  it('is refused when it is none, and taken for a new store when it is missing or empty', () => {
    const meta = { transaction: 1 }
    checkHeader(join(folder, 'missing'))
    writeFileSync(path, '')
    checkHeader(path)
    const foreign = [
      () => writeFileSync(path, 'x'),
      () => writeFileSync(path, Buffer.alloc(200_000)),
      () => write([meta]),
      () => write([{ ...meta, magic: 1 }, meta]),
      () => write([meta, { ...meta, magic: 1 }]),
      () => write([meta, meta], 8_192),
    ]
    for (const make of foreign) {
      make()
      assert.throws(() => checkHeader(path), /the file is damaged, or no file of LMDB/, String(make))
    }
    assert.throws(() => checkHeader(folder), { code: 'EISDIR' })
  })

  it('becomes longer by zeros, is never shorter by that, and is cut to what is in use', () => {
    write([{ transaction: 1, lastPage: 2 }, { transaction: 0 }], 4_096, 3)
    withFile((file) => {
      assert.equal(file.bytes, 5 * 4_096)
      assert.ok(file.hasBytes(5 * 4_096) && !file.hasBytes(5 * 4_096 + 1))
      file.growTo(100)
      assert.equal(file.bytes, 5 * 4_096)
      file.growTo(700_001)
      assert.equal(file.bytes, 700_001)
      assert.ok(file.hasBytes(700_001) && !file.hasBytes(700_002))
      const grown = readFileSync(path)
      assert.ok(grown.subarray(2 * 4_096, 5 * 4_096).every((byte) => byte === 0x78))
      assert.ok(grown.subarray(5 * 4_096).every((byte) => byte === 0))
      file.cutToUsed()
      assert.equal(statSync(path).size, 3 * 4_096)
      assert.ok(!file.hasBytes(3 * 4_096 + 1))
    })
  })

  it('is replaced when another file lies at its path, and not when none does', () => {
    write([{ transaction: 1 }, { transaction: 0 }])
    withFile((file) => {
      assert.ok(!file.isReplaced)
      renameSync(path, `${path}-before`)
      assert.ok(!file.isReplaced)
      write([{ transaction: 1 }, { transaction: 0 }])
      assert.ok(file.isReplaced)
    })
  })

  it('is let go of when it is closed, once', { skip: process.platform !== 'linux' }, () => {
    write([{ transaction: 1 }, { transaction: 0 }])
    const openCount = (): number =>
      readdirSync('/proc/self/fd').filter((name) => {
        try {
          return readlinkSync(`/proc/self/fd/${name}`) === path
        } catch {
          // It was open to read the folder.
          return false
        }
      }).length
    const file = DataFile.open(path)
    assert.equal(openCount(), 1)
    file.close()
    assert.equal(openCount(), 0)
    // Its number may be another file's by now.
    const other = openSync(path, 'r')
    file.close()
    assert.equal(openCount(), 1)
    closeSync(other)
  })

  it('takes other numbers of transactions, which are higher, in both of its pages', async () => {
    for (const [own, wanted] of [
      [7, 1_000],
      [8, 1_001],
      [7, 8],
    ] as const) {
      const [even, odd] = own % 2 === 0 ? [own, own - 1] : [own - 1, own]
      write([
        { transaction: even, rows: even },
        { transaction: odd, rows: odd },
      ])
      const file = DataFile.open(path)
      await file.renumber(wanted)
      assert.deepEqual([file.newestState().transactionId, file.newestState().rows], [wanted, own])
      const bytes = readFileSync(path)
      for (const at of [0, 1]) {
        const page = bytes.subarray(at * 4_096, (at + 1) * 4_096)
        const id = Number(page.readBigUInt64LE(152))
        assert.deepEqual(
          [Number(page.readBigUInt64LE(0)), id % 2, Number(page.readBigUInt64LE(128))],
          [at, at, own],
        )
        assert.ok(id === wanted || id === wanted - 1)
      }
      await assert.rejects(file.renumber(wanted), /expected a number above \d+, got \d+/)
      file.close()
    }
  })

  it('has room made for a transaction before it is written: an eighth more than it has, from 256 KiB to 8 MiB', () => {
    const KIB = 1024
    for (const [size, wanted, expected] of [
      [1_000_000, 900_000, 1_000_000],
      [1_000_000, 1_000_000, 1_000_000],
      [1_000_000, 1_000_001, 1_000_001 + 256 * KIB],
      [8_000_000, 8_000_001, 8_000_001 + 1_000_000],
      [10 ** 9, 10 ** 9 + 1, 10 ** 9 + 1 + 8 * KIB * KIB],
    ] as const) {
      const grown: number[] = []
      const file = {
        bytes: size,
        hasBytes: (bytes: number) => bytes <= size,
        growTo: (bytes: number) => grown.push(bytes),
      }
      makeRoom(file as unknown as DataFile, wanted - 500, { usedBytes: 500 } as FileState)
      assert.equal(grown[0] ?? size, expected, `${size} to ${wanted}`)
    }
  })

  it('needs room for what a transaction sets, removes and adds', () => {
    const room = new FileRoom()
    const key = Buffer.from('key')
    const pagesFor = (change: Parameters<FileRoom['bytesFor']>[0][number]): number =>
      room.bytesFor([change]) / 4_096 - PAGES_BESIDES
    assert.equal(pagesFor({}), 0)
    assert.equal(pagesFor({ deletes: [key] }), PAGES_PER_KEY + 2)
    assert.equal(pagesFor({ adds: [{ key, amounts: [1] }] }), PAGES_PER_KEY)
    // Its rest and that of the value before it, and a page that its value fills in part.
    assert.equal(pagesFor({ sets: [{ key, value: Buffer.alloc(4_096) }] }), PAGES_PER_KEY + 2 * 2 + 1 + 1)
    assert.equal(room.bytesFor([]), PAGES_BESIDES * 4_096)
    const both = [{ deletes: [key, key] }, { sets: [{ key, value: Buffer.alloc(10) }] }]
    assert.equal(
      room.bytesFor(both),
      10 + 4_096 * (PAGES_BESIDES + 2 * (PAGES_PER_KEY + 2) + PAGES_PER_KEY + 4 + 1),
    )
    const grown: number[] = []
    const file = {
      pageBytes: 16_384,
      bytes: 0,
      hasBytes: () => false,
      growTo: (bytes: number) => grown.push(bytes),
    }
    room.makeFor(file as unknown as DataFile, [], { usedBytes: 1 } as FileState)
    assert.deepEqual(grown, [1 + PAGES_BESIDES * 16_384 + 256 * 1024])
    assert.equal(room.bytesFor([]), PAGES_BESIDES * 16_384)
  })
})
