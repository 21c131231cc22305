import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readlinkSync, renameSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { startServer } from '../harness/server.ts'
import { until } from '../harness/until.ts'
import { workersOf } from '../harness/worker-processes.ts'

const skip = process.platform === 'linux' ? false : 'processes are found by /proc'

const isReady = (endpoint: string): Promise<boolean> =>
  fetch(`${endpoint}/-/ready`, { headers: { connection: 'close' } }).then(
    ({ ok }) => ok,
    () => false,
  )

/** How many sockets a process has open. */
const socketsOf = (pid: number): number =>
  readdirSync(`/proc/${pid}/fd`).filter((file) => isSocket(`/proc/${pid}/fd/${file}`)).length

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:')
  } catch {
    // It was closed a moment ago.
    return false
  }
}

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
      // A connection that was handed to the one that died is closed, until that is noticed.
      await until(() => isReady(server.endpoint))
      assert.doesNotMatch(server.log(), /a worker could not start/)
      assert.equal(await server.stop(), 0)
    } finally {
      await server.kill()
    }
  })

  it('closes the connections that they were being handed, so that no client waits for a response that nobody makes', async () => {
    const server = await startServer({ workers: 2 })
    try {
      await until(() => workersOf(server).requests.length === 2 && workersOf(server).background !== null)
      const { requests } = workersOf(server)
      // They take nothing any more: what they are handed is on its way to them when they are killed.
      for (const worker of requests) process.kill(worker, 'SIGSTOP')
      const before = socketsOf(server.pid)
      const { hostname, port } = new URL(server.endpoint)
      const connections = await Promise.all(
        Array.from({ length: requests.length }, async () => {
          const connection = connect({ host: hostname, port: Number(port) })
          connection.on('error', () => undefined)
          await once(connection, 'connect')
          connection.write('GET /-/ready HTTP/1.1\r\nhost: lugsail\r\n\r\n')
          return connection
        }),
      )
      // The watching process has accepted both, and so handed one to each.
      await until(() => socketsOf(server.pid) >= before + requests.length)
      const closed = connections.map(
        (connection) => new Promise<void>((resolve) => connection.once('close', () => resolve())),
      )
      for (const worker of requests) process.kill(worker, 'SIGKILL')
      await Promise.all(closed)
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
