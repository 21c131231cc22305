// What access keys cost: CPU time of a GET of 4 KiB with a key of a bucket, with application keys, and without the table of who uses a key, in turns;
// then the same, a page of the listing and a creation, with few keys in the account and with many.
// Built first, since what runs TypeScript directly wraps each function:
//   npx esbuild benchmarks/access-keys.ts --bundle --platform=node --format=esm --packages=external --loader:.sql=text --outfile=dist/access-keys.mjs
//   node dist/access-keys.mjs [--keys 100000]
import { mkdtempSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { join } from 'node:path'
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
import { listKeys } from '../src/service/application-keys/list-keys.ts'
import { createBucket } from '../src/service/buckets/create-bucket.ts'
import { anonymousClient } from '../test/harness/anonymous-client.ts'
import { Content } from './load/content.ts'
import type { PreparedRequest } from './load/http-connection.ts'
import { signedRequest } from './load/signed-request.ts'
import { send } from './load/wire.ts'

const ROUNDS = 15
const REQUESTS = 2_000
const OBJECTS = 1_000
const bucketName = 'bench'
const keysAt = process.argv.indexOf('--keys')
const KEYS = Number(keysAt < 0 ? 100_000 : process.argv[keysAt + 1])

interface Pair {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const bytesOf = ({ head, body = [] }: PreparedRequest): Buffer => Buffer.concat([head, ...body])
const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[values.length >> 1] ?? 0

const folder = mkdtempSync(join(tmpdir(), 'lugsail-access-keys-'))
const settings = readSettings({
  options: new Map([
    ['data', folder],
    ['application-keys-per-account-max', '10000000'],
  ]),
  environment: {},
})
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
  const listenerOf = (countsUses: boolean): RequestListener => {
    const frontend = new Frontend({
      ...apis,
      clock: systemClock,
      log,
      onFinished: (exchange, outcome) => {
        if (!countsUses) delete exchange.facts.signer
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
    return (request, response) => frontend.receive(request, response, anonymousClient)
  }
  const { account, rootKey } = await createAccount(context, 'bench')
  const caller = { accountId: account.accountId, region: settings.region }
  await createBucket(context, caller, { bucketName, bundleId: 'small_1_0' })
  const content = new Content()
  const body = content.pieces(4096)
  const target = { host: '127.0.0.1', port: 9400, region: settings.region, bucket: bucketName, content }
  const requestsOf = (key: Pair, method: 'GET' | 'PUT'): Buffer[] =>
    Array.from({ length: OBJECTS }, (_, index) =>
      bytesOf(
        signedRequest(
          { ...target, ...key },
          { method, path: `/${bucketName}/folder/object-${index}`, ...(method === 'PUT' && { body }) },
        ),
      ),
    )
  const counted = send(listenerOf(true), 200)
  const uncounted = send(listenerOf(false), 200)
  await counted(requestsOf(rootKey, 'PUT'))

  const makeKey = async (name: string, bounds: object): Promise<Pair> => {
    const { key, secretAccessKey } = await createKey(context, caller, { name, ...bounds })
    return { accessKeyId: key.accessKeyId, secretAccessKey }
  }
  const bucketKey = await createAccessKey(context, caller, bucketName)
  const ofBucket = requestsOf({ ...bucketKey.accessKey, secretAccessKey: bucketKey.secretAccessKey }, 'GET')
  const bounds = { buckets: [bucketName], rights: ['read'], prefixes: ['folder/'] }
  const ofRights = requestsOf(await makeKey('reader', bounds), 'GET')
  const policy = `{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::${bucketName}/folder/*"}]}`
  const ofPolicy = requestsOf(await makeKey('policy', { policy }), 'GET')

  const variants: readonly (readonly [title: string, sendAll: typeof counted, requests: Buffer[]])[] = [
    ['key of a bucket', counted, ofBucket],
    ['the same, uses not counted', uncounted, ofBucket],
    ['application key of rights', counted, ofRights],
    ['application key of a policy', counted, ofPolicy],
  ]
  /** All variants in turn, in an order that changes: the difference of each to the first is taken round by round. */
  const measure = async (title: string): Promise<void> => {
    const micros = variants.map((): number[] => [])
    for (let round = 0; round < ROUNDS; round++) {
      for (let turn = 0; turn < variants.length; turn++) {
        const at = (turn + round) % variants.length
        const [, sendAll, requests] = variants[at] ?? variants[0] ?? []
        if (!sendAll || !requests) continue
        const before = process.cpuUsage()
        for (let sent = 0; sent < REQUESTS; sent += requests.length) {
          await sendAll(requests)
          // Nothing here waits for a network: what the store's threads have done is heard of in between.
          await setImmediate()
        }
        // What the table costs in the background is part of its cost; a server writes it every 10 seconds.
        if (round % 5 === 4) await bookkeeping.keyUses.flush()
        const { user, system } = process.cpuUsage(before)
        micros[at]?.push((user + system) / REQUESTS)
      }
    }
    process.stdout.write(
      `\n${title}: µs of CPU time a GET of 4 KiB, median of ${ROUNDS}; paired difference\n`,
    )
    const first = micros[0] ?? []
    for (const [at, [name]] of variants.entries()) {
      const own = micros[at] ?? []
      const difference = median(own.map((value, round) => (value / (first[round] ?? value) - 1) * 100))
      process.stdout.write(
        `${name.padEnd(30)}${median(own).toFixed(1).padStart(8)}${`${difference >= 0 ? '+' : ''}${difference.toFixed(1)} %`.padStart(12)}\n`,
      )
    }
  }
  /** Milliseconds of a page of the listing and of a creation, median. */
  const measureKeys = async (title: string): Promise<void> => {
    const [pages, creations]: [number[], number[]] = [[], []]
    for (let at = 0; at < 200; at++) {
      let before = performance.now()
      await listKeys(context, caller, { namePrefix: `many-${at % 10}` })
      pages.push(performance.now() - before)
      before = performance.now()
      await makeKey(`${title}-${at}`, bounds)
      creations.push(performance.now() - before)
    }
    process.stdout.write(
      `${title} keys: a page of 100 ${median(pages).toFixed(2)} ms, a creation ${median(creations).toFixed(2)} ms\n`,
    )
  }

  process.stdout.write(`node ${process.version}\n`)
  const make = async (from: number, to: number): Promise<void> => {
    for (let at = from; at < to; at += 50)
      await Promise.all(
        Array.from({ length: Math.min(50, to - at) }, (_, index) => makeKey(`many-${at + index}`, bounds)),
      )
  }
  await make(0, 1_000)
  await measure('Few keys')
  await measureKeys('1000')
  await make(1_000, KEYS)
  await measure(`${KEYS} keys`)
  await measureKeys(String(KEYS))
  await apis.close()
} finally {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
}
