/* oxlint-disable no-console -- a command that prints what it measures */
// How long a server takes from its start to its first response, on a store that exists, beside `node -e 0`, which is what the machine
// itself takes. Pairs in turn; the median is printed.
//   npm run build && node --import tsx benchmarks/start-up.ts [RUNS]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { median } from './load/latencies.ts'
import { end, freePort, start } from './servers/server.ts'

const RETRY_MS = 2
const runs = Number(process.argv[2] ?? 9)
const folder = mkdtempSync(join(tmpdir(), 'lugsail-start-'))
const executable = resolve(import.meta.dirname, '../bin/lugsail')

async function serveUntilFirstResponse(): Promise<number> {
  const port = await freePort()
  const startedAt = performance.now()
  const args = ['serve', '--data', join(folder, 'data'), '--listen', `127.0.0.1:${port}`]
  const child = start(executable, [...args, '--log-level', 'warn'])
  while (!(await isAnswering(port))) {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}`)
    await new Promise((next) => setTimeout(next, RETRY_MS))
  }
  const elapsedMs = performance.now() - startedAt
  await end(child)
  return elapsedMs
}

function isAnswering(port: number): Promise<boolean> {
  return new Promise((done) => {
    get({ host: '127.0.0.1', port, path: '/-/health', agent: false }, (response) => {
      response.resume()
      done(response.statusCode === 200)
    }).on('error', () => done(false))
  })
}

await serveUntilFirstResponse()
const [node, server]: [number[], number[]] = [[], []]
for (let run = 0; run < runs; run++) {
  const before = performance.now()
  spawnSync(process.execPath, ['-e', '0'])
  node.push(performance.now() - before)
  server.push(await serveUntilFirstResponse())
}
rmSync(folder, { recursive: true, force: true })
const show = (values: readonly number[]) =>
  `${median(values).toFixed(0)} ms (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)})`
console.log(
  `node -e 0: ${show(node)}; lugsail serve, start to first response: ${show(server)}; ${runs} pairs`,
)
