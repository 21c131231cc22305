/** What integrations/testcontainers says to a server in its container, and what it asks it, with the command as it is. Without a container engine; the other test has one. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { drawCredentials, serveCommand } from '../../integrations/testcontainers/src/serve-command.ts'
import type { ServerOptions } from '../../integrations/testcontainers/src/serve-command.ts'
import { TestPaths } from '../../integrations/testcontainers/src/test-paths.ts'
import { EXECUTABLE } from '../harness/executable.ts'

const folder = mkdtempSync(join(tmpdir(), 'lugsail-container-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const OPTIONS: ServerOptions = {
  accountId: '123456789012',
  region: 'eu-west-1',
  credentials: drawCredentials(),
}

/** Starts what the container would; of its arguments those alone are others that name places in it. */
async function serve(t: { after: (end: () => unknown) => void }, options: ServerOptions = OPTIONS) {
  const { args, environment } = serveCommand(options)
  const own: Readonly<Record<string, string>> = {
    '0.0.0.0:9400': '127.0.0.1:0',
    '/seed': join(folder, 'seed'),
  }
  const child = spawn(
    EXECUTABLE,
    args.map((each) => own[each] ?? each),
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...environment },
    },
  )
  t.after(() => child.kill('SIGKILL'))
  const line = await new Promise<string>((settle, reject) => {
    child.stdout.setEncoding('utf8').once('data', settle)
    child.once('close', () => reject(new Error('the server ended')))
  })
  const { endpoint } = JSON.parse(line) as { readonly endpoint: string }
  const { region, credentials } = options
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 })
  t.after(() => s3.destroy())
  const textOf = async (Key: string): Promise<string | undefined> =>
    await (await s3.send(new GetObjectCommand({ Bucket: 'photos', Key }))).Body?.transformToString()
  return { endpoint, test: new TestPaths(endpoint), textOf, said: JSON.parse(line) as object }
}

describe('the container of Testcontainers', () => {
  it('has the account, region, key pair, clock and content that it is told', async (t) => {
    mkdirSync(join(folder, 'seed/photos'), { recursive: true })
    writeFileSync(join(folder, 'seed/photos/a.txt'), 'hello')
    const { said, test, textOf } = await serve(t, {
      ...OPTIONS,
      clock: '2030-01-31',
      hasSeed: true,
      settings: { LOG_LEVEL: 'error' },
    })
    const { accountId, region, credentials } = OPTIONS
    assert.deepEqual({ ...said, accountId, region, credentials }, said)
    assert.equal(await textOf('a.txt'), 'hello')
    assert.match((await test.now()).toISOString(), /^2030-01-31/)
  })

  it('is put back, seeded, moved in time and made to fail', async (t) => {
    const { test, textOf } = await serve(t)
    await test.seed({ buckets: { photos: { objects: { a: 'one', b: 'two' } } } })
    const snapshot = await test.snapshot()
    assert.equal(await textOf('b'), 'two')
    await test.failNext({ operation: 'GetObject', code: 'SlowDown' })
    await assert.rejects(textOf('b'), { name: 'SlowDown' })
    const before = await test.now()
    await test.advance('30d')
    assert.ok((await test.now()).getTime() - before.getTime() >= 30 * 86_400_000)
    assert.deepEqual(
      (await test.requests()).map(({ operation, status }) => [operation, status]),
      [
        ['GetObject', 200],
        ['GetObject', 503],
      ],
    )
    await test.reset()
    await assert.rejects(textOf('b'), { name: 'NoSuchBucket' })
    await test.restore(snapshot)
    assert.equal(await textOf('a'), 'one')
  })

  it('says what the server finds wrong', async (t) => {
    const { test } = await serve(t)
    await assert.rejects(
      test.failNext({ operation: 'PutObjekt', code: 'SlowDown' }),
      /^Error: faults: .*PutObjekt/,
    )
  })

  it('draws another key pair each time, and keeps its secret off the command line', () => {
    const [one, other] = [drawCredentials(), drawCredentials()]
    assert.notEqual(one.secretAccessKey, other.secretAccessKey)
    const { args, environment } = serveCommand({ ...OPTIONS, credentials: one })
    assert.equal(environment['LUGSAIL_ROOT_SECRET_ACCESS_KEY'], one.secretAccessKey)
    assert.ok(!args.join(' ').includes(one.secretAccessKey))
  })
})
