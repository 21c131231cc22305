/** `lugsail/testing` as others get it: packed, unpacked, imported, required and type-checked there. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { PackedFolder } from './packed.ts'

let folder: PackedFolder
before(() => {
  folder = new PackedFolder()
})
after(() => folder.remove())

/** Writes a program, runs it, and gives what it prints. */
function printed(name: string, text: string): string {
  writeFileSync(join(folder.path, name), text)
  const { stdout, stderr, status } = folder.run(process.execPath, [name])
  assert.equal(status, 0, stderr)
  return stdout
}

const USE = `
const server = await startServer({ accountId: '123456789012' })
await server.createBucket('photos')
const response = await fetch(server.endpoint + '/photos/x')
console.log(server.accountId, response.status, server.requests().length)
await server.close()`

describe('lugsail/testing, packed', () => {
  it('is there for import', () => {
    assert.equal(
      printed('use.mjs', `import { startServer } from 'lugsail/testing'\n${USE}`),
      '123456789012 403 1\n',
    )
  })

  it('is there for require, and is the same', () => {
    const text = `const { startServer } = require('lugsail/testing')
import('lugsail/testing').then(async (imported) => {
  console.log(imported.startServer === startServer)
  ${USE}
})`
    assert.equal(printed('use.cjs', text), 'true\n123456789012 403 1\n')
  })

  it('digests large bodies, for which it has a thread', () => {
    const text = `import { startServer } from 'lugsail/testing'
import { S3Client, PutObjectCommand, GetObjectCommand } from '@aws-sdk/client-s3'
const server = await startServer({ seed: { buckets: { photos: {} } } })
const s3 = new S3Client(server.s3ClientOptions)
await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'a', Body: Buffer.alloc(5_000_000, 7) }))
const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'photos', Key: 'a' }))
console.log((await Body.transformToByteArray()).length)`
    assert.equal(printed('large.mjs', text), '5000000\n')
  })

  it('has types that fit, for import and for require', () => {
    const body = `
const server: TestServer = await startServer({ seed: { buckets: { photos: { versioning: true } } } })
const snapshot: TestSnapshot = await server.snapshot()
await server.restore(snapshot)
await server.clock.advance({ days: 1 })
server.failNext({ operation: 'PutObject', code: 'SlowDown', times: 2, delay: '1s' })
const statuses: (number | null)[] = server.requests().map(({ status }) => status)
const path: true = server.s3ClientOptions.forcePathStyle
// @ts-expect-error there is no such option
await startServer({ prot: 1 })
// @ts-expect-error a number is no bucket's name
await server.createBucket(1)`
    const names = 'startServer, type TestServer, type TestSnapshot'
    writeFileSync(join(folder.path, 'use.mts'), `import { ${names} } from 'lugsail/testing'\n${body}\n`)
    writeFileSync(
      join(folder.path, 'use.cts'),
      `import { ${names} } from 'lugsail/testing'\nvoid (async () => {\n${body}\n})()\n`,
    )
    const { stdout } = folder.run(process.execPath, [
      resolve('node_modules/typescript/bin/tsc'),
      ...['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'],
      ...['--target', 'es2022', '--module', 'nodenext', '--types', 'node', 'use.mts', 'use.cts'],
    ])
    assert.equal(stdout, '')
  })
})

interface LockedPackage {
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
}

describe('machine code', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>
  }

  it('comes for each system that docs/platforms.md names', () => {
    const crc32 = Object.entries(packages)
      .filter(([path]) => path.startsWith('node_modules/@node-rs/crc32-'))
      .flatMap(([, { os = [], cpu = [], libc = [] }]) =>
        `${os[0] ?? ''} ${cpu[0] ?? ''} ${libc[0] ?? ''}`.trim(),
      )
    for (const system of [
      ...['linux x64 glibc', 'linux arm64 glibc', 'linux x64 musl', 'linux arm64 musl'],
      ...['darwin x64', 'darwin arm64', 'win32 x64', 'win32 arm64'],
    ])
      assert.ok(crc32.includes(system), system)
    for (const system of [
      'linux-x64',
      'linux-arm64',
      'darwin-x64',
      'darwin-arm64',
      'win32-x64',
      'win32-arm64',
    ])
      assert.ok(`node_modules/@lmdb/lmdb-${system}` in packages, system)
  })

  it('of the embedded store comes for both C libraries of Linux in one package', (t) => {
    if (process.platform !== 'linux') return t.skip('it is installed on Linux alone')
    const files = readdirSync(`node_modules/@lmdb/lmdb-linux-${process.arch}`)
    for (const library of ['glibc', 'musl'])
      assert.ok(
        files.some((name) => name.endsWith('.node') && name.includes('musl') === (library === 'musl')),
        library,
      )
  })
})
