import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import type { BenchmarkServer } from '../servers/server.ts'
import type { GeneratorJob, GeneratorMessage, GeneratorResult } from './generator.ts'
import { usageOfTree } from './process-usage.ts'
import { settle } from './settle.ts'

/** One measured run: what the client saw, and what the server spent on it. */
export interface Measurement extends GeneratorResult {
  readonly serverCpuSeconds: number
  /** The largest of samples taken four times a second. */
  readonly serverMemoryBytesMax: number
}

/** The generator as plain JavaScript, made once, so that no run waits for the compiler. */
const generatorFile = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-generator-'))
  process.once('exit', () => rmSync(folder, { recursive: true }))
  const outfile = join(folder, 'generator.mjs')
  const source = fileURLToPath(new URL('generator.ts', import.meta.url))
  buildSync({ entryPoints: [source], outfile, bundle: true, platform: 'node', format: 'esm' })
  return outfile
})()

/** Runs a job in a generator process of its own, once the machine rests (`settles: false`: at once); null for jobs that measure nothing. */
export async function measure(
  server: BenchmarkServer,
  job: GeneratorJob,
  { settles = true }: { readonly settles?: boolean } = {},
): Promise<Measurement | null> {
  const generator = fork(generatorFile, [], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  let memoryBytesMax = 0
  let cpuBefore = 0
  let sampler: NodeJS.Timeout | undefined
  const usage = () => server.pids.map(usageOfTree)
  const cpu = () => usage().reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)
  try {
    return await new Promise((resolve, reject) => {
      generator.once('error', reject)
      generator.once('exit', (code) => reject(new Error(`the generator ended early, code ${String(code)}`)))
      generator.on('message', (message: GeneratorMessage) => {
        if (message.type === 'failed') reject(new Error(message.message))
        else if (message.type === 'ready') {
          void (settles ? settle() : Promise.resolve()).then(() => {
            cpuBefore = cpu()
            sampler = setInterval(() => {
              const now = usage().reduce((sum, { memoryBytes }) => sum + memoryBytes, 0)
              memoryBytesMax = Math.max(memoryBytesMax, now)
            }, 250)
            generator.send('go')
          }, reject)
        } else if (!message.result) resolve(null)
        else
          resolve({
            ...message.result,
            serverCpuSeconds: cpu() - cpuBefore,
            serverMemoryBytesMax: memoryBytesMax,
          })
      })
      generator.send(job)
    })
  } finally {
    clearInterval(sampler)
    if (generator.exitCode === null) generator.kill()
  }
}
