import { performance } from 'node:perf_hooks'
import { workloads } from '../workloads/index.ts'
import { storeListedKeys, type ListedKeys } from '../workloads/listing.ts'
import { Content } from './content.ts'
import { HttpConnection } from './http-connection.ts'
import { Latencies } from './latencies.ts'
import { sendExpecting, type Target } from './target.ts'
import { signedRequest } from './signed-request.ts'

/** What the generator is told: run one workload against one server, or store the keys that listings list. */
export interface GeneratorJob {
  readonly task: 'create-bucket' | 'store-listed-keys' | 'run'
  readonly target: Omit<Target, 'content'>
  readonly listed: ListedKeys
  readonly workload?: string
  readonly connections?: number
  readonly seconds?: number
}

export interface GeneratorResult {
  readonly requests: number
  readonly seconds: number
  readonly megabytesPerSecond: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** CPU seconds of the generator itself: near `seconds`, it is the generator that was measured. */
  readonly ownCpuSeconds: number
}

export type GeneratorMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly result: GeneratorResult | null }
  | { readonly type: 'failed'; readonly message: string }

const WARM_UP_SECONDS = 0.5

const say = (message: GeneratorMessage) => process.send?.(message)

async function work(job: GeneratorJob): Promise<GeneratorResult | null> {
  const target: Target = { ...job.target, content: new Content() }
  if (job.task === 'create-bucket') {
    const connection = new HttpConnection(target.host, target.port)
    await sendExpecting(connection, signedRequest(target, { method: 'PUT', path: `/${target.bucket}` }), {
      status: 200,
    })
    connection.close()
    return null
  }
  if (job.task === 'store-listed-keys') {
    await storeListedKeys(target, job.listed)
    return null
  }
  const workload = workloads(job.listed).find(({ name }) => name === job.workload)
  if (!workload) throw new Error(`there is no workload ${job.workload ?? ''}`)
  const connectionCount = job.connections ?? 1
  const seconds = job.seconds ?? 2
  const run = await workload.prepare(target, connectionCount, seconds + WARM_UP_SECONDS)
  const connections = Array.from(
    { length: connectionCount },
    () => new HttpConnection(target.host, target.port),
  )
  let call = 0
  // Opens the connections and lets both sides compile what is hot: neither a server nor a client is measured while it starts.
  const warmAt = performance.now() + WARM_UP_SECONDS * 1000
  await Promise.all(
    connections.map(async (connection) => {
      do if (!(await run.perform(connection, call++))) break
      while (performance.now() < warmAt)
    }),
  )
  const go = new Promise<void>((resolve) => process.once('message', () => resolve()))
  say({ type: 'ready' })
  await go
  const latencies = new Latencies()
  const cpuBefore = process.cpuUsage()
  const start = performance.now()
  const deadline = start + seconds * 1000
  await Promise.all(
    connections.map(async (connection) => {
      for (let before = performance.now(); before < deadline;) {
        if (!(await run.perform(connection, call++))) break
        const after = performance.now()
        latencies.add((after - before) * 1000)
        before = after
      }
    }),
  )
  const elapsedSeconds = (performance.now() - start) / 1000
  const cpu = process.cpuUsage(cpuBefore)
  for (const connection of connections) connection.close()
  return {
    requests: latencies.count * run.requestsPerCall,
    seconds: elapsedSeconds,
    megabytesPerSecond: (latencies.count * workload.bytesPerRequest) / elapsedSeconds / 1e6,
    p50Ms: latencies.percentileMs(0.5),
    p95Ms: latencies.percentileMs(0.95),
    p99Ms: latencies.percentileMs(0.99),
    ownCpuSeconds: (cpu.user + cpu.system) / 1e6,
  }
}

process.once('message', (job: GeneratorJob) => {
  work(job).then(
    (result) => {
      say({ type: 'done', result })
      process.disconnect()
    },
    (error: unknown) => {
      say({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
      process.disconnect()
    },
  )
})
