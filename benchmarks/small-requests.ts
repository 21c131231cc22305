// CPU time of a small request in this process alone: node:http's parser, authentication, routing, the embedded store, metrics and the
// answer; no sockets, no other process. What a server answers that does nothing but `response.end(body)` stands beside it.
// Built first, since what runs TypeScript directly wraps each function:
//   npx esbuild benchmarks/small-requests.ts --bundle --platform=node --format=esm --packages=external --loader:.sql=text --outfile=dist/small-requests.mjs
//   node dist/small-requests.mjs [--only REGEX]
import { mkdtempSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src/base/clock.ts'
import { readSettings } from '../src/server/configuration/read.ts'
import { Frontend } from '../src/server/http/frontend.ts'
import { createLogger } from '../src/server/logging/logger.ts'
import { Metrics } from '../src/server/metrics/metrics.ts'
import { Bookkeeping } from '../src/server/process/bookkeeping.ts'
import { createApis } from '../src/server/process/apis.ts'
import { openStore } from '../src/server/store/open-store.ts'
import { createAccount } from '../src/service/accounts/create-account.ts'
import { MeasuredBlobStore } from '../src/storage/wrap/measured-blob-store.ts'
import { MeasuredMetadataStore } from '../src/storage/wrap/measured-metadata-store.ts'
import { anonymousClient } from '../test/harness/anonymous-client.ts'
import { Content } from './load/content.ts'
import { signedRequest } from './load/signed-request.ts'
import type { PreparedRequest } from './load/http-connection.ts'
import { send } from './load/wire.ts'

const ROUNDS = 9
const REQUESTS = 4_000
const OBJECTS = 1_000
const only = new RegExp(process.argv[process.argv.indexOf('--only') + 1 || Infinity] ?? '.')

async function measure(title: string, listener: RequestListener, status: number, requests: Buffer[]) {
  if (!only.test(title)) return
  const sendAll = send(listener, status)
  const micros: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage()
    for (let sent = 0; sent < REQUESTS; sent += requests.length) await sendAll(requests)
    const { user, system } = process.cpuUsage(before)
    micros.push((user + system) / REQUESTS)
  }
  micros.sort((left, right) => left - right)
  const [least = 0] = micros
  const median = micros[ROUNDS >> 1] ?? 0
  process.stdout.write(
    `${title.padEnd(34)}${least.toFixed(1).padStart(8)}${median.toFixed(1).padStart(10)}\n`,
  )
}

const bytesOf = ({ head, body = [] }: PreparedRequest): Buffer => Buffer.concat([head, ...body])

const folder = mkdtempSync(join(tmpdir(), 'lugsail-small-requests-'))
const settings = readSettings({ options: new Map([['data', folder]]), environment: {} })
const metrics = new Metrics()
const store = await openStore({
  settings,
  environment: {},
  clock: systemClock,
  createsWhenMissing: true,
  wrap: {
    metadata: (engine) =>
      new MeasuredMetadataStore(engine, (...call) => metrics.observeStoreCall('metadata', ...call)),
    blobs: (engine) => new MeasuredBlobStore(engine, (...call) => metrics.observeStoreCall('blobs', ...call)),
  },
})
try {
  const log = createLogger({
    level: 'warn',
    format: 'text',
    target: (piece, done) => void process.stderr.write(piece, done),
    clock: systemClock,
  })
  const bookkeeping = new Bookkeeping({ context: store.context, settings, log, metrics })
  const apis = createApis(store.context, log, bookkeeping.keyUses)
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
  const receive: RequestListener = (request, response) => frontend.receive(request, response, anonymousClient)
  const { rootKey } = await createAccount(store.context, 'bench')
  const target = {
    host: '127.0.0.1',
    port: 9400,
    region: settings.region,
    ...rootKey,
    bucket: 'bench',
    content: new Content(),
  }
  const body = target.content.pieces(4096)
  const paths = Array.from({ length: OBJECTS }, (_, index) => `/bench/folder/object-${index}`)
  const requests = (method: string, suffix = '') =>
    paths.map((path) =>
      bytesOf(signedRequest(target, { method, path: path + suffix, ...(method === 'PUT' && { body }) })),
    )
  await send(receive, 200)([bytesOf(signedRequest(target, { method: 'PUT', path: '/bench' }))])
  await send(receive, 200)(requests('PUT'))

  process.stdout.write(
    `node ${process.version}; µs of CPU time a request\n${'least'.padStart(42)}${'median'.padStart(10)}\n`,
  )
  const whole = Buffer.concat(body)
  await measure(
    'bare node:http, 4 KiB',
    (_request, response) => {
      response.setHeader('content-length', whole.length)
      response.end(whole)
    },
    200,
    requests('GET'),
  )
  await measure('GET 4 KiB', receive, 200, requests('GET'))
  await measure('HEAD', receive, 200, requests('HEAD'))
  await measure('HEAD of a missing key', receive, 404, requests('HEAD', '-missing'))
  await apis.close()
} finally {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
}
