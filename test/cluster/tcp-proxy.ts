import { connect, createServer, type Socket } from 'node:net'

/** Stands between a client and a server, and loses what it is told to lose. */
export interface TcpProxy {
  readonly port: number
  /**
   * Cuts the connection on which these bytes next come from the client: before they are passed on, or when the server begins to answer
   * them. Calls `onCut` just before.
   */
  cutAt(bytes: string, moment: 'request' | 'answer', onCut?: () => void): void
  /** How many connections were cut. */
  readonly cutCount: number
  close(): Promise<void>
}

interface Plan {
  readonly bytes: string
  readonly moment: 'request' | 'answer'
  readonly onCut: () => void
}

export async function startTcpProxy(target: {
  readonly host: string
  readonly port: number
}): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const state: { plan: Plan | null; count: number } = { plan: null, count: 0 }
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host)
    let awaited: Plan | null = null
    const cut = (plan: Plan) => {
      state.count++
      plan.onCut()
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => undefined)
    }
    client.on('data', (chunk: Buffer) => {
      const { plan } = state
      if (plan && chunk.includes(plan.bytes)) {
        state.plan = null
        if (plan.moment === 'request') {
          cut(plan)
          return
        }
        awaited = plan
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk: Buffer) => {
      if (awaited) cut(awaited)
      else client.write(chunk)
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cutAt: (bytes, moment, onCut = () => undefined) => {
      state.plan = { bytes, moment, onCut }
    },
    get cutCount() {
      return state.count
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
