// CPU time of a small request in this process alone: node:http's parser, authentication, routing, the embedded store, metrics and the
// answer; no sockets, no other process. What a server answers that does nothing but `response.end(body)` stands beside it.
// Built first, since what runs TypeScript directly wraps each function:
//   npx esbuild benchmarks/small-requests.ts --bundle --platform=node --format=esm --packages=external --loader:.sql=text --outfile=dist/small-requests.mjs
//   node dist/small-requests.mjs [--only REGEX]
import type { RequestListener } from 'node:http'
import { createAccount } from '../src/service/accounts/create-account.ts'
import { objectBody, requestBytes, withInProcessServer } from './load/in-process-server.ts'
import { median } from './load/paired-rounds.ts'
import { send } from './load/wire.ts'

const ROUNDS = 9
const REQUESTS = 4_000
const OBJECTS = 1_000
const bucketName = 'bench'
const only = new RegExp(process.argv[process.argv.indexOf('--only') + 1 || Infinity] ?? '.')

interface Writes {
  /** Requests of a round: each of them waits for the disk. */
  readonly count: number
  /** What is done before each round, and not counted. */
  readonly prepare?: () => Promise<void>
}

async function measure(
  title: string,
  listener: RequestListener,
  status: number,
  requests: Buffer[],
  { count, prepare }: Writes = { count: REQUESTS },
) {
  if (!only.test(title)) return
  const sendAll = send(listener, status)
  const micros: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await prepare?.()
    const before = process.cpuUsage()
    for (let sent = 0; sent < count; sent += requests.length) await sendAll(requests)
    const { user, system } = process.cpuUsage(before)
    micros.push((user + system) / count)
  }
  process.stdout.write(
    `${title.padEnd(34)}${Math.min(...micros)
      .toFixed(1)
      .padStart(8)}${median(micros).toFixed(1).padStart(10)}\n`,
  )
}

await withInProcessServer('small-requests', {}, async (server) => {
  const receive = server.listener()
  const { rootKey } = await createAccount(server.context, 'bench')
  const requests = (method: string, suffix = '') =>
    Array.from({ length: OBJECTS }, (_, index) =>
      requestBytes(server, rootKey, { method, bucketName, objectKey: `folder/object-${index}${suffix}` }),
    )
  await send(receive, 200)([requestBytes(server, rootKey, { method: 'PUT', bucketName })])
  await send(receive, 200)(requests('PUT'))

  process.stdout.write(
    `node ${process.version}; µs of CPU time a request\n${'least'.padStart(42)}${'median'.padStart(10)}\n`,
  )
  const whole = Buffer.concat(objectBody)
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
  const count = OBJECTS
  await measure('PUT 4 KiB', receive, 200, requests('PUT'), { count })
  await measure('DELETE', receive, 204, requests('DELETE'), {
    count,
    prepare: () => send(receive, 200)(requests('PUT')),
  })
})
