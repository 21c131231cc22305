// What temporary credentials cost: CPU time of a GET of 4 KiB and of a HEAD with a key of a bucket, an application key, a session token of that one, and
// a role that it took, in turns; the difference of each to the first is taken round by round.
// Built first, since what runs TypeScript directly wraps each function:
//   npx esbuild benchmarks/sessions.ts --bundle --platform=node --format=esm --packages=external --loader:.sql=text --outfile=dist/sessions.mjs
//   node dist/sessions.mjs [--rounds 61] [--only REGEX]
import type { ClientCredentials } from '../src/auth/sign-request.ts'
import { createAccessKey } from '../src/service/access-keys/create-access-key.ts'
import { createAccount } from '../src/service/accounts/create-account.ts'
import { createKey } from '../src/service/application-keys/create-key.ts'
import { createBucket } from '../src/service/buckets/create-bucket.ts'
import { lookUpAccess } from '../src/service/credentials/look-up-access.ts'
import { createRole } from '../src/service/roles/create-role.ts'
import { assumeRole } from '../src/service/sessions/assume-role.ts'
import { getSessionToken } from '../src/service/sessions/get-session-token.ts'
import { requestBytes, withInProcessServer } from './load/in-process-server.ts'
import { measurePaired, numberOption } from './load/paired-rounds.ts'
import { send } from './load/wire.ts'

/** In a turn: short, so that all variants meet the same of what else the machine does. */
const REQUESTS = 500
const OBJECTS = 500
const bucketName = 'bench'
const rounds = numberOption('--rounds', 61)
const only = new RegExp(process.argv[process.argv.indexOf('--only') + 1 || Infinity] ?? '.')

await withInProcessServer('sessions', {}, async (server) => {
  const { context, region } = server
  const sendAll = send(server.listener(), 200)
  const { account, rootKey } = await createAccount(context, 'bench')
  const { accountId } = account
  const caller = { accountId, region }
  await createBucket(context, caller, { bucketName, bundleId: 'small_1_0' })
  const ofBucket = await createAccessKey(context, caller, bucketName)
  const bounds = { name: 'reader', buckets: [bucketName], rights: ['read'] as const, prefixes: ['folder/'] }
  const { key, secretAccessKey } = await createKey(context, caller, bounds)
  await createRole(context, caller, bounds)
  const { credential } = await lookUpAccess(context, key.accessKeyId, null)
  if (!credential) throw new Error('the key is not found')
  const taken = await assumeRole(context, credential, {
    roleArn: `arn:aws:iam::${accountId}:role/reader`,
    sessionName: 'bench',
    address: '127.0.0.1',
  })

  const requestsOf = (credentials: ClientCredentials, method: 'GET' | 'HEAD' | 'PUT'): Buffer[] =>
    Array.from({ length: OBJECTS }, (_, index) =>
      requestBytes(server, credentials, { method, bucketName, objectKey: `folder/object-${index}` }),
    )
  await sendAll(requestsOf(rootKey, 'PUT'))

  const who: readonly (readonly [title: string, credentials: ClientCredentials])[] = [
    ['key of a bucket', { ...ofBucket.accessKey, secretAccessKey: ofBucket.secretAccessKey }],
    ['application key', { accessKeyId: key.accessKeyId, secretAccessKey }],
    ['session token of it', getSessionToken(context, credential)],
    ['role that it took', taken.credentials],
  ]
  process.stdout.write(`node ${process.version}\n`)
  for (const method of ['GET', 'HEAD'] as const) {
    const variants = who
      .filter(([title]) => only.test(title))
      .map(([title, credentials]) => ({ title, sendAll, requests: requestsOf(credentials, method) }))
    const what = method === 'GET' ? 'a GET of 4 KiB' : 'a HEAD'
    await measurePaired(`µs of CPU time ${what}`, variants, { rounds, requests: REQUESTS })
  }
})
