import cluster from 'node:cluster'
import { ConfigurationError } from '../configuration/errors.ts'
import type { metricsText } from '../metrics/metrics.ts'
import { Server, type ServerOptions } from '../process/server.ts'
import type { WatcherMessage, WorkerMessage } from './messages.ts'

type MetricsPage = Awaited<ReturnType<typeof metricsText>>

/** How long a worker waits for the metrics of all. */
const METRICS_TIMEOUT_MS = 3_000

/**
 * Serves as one of several workers until the watching process says stop, or is gone. Resolves with the exit code. The terminal's
 * Ctrl-C reaches the workers too; it is the watcher's to act on.
 */
export async function runWorker(options: Omit<ServerOptions, 'jobScopes' | 'metricsText'>): Promise<number> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
  const askForMetrics = createMetricsQuestion()
  let server: Server
  try {
    server = await Server.open({ ...options, jobScopes: ['process'], metricsText: askForMetrics.ask })
    say({ type: 'listening', address: await server.listen() })
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    say({ type: 'failed', message: error.message })
    return 1
  }
  server.startJobs()
  await new Promise<void>((resolve) => {
    process.once('disconnect', resolve)
    process.on('message', (message: WatcherMessage) => {
      if (message.type === 'stop') resolve()
      else if (message.type === 'reload-tls') server.reloadTls()
      else if (message.type === 'metrics') askForMetrics.answer(message.id, message)
      else {
        void server.metrics
          .snapshot()
          .then((snapshot) => say({ type: 'metrics-part', id: message.id, snapshot }))
      }
    })
  })
  await server.stop()
  options.log.flush()
  // The channel to the watcher would keep this process alive.
  if (process.connected) process.disconnect()
  return 0
}

function say(message: WorkerMessage): void {
  if (cluster.worker?.isConnected() === true) cluster.worker.send(message)
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
        say({ type: 'metrics-wanted', id })
      }),
    answer: (id: number, page: MetricsPage): void => {
      open.get(id)?.(page)
      open.delete(id)
    },
  }
}
