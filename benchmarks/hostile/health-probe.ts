// Asks `/-/health` every few milliseconds, from a process of its own so that it is the server that is measured, and tells each response's time.
import { Agent, get } from 'node:http'

const INTERVAL_MS = 20
const port = Number(process.argv[2])
const agent = new Agent({ keepAlive: true })

/** Milliseconds until the response; infinite when there was none. */
function ask(): Promise<number> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path: '/-/health', agent }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode === 200 ? performance.now() - startedAt : Infinity))
    }).on('error', () => resolve(Infinity))
  })
}

process.on('disconnect', () => process.exit())
for (;;) {
  const tookMs = await ask()
  process.send?.(tookMs === Infinity ? -1 : tookMs)
  await new Promise((next) => setTimeout(next, INTERVAL_MS))
}
