import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, describe, it } from 'node:test'
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'
import { accessLogEvents } from './access-log-events.ts'
import { auditEvents } from './audit-events.ts'
import { KeyReport } from './key-report.ts'
import type { KeyEvent } from './key-report.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-revoke-'))
after(() => rmSync(folder, { recursive: true }))
const { signal } = new AbortController()

async function all<T>(events: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = []
  for await (const event of events) found.push(event)
  return found
}

const at = (iso: string): number => Date.parse(iso)

describe('events of an audit log', () => {
  const line = (accessKeyId: string, time: string, more: object = {}): string =>
    JSON.stringify({ time, accessKeyId, ...more })
  const events = async (path: string, since = 0, ...ids: readonly string[]): Promise<readonly KeyEvent[]> =>
    await all(auditEvents(path, { accessKeyIds: new Set(ids), since }, signal))
  const log = (name: string, ...lines: readonly string[]): string => {
    writeFileSync(join(folder, name), lines.map((each) => `${each}\n`).join(''))
    return join(folder, name)
  }

  it('are the lines of these keys from this time on', async () => {
    const path = log(
      'audit.log',
      line('AKIA1', '2030-01-01T00:00:00Z', { operation: 'A' }),
      line('AKIA2', '2030-01-01T00:00:00Z'),
      line('AKIA3', '2030-01-02T00:00:00Z', { changed: 'AKIA1' }),
      line('AKIA1', '2030-01-03T00:00:00Z', { count: 2, isDone: true, list: ['x'], nothing: null }),
    )
    const whole = {
      time: '2030-01-03T00:00:00Z',
      accessKeyId: 'AKIA1',
      count: 2,
      isDone: true,
      list: '["x"]',
      nothing: 'null',
    }
    assert.deepEqual(await events(path, 0, 'AKIA1'), [
      { time: '2030-01-01T00:00:00Z', accessKeyId: 'AKIA1', operation: 'A' },
      whole,
    ])
    assert.deepEqual(await events(path, at('2030-01-03T00:00:00Z'), 'AKIA1'), [whole])
    assert.deepEqual(await events(path, at('2030-01-03T00:00:00.001Z'), 'AKIA1'), [])
    assert.equal((await events(path, 0, 'AKIA1', 'AKIA2')).length, 3)
    assert.deepEqual(await events(path, 0), [])
  })

  it('begin with those of the files that were put aside, the oldest first', async () => {
    const place = mkdtempSync(join(folder, 'rotated-'))
    const name = place.slice(folder.length + 1)
    const path = log(`${name}/a.log`, line('K', '2030-01-03T00:00:00Z'))
    log(`${name}/a.log.20300102T000000Z`, line('K', '2030-01-02T00:00:00Z'))
    log(`${name}/a.log.20300101T000000Z`, line('K', '2030-01-01T00:00:00Z'))
    for (const other of [
      'a.log.old',
      'a.log.gz20300101T0',
      'b.log.20300101T000000Z',
      'a.log20300101T000000Z',
    ])
      log(`${name}/${other}`, line('K', '2031-01-01T00:00:00Z'))
    assert.deepEqual(
      (await events(path, 0, 'K')).map(({ time }) => String(time).slice(8, 10)),
      ['01', '02', '03'],
    )
  })

  it('are not what a crash cut off, and no other text', async () => {
    const path = log(
      'cut.log',
      '{"accessKeyId":"K","ti',
      '"K"',
      'null K',
      '7 // K',
      '["K"]',
      line('K', '2030-01-01T00:00:00Z'),
    )
    assert.equal((await events(path, 0, 'K')).length, 1)
    await assert.rejects(events(join(folder, 'none.log'), 0, 'K'), { code: 'ENOENT' })
  })
})

describe('events of access logs', () => {
  const LINE =
    'owner photos [06/Feb/2030:00:00:38 +0000] 192.0.2.3 requester 3E57 REST.PUT.OBJECT a+b.jpg "PUT /photos/a b.jpg HTTP/1.1" 200 - 12 34 56 7 "-" "curl x" v1 host SigV4 cipher AuthHeader localhost TLSv1.3 - - AKIA1'
  const NAME = '2030-02-06-01-00-00-0123456789ABCDEF'

  /** A store with these logs, each by its key, so many keys in a page; notes what it was asked for. */
  function storeOf(logs: Readonly<Record<string, string | undefined>>, perPage = 2) {
    const asked: object[] = []
    const send = (command: object): Promise<object> => {
      if (command instanceof GetObjectCommand) {
        const text = logs[command.input.Key ?? '']
        return Promise.resolve({ Body: text === undefined ? undefined : Readable.from([text]) })
      }
      assert.ok(command instanceof ListObjectsV2Command)
      const { ContinuationToken, ...input } = command.input
      asked.push(input)
      const from = Number(ContinuationToken ?? 0)
      const keys = Object.keys(logs).slice(from, from + perPage)
      const next = from + perPage < Object.keys(logs).length ? String(from + perPage) : undefined
      return Promise.resolve({ Contents: keys.map((Key) => ({ Key })), NextContinuationToken: next })
    }
    return { client: { send } as unknown as S3Client, asked }
  }
  const events = async (
    store: ReturnType<typeof storeOf>,
    since = 0,
    ...ids: readonly string[]
  ): Promise<readonly KeyEvent[]> =>
    await all(
      accessLogEvents(
        store.client,
        { bucketName: 'logs', prefix: 'p/' },
        { accessKeyIds: new Set(ids), since },
        signal,
      ),
    )

  it('have the fields of the line by their names, without those that are not known', async () => {
    assert.deepEqual(await events(storeOf({ [`p/${NAME}`]: `${LINE}\r\nowner x AKIA2\n` }), 0, 'AKIA1'), [
      {
        time: '2030-02-06T00:00:38.000Z',
        accessKeyId: 'AKIA1',
        bucketName: 'photos',
        address: '192.0.2.3',
        requestId: '3E57',
        operation: 'REST.PUT.OBJECT',
        objectKey: 'a+b.jpg',
        request: 'PUT /photos/a b.jpg HTTP/1.1',
        status: '200',
        errorCode: undefined,
        sentBytes: '12',
        objectBytes: '34',
        agent: 'curl x',
        versionId: 'v1',
      },
    ])
  })

  it('are those from a time on, and of logs that were delivered since', async () => {
    const store = storeOf({ [`p/${NAME}`]: LINE })
    assert.equal((await events(store, at('2030-02-06T00:00:38Z'), 'AKIA1')).length, 1)
    assert.equal((await events(store, at('2030-02-06T00:00:39Z'), 'AKIA1')).length, 0)
    assert.deepEqual(store.asked[0], { Bucket: 'logs', Prefix: 'p/', StartAfter: 'p/2030-02-06-00-00-38' })
    // A time that cannot be read is before all others.
    const odd = storeOf({ [`p/${NAME}`]: LINE.replace('06/Feb/2030', 'x') })
    assert.deepEqual(
      (await events(odd, 0, 'AKIA1')).map(({ time }) => time),
      ['1970-01-01T00:00:00.000Z'],
    )
    assert.deepEqual(await events(odd, 1, 'AKIA1'), [])
  })

  it('come from every page, of nothing but logs', async () => {
    const names = [
      '2030-02-06-01-00-00-0123456789ABCDEF',
      '2030-02-06-01-00-01-0123456789ABCDEF',
      '2030-02-06-01-00-02-0123456789ABCDEF',
    ]
    const others = [
      'notes.txt',
      '2030-02-06-01-00-00-0123456789abcdef',
      '2030-02-06-01-00-00-0123456789ABCDEF0',
      'x/2030-02-06-01-00-00-0123456789ABCDEF',
    ]
    const store = storeOf(Object.fromEntries([...names, ...others].map((name) => [`p/${name}`, LINE])))
    assert.equal((await events(store, 0, 'AKIA1')).length, 3)
    assert.equal(store.asked.length, 4)
    assert.deepEqual(await events(storeOf({ [`p/${NAME}`]: undefined }), 0, 'AKIA1'), [])
  })
})

describe('the report of a key', () => {
  let count = 0
  const written = (isJson: boolean, fill: (report: KeyReport) => void): string => {
    const path = join(folder, `report-${++count}`)
    const report = new KeyReport(path, { isJson })
    fill(report)
    report.finish()
    assert.equal(statSync(path).mode & 0o777, 0o600)
    return readFileSync(path, 'utf8')
  }
  const fill = (report: KeyReport): void => {
    report.begin('uses')
    report.add({ day: '2030-01-10', address: '192.0.2.1', none: undefined, empty: '' })
    report.add({ agent: 'curl "x" = y', isDone: false, count: 0 })
    report.begin('auditLog')
    report.begin('accessLogs')
    report.add({ objectKey: 'a\nb\u001b' })
  }

  it('is one JSON document, or a line for each event', () => {
    assert.deepEqual(JSON.parse(written(true, fill)), {
      uses: [
        { day: '2030-01-10', address: '192.0.2.1', empty: '' },
        { agent: 'curl "x" = y', isDone: false, count: 0 },
      ],
      auditLog: [],
      accessLogs: [{ objectKey: 'a\nb\u001b' }],
    })
    assert.deepEqual(JSON.parse(written(true, () => undefined)), {})
    assert.equal(
      written(false, fill),
      'uses day=2030-01-10 address=192.0.2.1\nuses agent="curl \\"x\\" = y" isDone=false count=0\naccessLogs objectKey="a\\nb\\u001b"\n',
    )
  })

  it('is never written over one that is there', () => {
    const path = join(folder, 'there')
    writeFileSync(path, 'evidence')
    assert.throws(() => new KeyReport(path, { isJson: true }), { code: 'EEXIST' })
    assert.equal(readFileSync(path, 'utf8'), 'evidence')
  })
})
