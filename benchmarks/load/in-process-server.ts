import { mkdtempSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClientCredentials } from '../../src/auth/sign-request.ts'
import { systemClock } from '../../src/base/clock.ts'
import { readSettings } from '../../src/server/configuration/read.ts'
import { Frontend } from '../../src/server/http/frontend.ts'
import { createLogger } from '../../src/server/logging/logger.ts'
import { Metrics } from '../../src/server/metrics/metrics.ts'
import { createApis } from '../../src/server/process/apis.ts'
import { Bookkeeping } from '../../src/server/process/bookkeeping.ts'
import { openStore } from '../../src/server/store/open-store.ts'
import type { ServiceContext } from '../../src/service/context.ts'
import { MeasuredBlobStore } from '../../src/storage/wrap/measured-blob-store.ts'
import { MeasuredMetadataStore } from '../../src/storage/wrap/measured-metadata-store.ts'
import { anonymousClient } from '../../test/harness/anonymous-client.ts'
import { Content } from './content.ts'
import { signedRequest } from './signed-request.ts'

/** What a server does with a request, without sockets and in this process: from node:http's parser to metrics and bookkeeping, over an embedded store. */
export interface InProcessServer {
  readonly context: ServiceContext
  readonly region: string
  /** Takes requests as a server does; `countsUses: false`: without counting who uses which key. */
  listener(options?: { readonly countsUses: boolean }): RequestListener
  /** Writes what was counted of who uses which key. */
  flushKeyUses(): Promise<void>
}

/** Opens a store in a folder of its own for as long as `run` lasts. `options`: settings of the server. */
export async function withInProcessServer(
  name: string,
  options: Readonly<Record<string, string>>,
  run: (server: InProcessServer) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), `lugsail-${name}-`))
  const settings = readSettings({
    options: new Map([['data', folder], ...Object.entries(options)]),
    environment: {},
  })
  const metrics = new Metrics()
  const store = await openStore({
    settings,
    environment: {},
    clock: systemClock,
    createsWhenMissing: true,
    wrap: {
      metadata: (engine) =>
        new MeasuredMetadataStore(engine, (...call) => metrics.observeStoreCall('metadata', ...call)),
      blobs: (engine) =>
        new MeasuredBlobStore(engine, (...call) => metrics.observeStoreCall('blobs', ...call)),
    },
  })
  try {
    const { context } = store
    const log = createLogger({
      level: 'warn',
      format: 'text',
      target: (piece, done) => void process.stderr.write(piece, done),
      clock: systemClock,
    })
    const bookkeeping = new Bookkeeping({ context, settings, log, metrics })
    const apis = createApis(context, bookkeeping.keyUses, null)
    await run({
      context,
      region: settings.region,
      listener: ({ countsUses } = { countsUses: true }) => {
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
      },
      flushKeyUses: () => bookkeeping.keyUses.flush(),
    })
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const content = new Content()
const BODY_BYTES = 4096

/** The bodies that {@link requestBytes} sends. */
export const objectBody: readonly Buffer[] = content.pieces(BODY_BYTES)

/** A signed request as its bytes; a PUT sends {@link objectBody}, unless it is of the bucket itself. */
export function requestBytes(
  { region }: Pick<InProcessServer, 'region'>,
  credentials: ClientCredentials,
  { method, bucketName, objectKey }: { method: string; bucketName: string; objectKey?: string },
): Buffer {
  const target = { host: '127.0.0.1', port: 9400, region, bucket: bucketName, content, ...credentials }
  const path = objectKey === undefined ? `/${bucketName}` : `/${bucketName}/${objectKey}`
  const sendsBody = method === 'PUT' && objectKey !== undefined
  const { head, body = [] } = signedRequest(target, { method, path, ...(sendsBody && { body: objectBody }) })
  return Buffer.concat([head, ...body])
}
