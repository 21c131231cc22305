import cluster from 'node:cluster'
import { ConfigurationError, StartFailure } from '../configuration/errors.ts'
import type { SettingValues } from '../configuration/schema.ts'
import type { metricsText } from '../metrics/metrics.ts'
import { letHeapGrow } from '../process/heap-growth.ts'
import { Server, type ServerOptions } from '../process/server.ts'
import { BACKGROUND_MARK, PORT_MARK, type WatcherMessage, type WorkerMessage } from './messages.ts'

type MetricsPage = Awaited<ReturnType<typeof metricsText>>

/** How long a worker waits for the metrics of all. */
const METRICS_TIMEOUT_MS = 3_000

/**
 * Serves as one of several workers, or does the background work of the store beside them, until the watching process says stop, or is gone. Resolves with the exit code. The terminal's
 * Ctrl-C reaches the workers too; it is the watcher's to act on.
 */
export async function runWorker(options: Omit<ServerOptions, 'jobScopes' | 'metricsText'>): Promise<number> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
  try {
    return await serveUntilTold(options)
  } catch (error) {
    const isLasting = error instanceof ConfigurationError
    if (!isLasting && !(error instanceof StartFailure)) throw error
    await say({ type: 'failed', message: error.message, isLasting })
    return 1
  } finally {
    // The channel to the watcher would keep this process alive.
    if (process.connected) process.disconnect()
  }
}

async function serveUntilTold(options: Omit<ServerOptions, 'jobScopes' | 'metricsText'>): Promise<number> {
  const metricsOfAll = createMetricsQuestion()
  const told = createStopSignal()
  const isInBackground = process.env[BACKGROUND_MARK] !== undefined
  await say({ type: 'hearing' })
  const server = await Server.open({
    ...options,
    settings: atKnownPort(options.settings),
    jobScopes: isInBackground ? ['process', 'store'] : ['process'],
    metricsText: metricsOfAll.ask,
  })
  try {
    process.on('message', (message: WatcherMessage) => {
      if (message.type === 'reload-tls') server.reloadTls()
      else if (message.type === 'metrics') metricsOfAll.answer(message.id, message)
      else if (message.type === 'collect-metrics') void tellMetrics(server, message.id)
    })
    if (!isInBackground) await say({ type: 'listening', address: await server.listen() })
    letHeapGrow()
    server.startJobs()
    await told
  } finally {
    await server.stop()
  }
  return 0
}

function atKnownPort(settings: SettingValues): SettingValues {
  const port = process.env[PORT_MARK]
  return port === undefined ? settings : { ...settings, listen: { ...settings.listen, port: Number(port) } }
}

/** Resolves when the watching process says stop, or is gone. */
function createStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('disconnect', resolve)
    process.on('message', (message: WatcherMessage) => {
      if (message.type === 'stop') resolve()
    })
  })
}

async function tellMetrics(server: Server, id: number): Promise<void> {
  await say({ type: 'metrics-part', id, snapshot: await server.metrics.snapshot() })
}

/** Resolves when the message is on its way; when the watcher is gone it goes nowhere, and this process soon stops by itself. */
async function say(message: WorkerMessage): Promise<void> {
  const { worker } = cluster
  if (worker?.isConnected() !== true) return
  await new Promise<void>((resolve) => worker.send(message, () => resolve()))
}

/** Asks the watching process for the metrics of all workers, and matches its answers to the questions. */
function createMetricsQuestion() {
  const open = new Map<number, (page: MetricsPage) => void>()
  let nextId = 0
  return {
    ask: () =>
      new Promise<MetricsPage>((resolve, reject) => {
        const id = nextId++
        const timer = setTimeout(() => {
          open.delete(id)
          reject(new Error('the watching process did not answer with the metrics in time'))
        }, METRICS_TIMEOUT_MS)
        open.set(id, (page) => {
          clearTimeout(timer)
          resolve(page)
        })
        void say({ type: 'metrics-wanted', id })
      }),
    answer: (id: number, page: MetricsPage): void => {
      open.get(id)?.(page)
      open.delete(id)
    },
  }
}
