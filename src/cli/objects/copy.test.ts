import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, it } from 'node:test'
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3'
import { cp, mv } from './copy.ts'
import type { JsonRecord } from './report.ts'
import { ObjectOptions, type ObjectRun } from './run-context.ts'

const modifiedAt = new Date('2030-01-02T03:04:05Z')

interface Told {
  readonly lines: string[]
  readonly records: JsonRecord[]
  readonly failures: string[]
  readonly skipped: string[]
  readonly lists: string[]
  readonly sent: (readonly [name: string, input: object])[]
  /** Bytes that were expected, and that arrived, and things that were done. */
  readonly progress: { expected: number; arrived: number; done: number }
}

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lugsail-copy-'))))
afterEach(() => rmSync(folder, { recursive: true }))

/** A run on a bucket with one object, `k` of 3 bytes; commands that `answer` does not know are answered so. */
function runOf(
  words: readonly string[],
  flags: Readonly<Record<string, boolean | number | string>> = {},
  answer: (command: object) => object | undefined = () => undefined,
  signal = new AbortController().signal,
): { readonly run: ObjectRun; readonly told: Told } {
  const told: Told = {
    ...{ lines: [], records: [], failures: [], skipped: [], lists: [], sent: [] },
    progress: { expected: 0, arrived: 0, done: 0 },
  }
  const run = {
    ...{
      words,
      signal,
      command: 'cp',
      endpoint: undefined,
      options: new ObjectOptions(new Map(Object.entries(flags))),
    },
    client: {
      send: async (command: { readonly input: object }) => {
        told.sent.push([command.constructor.name, command.input])
        const given = answer(command)
        if (given !== undefined) return await Promise.resolve(given)
        if (command instanceof HeadObjectCommand) return { ContentLength: 3 }
        if (command instanceof ListObjectsV2Command) return { Contents: [{ Key: 'p/k', Size: 3 }] }
        if (command instanceof GetObjectCommand)
          return { Body: Readable.from([Buffer.from('abc')]), ContentLength: 3, LastModified: modifiedAt }
        return {}
      },
    },
    progress: {
      expect: (bytes = 0) => void (told.progress.expected += bytes),
      advance: (bytes: number) => void (told.progress.arrived += bytes),
      done: () => void (told.progress.done += 1),
    },
    report: {
      beginList: (name: string) => void told.lists.push(name),
      entry: (_list: string, line: string, record: JsonRecord) => {
        told.lines.push(line)
        told.records.push(record)
      },
      skip: (_list: string, message: string) => void told.skipped.push(message),
      failure: (_list: string, message: string, record: JsonRecord) => {
        told.failures.push(message)
        told.records.push(record)
      },
    },
  } as unknown as ObjectRun
  return { run, told }
}

const names = (told: Told): string[] => told.sent.map(([name]) => name)

describe('cp', () => {
  it('writes an object to a file, with its time, and tells of it', async () => {
    const path = join(folder, 'file')
    const { run, told } = runOf(['s3://b/k', path])
    await cp(run)
    assert.equal(readFileSync(path, 'utf8'), 'abc')
    assert.deepEqual(statSync(path).mtime, modifiedAt)
    assert.deepEqual(told.lines, [`download: s3://b/k to ${path}`])
    assert.deepEqual(told.records, [{ operation: 'download', source: 's3://b/k', target: path }])
    assert.deepEqual(told.lists, ['transfers'])
    assert.deepEqual(told.progress, { expected: 3, arrived: 3, done: 1 })
    assert.ok(!names(told).includes('DeleteObjectCommand'))
  })

  it('copies from object to object on the server', async () => {
    const { run, told } = runOf(['s3://b/k', 's3://c/d é'])
    await cp(run)
    const [, input] = told.sent.find(([name]) => name === 'CopyObjectCommand') ?? []
    assert.deepEqual(input, { Bucket: 'c', Key: 'd é', CopySource: 'b/k' })
    assert.deepEqual(told.lines, ['copy: s3://b/k to s3://c/d é'])
    assert.deepEqual(told.progress, { expected: 3, arrived: 3, done: 1 })
  })

  it('with --dryrun tells what it would do, and does nothing', async () => {
    const path = join(folder, 'file')
    for (const command of [cp, mv]) {
      const { run, told } = runOf(['s3://b/k', path], { dryrun: true })
      await command(run)
      const verb = command === mv ? 'move' : 'download'
      assert.deepEqual(told.lines, [`(dryrun) ${verb}: s3://b/k to ${path}`])
      assert.deepEqual(told.records, [{ operation: verb, source: 's3://b/k', target: path, isDryRun: true }])
      assert.ok(!names(told).some((name) => name !== 'HeadObjectCommand'), names(told).join())
      assert.ok(!existsSync(path))
    }
  })

  it('tells of what it could not do, and leaves the source alone', async () => {
    const refused = (command: object): undefined => {
      if (command instanceof GetObjectCommand || command instanceof CopyObjectCommand)
        throw Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } })
    }
    const path = join(folder, 'file')
    for (const [command, target, verb] of [
      [cp, path, 'download'],
      [mv, path, 'move'],
      [cp, 's3://c/k', 'copy'],
    ] as const) {
      const { run, told } = runOf(['s3://b/k', target], {}, refused)
      await command(run)
      assert.deepEqual(told.lines, [])
      assert.equal(told.failures.length, 1)
      assert.ok(told.failures[0]?.startsWith(`${verb} failed: s3://b/k to ${target}: `), told.failures[0])
      assert.deepEqual(told.records, [{ operation: verb, source: 's3://b/k', target }])
      assert.equal(told.progress.done, 0)
      assert.ok(!names(told).includes('DeleteObjectCommand'))
      assert.ok(!existsSync(path))
    }
  })

  it('refuses an object whose name leads out of the folder, as a download that failed', async () => {
    const { run, told } = runOf(['s3://b/p/', folder], { recursive: true }, (command) =>
      command instanceof ListObjectsV2Command
        ? {
            Contents: [
              { Key: 'p/../../x', Size: 3 },
              { Key: 'p/k', Size: 3 },
            ],
          }
        : undefined,
    )
    await cp(run)
    assert.equal(told.failures.length, 1)
    assert.match(told.failures[0] ?? '', /^download failed: s3:\/\/b\/p\/\.\.\/\.\.\/x to /)
    assert.equal(told.records.find(({ source }) => source === 's3://b/p/../../x')?.['operation'], 'download')
    assert.equal(readFileSync(join(folder, 'k'), 'utf8'), 'abc')
  })

  it('uploads all files below a folder, and passes over what is none', async () => {
    const { run, told } = runOf([folder, 's3://b/'], { recursive: true, dryrun: true })
    writeFileSync(join(folder, 'a.txt'), 'x')
    symlinkSync('nowhere', join(folder, 'link'))
    await cp(run)
    assert.deepEqual(told.lines, [`(dryrun) upload: ${join(folder, 'a.txt')} to s3://b/a.txt`])
    assert.equal(told.skipped.length, 1)
    assert.match(told.skipped[0] ?? '', /link was passed over: \S/)
  })

  it('makes a folder of an empty object whose key ends with a slash', async () => {
    const { run, told } = runOf(['s3://b/p/', folder], { recursive: true }, (command) =>
      command instanceof ListObjectsV2Command ? { Contents: [{ Key: 'p/sub/', Size: 0 }] } : undefined,
    )
    await cp(run)
    assert.ok(statSync(join(folder, 'sub')).isDirectory())
    assert.match(told.lines[0] ?? '', /^download: s3:\/\/b\/p\/sub\/ to /)
  })

  it('that is interrupted ends with why, and a fault of the program is one', async () => {
    const controller = new AbortController()
    controller.abort(new Error('interrupted'))
    const { run, told } = runOf(['s3://b/k', join(folder, 'x')], {}, undefined, controller.signal)
    await assert.rejects(cp(run), { message: 'interrupted' })
    assert.deepEqual(told.failures, [])
    const fault = runOf(['s3://b/k', join(folder, 'x')], {}, (command) => {
      if (command instanceof GetObjectCommand) throw new TypeError('a fault')
      return undefined
    })
    await assert.rejects(cp(fault.run), { message: 'a fault' })
    assert.deepEqual(fault.told.failures, [])
  })
})

describe('mv', () => {
  it('deletes the object once its copy is there', async () => {
    for (const target of [join(folder, 'file'), 's3://c/k']) {
      const { run, told } = runOf(['s3://b/k', target])
      await mv(run)
      assert.deepEqual(told.sent.at(-1), ['DeleteObjectCommand', { Bucket: 'b', Key: 'k' }])
      assert.deepEqual(told.lines, [`move: s3://b/k to ${target}`])
      assert.deepEqual(told.records, [{ operation: 'move', source: 's3://b/k', target }])
    }
  })

  it('that cannot delete its source says so', async () => {
    const { run, told } = runOf(['s3://b/k', 's3://c/k'], {}, (command) => {
      if (command instanceof DeleteObjectCommand) throw new Error('it is locked')
      return undefined
    })
    await mv(run)
    assert.deepEqual(told.failures, ['move failed: s3://b/k to s3://c/k: it is locked'])
  })
})
