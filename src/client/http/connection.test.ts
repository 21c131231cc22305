import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { after, describe, test } from 'node:test'
import { ConnectTimeoutError, SilenceError } from './connection.ts'
import type { Connection } from './connection.ts'
import { openSocket } from './socket-connection.ts'

const open = (port: number, timeoutMs = 0): Promise<Connection> => openSocket('127.0.0.1', port, timeoutMs)

describe('a connection', () => {
  const servers: Server[] = []
  const listen = async (serve: (socket: Socket) => void): Promise<number> => {
    const server = createServer((socket) => serve(socket.on('error', () => undefined)))
    servers.push(server)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return (server.address() as AddressInfo).port
  }
  after(() => servers.forEach((server) => server.close()))

  test('carries bytes both ways, more than fit into the buffers of the system, and tells the end', async () => {
    const sent = Buffer.alloc(8 * 1024 * 1024, 'abcdefg')
    const port = await listen((socket) => {
      let received = 0
      socket.on('data', (bytes) => {
        received += bytes.length
        if (received === sent.length) socket.end(sent)
      })
    })
    const connection = await open(port)
    const { told, end } = listenTo(connection, 0)
    connection.write(sent)
    assert.equal(await end, 'end')
    assert.ok(Buffer.concat(told).equals(sent))
    connection.destroy()
  })

  test('is refused where nobody listens', async () => {
    const port = await listen(() => undefined)
    servers.pop()?.close()
    await assert.rejects(open(port))
  })

  test('tells when the other side resets it', async () => {
    const port = await listen((socket) => socket.once('data', () => socket.resetAndDestroy()))
    const connection = await open(port)
    const { end } = listenTo(connection, 0)
    connection.write(Buffer.from('x'))
    assert.equal(await end, 'error')
    connection.destroy()
  })

  test('tells when nothing comes for too long, counted from the last bytes', async () => {
    const port = await listen((socket) => socket.write('first'))
    const connection = await open(port)
    const { told, end } = listenTo(connection, 50)
    assert.equal(await end, 'silence')
    assert.equal(Buffer.concat(told).toString(), 'first')
    connection.destroy()
  })

  test('tells nobody what happens once it is ignored', async () => {
    const port = await listen((socket) => socket.once('data', () => socket.end('late')))
    const connection = await open(port)
    const { told, end } = listenTo(connection, 20)
    connection.ignore()
    connection.write(Buffer.from('x'))
    const outcome = await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 100, 'nothing'))])
    assert.deepEqual({ outcome, told }, { outcome: 'nothing', told: [] })
    connection.destroy()
  })

  test(
    'is given up when nobody takes it in time',
    {
      skip: process.platform === 'linux' ? false : 'only Linux leaves connections beyond the backlog waiting',
    },
    async () => {
      // A process that has stopped takes no connections; the system itself answers as many as its backlog holds.
      const program = `const s = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))`
      const listener = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
      const opened: Connection[] = []
      try {
        const [line] = (await once(listener.stdout, 'data')) as [Buffer]
        listener.kill('SIGSTOP')
        const openUntilFull = async (): Promise<void> => {
          for (let count = 0; count < 20; count++) opened.push(await open(Number(String(line)), 200))
        }
        await assert.rejects(openUntilFull(), ConnectTimeoutError)
      } finally {
        for (const connection of opened) connection.destroy()
        listener.kill('SIGKILL')
      }
    },
  )
})

describe('TLS', () => {
  test('is given up when the other side says nothing', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const connection = await openSocket('127.0.0.1', (server.address() as AddressInfo).port, 0)
    try {
      await assert.rejects(connection.secure('127.0.0.1', { isVerified: true }, 20), SilenceError)
    } finally {
      connection.destroy()
      server.close()
    }
  })
})

/** What the connection tells, and how it ended. */
function listenTo(
  connection: Connection,
  silenceMsMax: number,
): { readonly told: Buffer[]; readonly end: Promise<'end' | 'error' | 'silence'> } {
  const told: Buffer[] = []
  const end = new Promise<'end' | 'error' | 'silence'>((resolve) =>
    connection.listen(
      {
        onData: (bytes) => told.push(bytes),
        onEnd: () => resolve('end'),
        onError: () => resolve('error'),
        onSilence: () => resolve('silence'),
      },
      silenceMsMax,
    ),
  )
  return { told, end }
}
