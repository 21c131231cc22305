import { connect, createServer, type Socket } from 'node:net'

/** Stands between a client and a server, and loses what it is told to lose. */
export interface TcpProxy {
  readonly port: number
  /** Cuts the connection on which these bytes next come from the client: before they are passed on, or when the server begins to answer them. */
  cutAt(bytes: string, moment: 'request' | 'answer'): void
  /** How many connections were cut. */
  readonly cutCount: number
  close(): Promise<void>
}

export async function startTcpProxy(target: {
  readonly host: string
  readonly port: number
}): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const state: { cut: { bytes: string; moment: 'request' | 'answer' } | null; count: number } = {
    cut: null,
    count: 0,
  }
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host)
    let cutsAnswer = false
    const cut = () => {
      state.count++
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => undefined)
    }
    client.on('data', (chunk: Buffer) => {
      const plan = state.cut
      if (plan && chunk.includes(plan.bytes)) {
        state.cut = null
        if (plan.moment === 'request') {
          cut()
          return
        }
        cutsAnswer = true
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk: Buffer) => {
      if (cutsAnswer) cut()
      else client.write(chunk)
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cutAt: (bytes, moment) => (state.cut = { bytes, moment }),
    get cutCount() {
      return state.count
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
