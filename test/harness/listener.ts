import assert from 'node:assert/strict'
import { afterEach } from 'node:test'
import type { ExchangeHandler } from '../../src/api/exchange.ts'
import { systemClock } from '../../src/base/clock.ts'
import type { Network } from '../../src/server/configuration/networks.ts'
import { Frontend } from '../../src/server/http/frontend.ts'
import { Listener } from '../../src/server/http/listener.ts'
import { createLogger } from '../../src/server/logging/logger.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/** A listener on a free port, stopped after the test: answers with these handlers, and tells what it logged, cut and refused. */
export async function serve(
  handlers: { readonly s3?: ExchangeHandler; readonly control?: ExchangeHandler },
  limits: Partial<ConstructorParameters<typeof Listener>[0]['limits']> = {},
  trustedProxies: readonly Network[] = [],
) {
  const pieces: string[] = []
  const log = createLogger({
    level: 'info',
    format: 'json',
    target: (piece, done) => {
      pieces.push(piece)
      done()
    },
    clock: systemClock,
  })
  const lines = (): string[] => {
    log.flush()
    return pieces.join('').trimEnd().split('\n')
  }
  const nobody: ExchangeHandler = async () => assert.fail('not the handler that was meant')
  const frontend = new Frontend({
    control: handlers.control ?? nobody,
    s3: handlers.s3 ?? nobody,
    clock: systemClock,
    log,
    onFinished: () => undefined,
    reserved: {
      domain: 'storage.example',
      metricsReaders: 'loopback',
      checkStores: async () => ({ trouble: null, warning: null }),
      metricsText: async () => ({ contentType: 'text/plain', text: 'metrics' }),
    },
  })
  const clock = { nowMs: 0 }
  const cut: string[] = []
  const refused: string[] = []
  const listener = new Listener({
    nowMs: () => clock.nowMs,
    onCutConnection: (reason) => cut.push(reason),
    onRefusedConnection: (address) => refused.push(address),
    trustedProxies,
    address: { host: '127.0.0.1', port: 0 },
    tls: null,
    frontend,
    limits: {
      connectionsMax: 100,
      headerBytesMax: 16_384,
      headerTimeoutMs: 10_000,
      idleTimeoutMs: 10_000,
      keepAliveTimeoutMs: 10_000,
      connectionsPerAddressMax: 1000,
      bytesPerSecondMin: 0,
      failedSignaturesPerMinuteMax: 0,
      ...limits,
    },
    onAcceptError: (error) => log.error({ error }, 'not accepted'),
  })
  const { port } = await listener.listen()
  const check = () => listener.checkConnections()
  const stop = (drainTimeoutMs = 0) => listener.stop(drainTimeoutMs)
  stops.push(() => stop().catch(() => undefined))
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    lines,
    stop,
    check,
    cut,
    refused,
    clock,
    reloadTls: () => listener.reloadTls(),
  }
}

/** Answers `ok`. */
export const answerOk: ExchangeHandler = async ({ response }) => {
  response.writeHead(200, { 'content-length': 2 }).end('ok')
}
