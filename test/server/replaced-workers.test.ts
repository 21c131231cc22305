import assert from 'node:assert/strict'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { startServer } from '../harness/server.ts'
import { until } from '../harness/until.ts'
import { workersOf } from '../harness/worker-processes.ts'

const skip = process.platform === 'linux' ? false : 'processes are found by /proc'

/** A connection that a worker was about to take when it was killed is closed by nobody: another one is asked then. */
const isReady = (endpoint: string): Promise<boolean> =>
  fetch(`${endpoint}/-/ready`, { headers: { connection: 'close' }, signal: AbortSignal.timeout(5_000) }).then(
    ({ ok }) => ok,
    () => false,
  )

describe('a server whose workers end', { skip }, () => {
  it('is reached where it was, on the port that the system chose, also when all ended at once, and again', async () => {
    const server = await startServer({ workers: 2 })
    try {
      for (const round of [1, 2]) {
        await until(() => workersOf(server).requests.length === 2)
        const { requests } = workersOf(server)
        for (const worker of requests) process.kill(worker, 'SIGKILL')
        await until(() => !workersOf(server).requests.some((worker) => requests.includes(worker)))
        await until(() => isReady(server.endpoint))
        assert.ok(workersOf(server).requests.length > 0, `round ${round}`)
      }
      // One alone is replaced while the other has the port.
      await until(() => workersOf(server).requests.length === 2)
      const [one = 0] = workersOf(server).requests
      process.kill(one, 'SIGKILL')
      await until(() => {
        const { requests } = workersOf(server)
        return requests.length === 2 && !requests.includes(one)
      })
      assert.ok(await isReady(server.endpoint))
      assert.doesNotMatch(server.log(), /a worker could not start/)
      assert.equal(await server.stop(), 0)
    } finally {
      await server.kill()
    }
  })

  it('stops in order while one is being replaced', async () => {
    // The one that starts would be killed after that time, when it has not heard that it is to stop.
    const server = await startServer({ workers: 2, options: { 'drain-timeout-seconds': '3600' } })
    try {
      await until(() => workersOf(server).background !== null)
      const { background } = workersOf(server)
      process.kill(background ?? assert.fail(), 'SIGKILL')
      await until(() => ![null, background].includes(workersOf(server).background))
      assert.equal(await server.stop(), 0)
    } finally {
      await server.kill()
    }
  })

  it('tells in its log why the background work cannot start again, and starts it once it can', async () => {
    const server = await startServer({ workers: 2 })
    const masterKey = join(server.dataFolder, 'master.key')
    try {
      await until(() => workersOf(server).background !== null)
      const first = workersOf(server).background
      assert.ok(first !== null)
      renameSync(masterKey, `${masterKey}.away`)
      process.kill(first, 'SIGKILL')
      await until(() => /"a worker could not start: masterKey: [^"]*master\.key/.test(server.log()))
      assert.ok(await isReady(server.endpoint))
      renameSync(`${masterKey}.away`, masterKey)
      const seen = server.log().split('a worker could not start').length
      await until(() => ![null, first].includes(workersOf(server).background))
      assert.equal(await server.stop(), 0)
      assert.ok(server.log().split('a worker could not start').length <= seen + 1)
    } finally {
      await server.kill()
    }
  })
})
