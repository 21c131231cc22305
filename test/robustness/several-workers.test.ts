import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startServer, type RunningServer } from '../harness/server.ts'
import { SignedClient, type Answer } from '../harness/signed-client.ts'
import { verifyDataFolder } from '../harness/verify-store.ts'

const ROUNDS = process.env['LUGSAIL_LONG_TESTS'] === undefined ? 10 : 200
const WORKERS = 3

interface KeyPair {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex')
const codeOf = ({ status, body }: Answer): string =>
  `${status} ${/<Code>(\w+)</.exec(body.toString())?.[1] ?? /"__type":"(\w+)"/.exec(body.toString())?.[1] ?? ''}`.trim()
const countOf = (answers: readonly Answer[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const answer of answers) counts[codeOf(answer)] = (counts[codeOf(answer)] ?? 0) + 1
  return counts
}
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))

describe(`several workers over one embedded store (${ROUNDS} rounds each)`, () => {
  let server: RunningServer
  let root: SignedClient
  const data = mkdtempSync(join(tmpdir(), 'lugsail-workers-'))
  // Without keep-alive each request is a connection of its own, and these go to the workers in turn.
  const clientOf = (key: KeyPair) => new SignedClient(server, key, { keepAlive: false })
  const makeBucket = async (bucketName: string) => {
    const made = await root.lightsail('CreateBucket', { bucketName, bundleId: 'small_1_0' })
    assert.equal(made.status, 200)
    return bucketName
  }
  const makeKey = async (bucketName: string): Promise<KeyPair> => {
    const made = await root.lightsail('CreateBucketAccessKey', { bucketName })
    assert.equal(made.status, 200, made.body.toString())
    return (JSON.parse(made.body.toString()) as { accessKey: KeyPair }).accessKey
  }

  before(async () => {
    server = await startServer({
      workers: WORKERS,
      dataFolder: data,
      options: { 'buckets-per-account-max': '1000' },
    })
    root = clientOf(server.credentials)
  })
  after(async () => {
    await server.stop()
    rmSync(data, { recursive: true, force: true })
  })

  it('let exactly two of 32 concurrent CreateBucketAccessKey win', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const bucketName = await makeBucket(`key-race-${round}`)
      const answers = await Promise.all(
        times(32, () => root.lightsail('CreateBucketAccessKey', { bucketName })),
      )
      assert.deepEqual(countOf(answers), { '200': 2, '400 InvalidInputException': 30 }, `round ${round}`)
      const listed = await root.lightsail('GetBucketAccessKeys', { bucketName })
      assert.equal((JSON.parse(listed.body.toString()) as { accessKeys: unknown[] }).accessKeys.length, 2)
    }
  })

  it('refuse a deleted key on the very next request, and the commit of an upload that began before', async () => {
    const bucketName = await makeBucket('deleted-keys')
    const body = randomBytes(100_000)
    for (let round = 0; round < ROUNDS; round++) {
      const key = await makeKey(bucketName)
      const client = clientOf(key)
      const path = `/${bucketName}/round-${round}`
      const list = () => client.s3({ method: 'GET', path: `/${bucketName}?list-type=2&max-keys=1` })
      // Each worker has seen the key, and keeps what it derived from it.
      for (const answer of await Promise.all(times(2 * WORKERS, list))) assert.equal(answer.status, 200)
      const uploads = times(WORKERS, (index) =>
        client.beginS3({
          method: 'PUT',
          path: `${path}/${index}`,
          // Large ones stop in the middle of a file, a small one before its record.
          headers: { 'content-length': String(index === 0 ? 1_000 : body.length) },
        }),
      )
      await Promise.all(uploads.map((upload) => upload.write(body.subarray(0, 500))))
      const deleted = await root.lightsail('DeleteBucketAccessKey', {
        bucketName,
        accessKeyId: key.accessKeyId,
      })
      assert.equal(deleted.status, 200)
      const refused = { [`403 InvalidAccessKeyId`]: 2 * WORKERS }
      assert.deepEqual(countOf(await Promise.all(times(2 * WORKERS, list))), refused, `round ${round}`)
      const ends = await Promise.all(
        uploads.map((upload, index) => upload.end(body.subarray(500, index === 0 ? 1_000 : undefined))),
      )
      assert.deepEqual(countOf(ends), { '403 InvalidAccessKeyId': WORKERS }, `round ${round}`)
    }
    const listed = await root.s3({ method: 'GET', path: `/${bucketName}?list-type=2` })
    assert.match(listed.body.toString(), /<KeyCount>0</)
  })

  it('let exactly one of 64 writers with If-None-Match: * create an object', async () => {
    const bucketName = await makeBucket('create-once')
    for (let round = 0; round < Math.ceil(ROUNDS / 10); round++) {
      const path = `/${bucketName}/${round}`
      const bodies = times(64, (index) => randomBytes(index % 2 === 0 ? 100 : 40_000))
      const answers = await Promise.all(
        bodies.map((body) => root.s3({ method: 'PUT', path, headers: { 'if-none-match': '*' }, body })),
      )
      assert.deepEqual(countOf(answers), { '200': 1, '412 PreconditionFailed': 63 })
      const winner = bodies[answers.findIndex(({ status }) => status === 200)] ?? Buffer.alloc(0)
      assert.equal(md5((await root.s3({ method: 'GET', path })).body), md5(winner))
    }
  })

  it('lose no update of writers that replace what they read with If-Match', async () => {
    const bucketName = await makeBucket('counter-bucket')
    const path = `/${bucketName}/counter`
    await root.s3({ method: 'PUT', path, body: Buffer.from('0') })
    const increment = async (): Promise<void> => {
      for (;;) {
        const { headers, body } = await root.s3({ method: 'GET', path })
        const next = Buffer.from(String(Number(body.toString()) + 1))
        const put = await root.s3({
          method: 'PUT',
          path,
          body: next,
          headers: { 'if-match': headers.etag ?? '' },
        })
        if (put.status === 200) return
        assert.equal(codeOf(put), '412 PreconditionFailed')
      }
    }
    const writers = 8
    await Promise.all(
      times(writers, async () => {
        for (let count = 0; count < 10; count++) await increment()
      }),
    )
    assert.equal((await root.s3({ method: 'GET', path })).body.toString(), String(writers * 10))
  })

  it('make an object once when two complete one upload at the same time', async () => {
    const bucketName = await makeBucket('completed-twice')
    for (let round = 0; round < ROUNDS; round++) {
      const path = `/${bucketName}/${round}`
      const begun = await root.s3({ method: 'POST', path: `${path}?uploads` })
      const uploadId = /<UploadId>(\w+)</.exec(begun.body.toString())?.[1] ?? ''
      const part = randomBytes(50_000)
      await root.s3({ method: 'PUT', path: `${path}?partNumber=1&uploadId=${uploadId}`, body: part })
      const list = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${md5(part)}</ETag></Part></CompleteMultipartUpload>`
      const complete = () =>
        root.s3({ method: 'POST', path: `${path}?uploadId=${uploadId}`, body: Buffer.from(list) })
      const answers = await Promise.all(times(4, complete))
      assert.deepEqual(countOf(answers), { '200': 4 }, answers.map(({ body }) => body.toString()).join('\n'))
      assert.equal(md5((await root.s3({ method: 'GET', path })).body), md5(part))
    }
  })

  it('count what is stored exactly, whoever wrote it', async () => {
    const bucketName = await makeBucket('hot-keys')
    await Promise.all(
      times(8, async (writer) => {
        for (let count = 0; count < ROUNDS; count++) {
          const path = `/${bucketName}/${(writer + count) % 3}`
          const body = randomBytes(count % 3 === 0 ? 40_000 : 1_000 + writer)
          const answer =
            (count + writer) % 4 === 0
              ? await root.s3({ method: 'DELETE', path })
              : await root.s3({ method: 'PUT', path, body })
          assert.ok(answer.status < 300, codeOf(answer))
        }
      }),
    )
    await server.stop()
    assert.deepEqual(await verifyDataFolder(data, { sweeps: true }), [])
  })
})
