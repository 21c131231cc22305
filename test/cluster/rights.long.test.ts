import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { makeBlobBucket, startBlobServer, type BlobServer } from './gateways.ts'
import { missingPostgres, startPostgres, type PostgresServer } from './postgres-server.ts'

/** What is decided about rights, and decided again in commits, depends on the metadata engine's snapshots and checks. */
const TESTS = [
  's3/bucket-policy',
  's3/conditional-writes',
  's3/copy-source',
  's3/object-lock',
  's3/owners-and-others',
  's3/revoked-writes',
  's3/rights-of-inputs',
  's3/settings-at-commit',
  's3/withheld-facts',
  'features/access-key-status',
  'features/access-key-use',
  'features/application-keys',
  'features/application-keys-bounds',
  'features/application-keys-care',
  'features/key-rotation',
  'features/listed-buckets',
  'features/revoked-keys',
  'features/sessions',
  'features/web-identity',
]

describe(
  'with PostgreSQL and S3, the tests of rights and of keys',
  { skip: missingPostgres() ?? false },
  () => {
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
          ['--import', './build/typescript.mjs', '--test', '--test-reporter=tap', `test/${name}.test.ts`],
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
  },
)
