import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** Names that clients encode in different ways, and sizes from nothing to more than one part of a multipart upload. */
const TREE: Readonly<Record<string, number>> = {
  empty: 0,
  'one byte.txt': 1,
  'plus+equals=and&percent%.txt': 3000,
  'déjà/vu ü.bin': 70_000,
  'a/b/c/deep.bin': 300_000,
  "a/b/quote's(1)~!@$,;:[x].txt": 17_000,
  'a/six megabytes.bin': 6_000_000,
}

/** Makes a folder of random files with names that are hard to encode, and returns its path. */
export function plantTree(folder: string): string {
  for (const [name, sizeBytes] of Object.entries(TREE)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, randomBytes(sizeBytes))
  }
  return folder
}

/** Makes a file of random bytes, in blocks that differ from each other, and returns its path. */
export async function plantFile(path: string, sizeBytes: number): Promise<string> {
  const block = randomBytes(1 << 20)
  const file = await open(path, 'w')
  try {
    for (let written = 0; written < sizeBytes; written += block.length) {
      block.writeDoubleBE(written, 0)
      await file.write(block.subarray(0, Math.min(block.length, sizeBytes - written)))
    }
  } finally {
    await file.close()
  }
  return path
}

/** Fails unless both folders hold the same files with the same bytes. */
export async function assertSameTree(actual: string, expected: string): Promise<void> {
  assert.deepEqual(await digestsOf(actual), await digestsOf(expected))
}

/** Fails unless both files have the same bytes. */
export async function assertSameFile(actual: string, expected: string): Promise<void> {
  assert.equal(await digestOf(actual), await digestOf(expected))
}

/** SHA-256 of a file, in hexadecimal. */
export async function digestOf(path: string): Promise<string> {
  const digest = createHash('sha256')
  await pipeline(createReadStream(path), digest)
  return digest.digest('hex')
}

async function digestsOf(folder: string): Promise<Record<string, string>> {
  const digests: Record<string, string> = {}
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort()
  for (const path of paths) digests[path.slice(folder.length + 1)] = await digestOf(path)
  return digests
}
