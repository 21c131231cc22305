import { fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { end, freePort, waitForResponse, type StartServer } from './server.ts'

/**
 * The limit to compare with: node:http alone. It answers GET with a file (or a buffer when small) and takes PUT bodies and drops them; it
 * authenticates nothing, stores nothing.
 */
export const startBareNode: StartServer = async (folder) => {
  mkdirSync(folder, { recursive: true })
  const port = await freePort()
  const child = fork(
    fileURLToPath(new URL('bare-node-process.ts', import.meta.url)),
    [String(port), folder],
    {
      execArgv: ['--import', 'tsx'],
      stdio: 'ignore',
    },
  )
  await waitForResponse('127.0.0.1', port, child)
  return {
    name: 'bare node:http',
    version: process.version,
    durability: 'none: bodies are dropped',
    host: '127.0.0.1',
    port,
    region: 'us-east-1',
    accessKeyId: 'AKIABARENODE00000000',
    secretAccessKey: 'nothing-is-checked',
    pids: child.pid === undefined ? [] : [child.pid],
    stop: () => end(child),
  }
}
