import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { makeBlobBucket, startBlobServer, type BlobServer } from './gateways.ts'
import { missingPostgres, startPostgres, type PostgresServer } from './postgres-server.ts'

/** What is decided about rights, and decided again in commits, depends on the metadata engine's snapshots and checks. */
const TESTS = [
  'bucket-policy',
  'conditional-writes',
  'copy-source',
  'object-lock',
  'owners-and-others',
  'revoked-writes',
  'rights-of-inputs',
  'settings-at-commit',
  'withheld-facts',
]

describe('with PostgreSQL and S3, the tests of rights', { skip: missingPostgres() ?? false }, () => {
  let postgres: PostgresServer
  let blobServer: BlobServer
  let blobsUrl = ''
  before(async () => {
    postgres = await startPostgres()
    blobServer = await startBlobServer()
    blobsUrl = await makeBlobBucket(blobServer)
  })
  after(async () => {
    await blobServer.dispose()
    await postgres.dispose()
  })

  for (const name of TESTS)
    it(`pass: ${name}`, async () => {
      const environment = { ...process.env }
      delete environment['NODE_TEST_CONTEXT']
      const child = spawn(
        process.execPath,
        ['--import', './build/typescript.mjs', '--test', '--test-reporter=tap', `test/s3/${name}.test.ts`],
        {
          env: { ...environment, LUGSAIL_TEST_METADATA: postgres.url, LUGSAIL_TEST_BLOBS: blobsUrl },
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      )
      let text = ''
      child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      const [code] = (await once(child, 'close')) as [number]
      assert.equal(code, 0, text.slice(0, 20_000))
      assert.match(text, /^# pass [1-9]/m)
    })
})
