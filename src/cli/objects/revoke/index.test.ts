import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import type { S3Client } from '@aws-sdk/client-s3'
import { globalValues } from '../../grammar/global-options.ts'
import { openSession } from '../../session.ts'
import { UsageError } from '../../usage-error.ts'
import { ObjectOptions, type ObjectRun } from '../run-context.ts'
import { revoke } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-revoke-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const KEY_ID = 'AKIAIOSFODNN7EXAMPLE'
const OLD_ID = 'AKIAIOSFODNN7EXAMPL2'

type Input = Readonly<Record<string, unknown>>
/** What the server has of the key, page by page. */
const ANSWERS: Readonly<Record<string, readonly object[]>> = {
  RevokeAccessKey: [
    {
      accessKey: { status: 'Inactive', accessKeyId: KEY_ID, retiringKey: { accessKeyId: OLD_ID } },
      abortedUploads: [{ uploadId: 'u1', bucketName: 'photos', objectKey: 'a' }],
    },
    { abortedUploads: [{ uploadId: 'u2', bucketName: 'photos', objectKey: 'b' }] },
    { abortedUploads: [{ uploadId: 'u3', bucketName: 'music', objectKey: 'c' }] },
  ],
  GetAccessKeyUse: [{ uses: [] }],
  GetBuckets: [
    { buckets: [{ name: 'x', accessLogConfig: { enabled: true, destination: 'logs', prefix: 'p/' } }] },
    {
      buckets: [
        { name: 'y', accessLogConfig: { enabled: true, destination: 'logs', prefix: 'p/' } },
        { name: 'z', accessLogConfig: { enabled: false, destination: 'off' } },
        { name: 'v', accessLogConfig: { enabled: true, destination: 'others' } },
      ],
    },
  ],
}

describe('lugsail revoke', () => {
  let asked: (readonly [operation: string, input: Input])[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? ''
      const input = JSON.parse(body) as Input
      asked.push([operation, input])
      const pages = ANSWERS[operation] ?? []
      const page = Number(input['pageToken'] ?? 0)
      const next = page + 1 < pages.length ? { nextPageToken: String(page + 1) } : {}
      response.end(JSON.stringify({ ...pages[page], ...next }))
    })
  })
  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve())))
  after(() => server.close())

  /** Runs it; what it told, and which places it looked for access logs in. */
  async function run(word: string, options: Readonly<Record<string, string | boolean>> = {}) {
    asked = []
    const told: string[] = []
    const listed: string[] = []
    const endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const session = openSession(globalValues(new Map(Object.entries({ endpointUrl, region: 'us-east-1' }))), {
      HOME: folder,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
    })
    const client = {
      send: (command: { readonly input: { readonly Bucket?: string; readonly Prefix?: string } }) => {
        listed.push(`${command.input.Bucket}/${command.input.Prefix ?? ''}`)
        return Promise.resolve({ Contents: [] })
      },
    }
    await revoke({
      ...{ session, words: [word], options: new ObjectOptions(new Map(Object.entries(options))) },
      ...{ client: client as unknown as S3Client, signal: new AbortController().signal },
      report: {
        beginList: () => undefined,
        entry: (list: string, line: string) => void told.push(`${list}: ${line}`),
      },
    } as unknown as ObjectRun)
    return { told, listed }
  }

  it('switches a key off by its id or its name, and tells each upload that it ended, of all pages', async () => {
    for (const [word, which] of [
      [KEY_ID, { accessKeyId: KEY_ID }],
      ['ci', { name: 'ci' }],
    ] as const) {
      const { told } = await run(word)
      assert.deepEqual(told, [
        `keys: ${word}: Inactive`,
        'abortedUploads: ended upload u1 of s3://photos/a',
        'abortedUploads: ended upload u2 of s3://photos/b',
        'abortedUploads: ended upload u3 of s3://music/c',
      ])
      assert.deepEqual(asked, [
        ['RevokeAccessKey', which],
        ['RevokeAccessKey', { ...which, pageToken: '1' }],
        ['RevokeAccessKey', { ...which, pageToken: '2' }],
      ])
    }
  })

  it('reports what the key did, and what the one did that it took the place of, by the audit log and all access logs', async () => {
    const [path, auditLog] = [join(folder, 'report.json'), join(folder, 'audit.log')]
    const line = (accessKeyId: string, time: string): string =>
      `${JSON.stringify({ time, accessKeyId, operation: 'X' })}\n`
    writeFileSync(
      auditLog,
      line(KEY_ID, '2030-01-01T00:00:00Z') +
        line(KEY_ID, '2030-01-03T00:00:00Z') +
        line(OLD_ID, '2030-01-04T00:00:00Z') +
        line('AKIAOTHER', '2030-01-04T00:00:00Z'),
    )
    const { told, listed } = await run(KEY_ID, { report: path, json: true, auditLog, since: '2030-01-02' })
    assert.equal(told.length, 4)
    const report = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, readonly Input[]>>
    assert.deepEqual(
      report['auditLog']?.map(({ accessKeyId, time }) => [accessKeyId, time]),
      [
        [KEY_ID, '2030-01-03T00:00:00Z'],
        [OLD_ID, '2030-01-04T00:00:00Z'],
      ],
    )
    assert.deepEqual([report['uses'], report['accessLogs']], [[], []])
    assert.deepEqual([...new Set(listed.map((place) => place.split('/')[0]))], ['logs', 'others'])
    const uses = asked.find(([operation]) => operation === 'GetAccessKeyUse')?.[1]
    assert.deepEqual(uses, { accessKeyId: KEY_ID, since: Date.UTC(2030, 0, 2) / 1_000 })
  })

  it('does nothing where it cannot report what is asked for', async () => {
    for (const options of [{ since: '2030-01-01' }, { auditLog: 'audit.log' }])
      await assert.rejects(
        run(KEY_ID, options),
        (error) => error instanceof UsageError && /name its file with --report/.test(error.message),
      )
    await assert.rejects(run(KEY_ID, { report: join(folder, 'none', 'report') }), { code: 'ENOENT' })
    assert.deepEqual(asked, [])
  })
})
