import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'

/** An S3 server in memory, made by others: moto's. */
export interface MotoServer {
  readonly endpoint: string
  stop(): void
}

/** Why there is no moto here; null when there is one. */
export function missingMoto(): string | null {
  const found = spawnSync('moto_server', ['--help'], { stdio: 'ignore' })
  return found.status === 0 ? null : 'no moto_server found: pip install "moto[server]" brings one'
}

export async function startMoto(): Promise<MotoServer> {
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] })
  for await (const line of createInterface(child.stderr)) {
    const endpoint = /Running on (http:\/\/\S+)/.exec(line)?.[1]
    if (endpoint === undefined) continue
    child.stderr.resume()
    return { endpoint, stop: () => child.kill('SIGKILL') }
  }
  throw new Error('moto_server ended before it listened')
}
