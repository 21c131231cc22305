// What temporary credentials cost: CPU time of a GET of 4 KiB and of a HEAD with a key of a bucket, an application key, a session token of that one, and
// a role that it took, in turns; the difference of each to the first is taken round by round.
// Built first, since what runs TypeScript directly wraps each function:
//   npx esbuild benchmarks/sessions.ts --bundle --platform=node --format=esm --packages=external --loader:.sql=text --outfile=dist/sessions.mjs
//   node dist/sessions.mjs [--rounds 15]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { ClientCredentials } from '../src/auth/sign-request.ts'
import { systemClock } from '../src/base/clock.ts'
import { readSettings } from '../src/server/configuration/read.ts'
import { Frontend } from '../src/server/http/frontend.ts'
import { createLogger } from '../src/server/logging/logger.ts'
import { Metrics } from '../src/server/metrics/metrics.ts'
import { createApis } from '../src/server/process/apis.ts'
import { Bookkeeping } from '../src/server/process/bookkeeping.ts'
import { openStore } from '../src/server/store/open-store.ts'
import { createAccessKey } from '../src/service/access-keys/create-access-key.ts'
import { createAccount } from '../src/service/accounts/create-account.ts'
import { createKey } from '../src/service/application-keys/create-key.ts'
import { createBucket } from '../src/service/buckets/create-bucket.ts'
import { lookUpAccess } from '../src/service/credentials/look-up-access.ts'
import { createRole } from '../src/service/roles/create-role.ts'
import { assumeRole } from '../src/service/sessions/assume-role.ts'
import { getSessionToken } from '../src/service/sessions/get-session-token.ts'
import { anonymousClient } from '../test/harness/anonymous-client.ts'
import { Content } from './load/content.ts'
import { signedRequest } from './load/signed-request.ts'
import { send } from './load/wire.ts'

const REQUESTS = 2_000
const OBJECTS = 1_000
const bucketName = 'bench'
const roundsAt = process.argv.indexOf('--rounds')
const ROUNDS = Number(roundsAt < 0 ? 15 : process.argv[roundsAt + 1])

const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[values.length >> 1] ?? 0

const folder = mkdtempSync(join(tmpdir(), 'lugsail-sessions-'))
const settings = readSettings({ options: new Map([['data', folder]]), environment: {} })
const metrics = new Metrics()
const store = await openStore({ settings, environment: {}, clock: systemClock, createsWhenMissing: true })
try {
  const { context } = store
  const log = createLogger({
    level: 'warn',
    format: 'text',
    target: (piece, done) => void process.stderr.write(piece, done),
    clock: systemClock,
  })
  const bookkeeping = new Bookkeeping({ context, settings, log, metrics })
  const apis = createApis(context, log, bookkeeping.keyUses)
  const frontend = new Frontend({
    ...apis,
    clock: systemClock,
    log,
    onFinished: (exchange, outcome) => {
      metrics.observeExchange(exchange, outcome)
      bookkeeping.observe(exchange, outcome)
    },
    reserved: {
      domain: null,
      metricsReaders: 'off',
      checkStores: () => Promise.resolve({ trouble: null, warning: null }),
      metricsText: () => Promise.resolve({ contentType: '', text: '' }),
    },
  })
  const sendAll = send((request, response) => frontend.receive(request, response, anonymousClient), 200)

  const { account, rootKey } = await createAccount(context, 'bench')
  const { accountId } = account
  const caller = { accountId, region: settings.region }
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

  const content = new Content()
  const body = content.pieces(4096)
  const requestsOf = (credentials: ClientCredentials, method: 'GET' | 'HEAD' | 'PUT'): Buffer[] =>
    Array.from({ length: OBJECTS }, (_, index) => {
      const target = { host: '127.0.0.1', port: 9400, region: settings.region, bucket: bucketName, content }
      const path = `/${bucketName}/folder/object-${index}`
      const draft = { method, path, ...(method === 'PUT' && { body }) }
      const { head, body: pieces = [] } = signedRequest({ ...target, ...credentials }, draft)
      return Buffer.concat([head, ...pieces])
    })
  await sendAll(requestsOf(rootKey, 'PUT'))

  const who: readonly (readonly [title: string, credentials: ClientCredentials])[] = [
    ['key of a bucket', { ...ofBucket.accessKey, secretAccessKey: ofBucket.secretAccessKey }],
    ['application key', { accessKeyId: key.accessKeyId, secretAccessKey }],
    ['session token of it', getSessionToken(context, credential)],
    ['role that it took', taken.credentials],
  ]
  process.stdout.write(`node ${process.version}\n`)
  for (const method of ['GET', 'HEAD'] as const) {
    const variants = who.map(([, credentials]) => requestsOf(credentials, method))
    const micros = variants.map((): number[] => [])
    for (let round = 0; round < ROUNDS; round++)
      for (let turn = 0; turn < variants.length; turn++) {
        const at = (turn + round) % variants.length
        const before = process.cpuUsage()
        for (let sent = 0; sent < REQUESTS; sent += OBJECTS) {
          await sendAll(variants[at] ?? [])
          // Nothing here waits for a network: what the store's threads have done is heard of in between.
          await setImmediate()
        }
        const { user, system } = process.cpuUsage(before)
        micros[at]?.push((user + system) / REQUESTS)
      }
    const what = method === 'GET' ? 'a GET of 4 KiB' : 'a HEAD'
    process.stdout.write(`\nµs of CPU time ${what}, median of ${ROUNDS}; paired difference\n`)
    const first = micros[0] ?? []
    for (const [at, [title]] of who.entries()) {
      const own = micros[at] ?? []
      const difference = median(own.map((value, round) => (value / (first[round] ?? value) - 1) * 100))
      const shown = `${difference >= 0 ? '+' : ''}${difference.toFixed(1)} %`
      process.stdout.write(`${title.padEnd(24)}${median(own).toFixed(1).padStart(8)}${shown.padStart(12)}\n`)
    }
  }
  await apis.close()
} finally {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
}
