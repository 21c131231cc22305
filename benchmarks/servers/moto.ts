import { execFileSync } from 'node:child_process'
import { end, freePort, start, waitForResponse, type StartServer } from './server.ts'

/** moto_server where the machine has it. It keeps everything in memory and checks no signature. */
export const startMoto: StartServer = async () => {
  let version
  try {
    version = execFileSync('python3', ['-c', 'import moto; print(moto.__version__)'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return { missing: 'this machine has no moto' }
  }
  const port = await freePort()
  const child = start('moto_server', ['-H', '127.0.0.1', '-p', String(port)])
  await waitForResponse('127.0.0.1', port, child)
  return {
    name: 'moto',
    version: version.toString().trim(),
    durability: 'none: memory only',
    host: '127.0.0.1',
    port,
    region: 'us-east-1',
    accessKeyId: 'AKIAMOTOBENCHMARK000',
    secretAccessKey: 'moto-does-not-check',
    pids: child.pid === undefined ? [] : [child.pid],
    stop: () => end(child),
  }
}
