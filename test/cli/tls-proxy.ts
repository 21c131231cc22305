import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'

/** A proxy as the environment names one, behind which every https host is the same plain endpoint. */
export interface TlsProxy {
  readonly url: string
  /** Where the TLS side listens itself, for clients that go without the proxy. */
  readonly tlsPort: number
  /** The certificate that the hosts behind the proxy show, to be trusted by those who want to. */
  readonly certificatePath: string
  /** `CONNECT` targets, in order, with the credentials shown to the proxy. */
  readonly tunnels: { readonly to: string; readonly authorization: string | undefined }[]
  /** The host names that TLS clients asked for. */
  readonly serverNames: (string | false | null)[]
  readonly stop: () => void
}

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0

/** Starts a proxy that ends TLS with a certificate of its own for `hostName` and passes what is inside on to a port of this machine. */
export async function startTlsProxy(hostName: string, endpointUrl: string): Promise<TlsProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-tls-'))
  const [keyPath, certificatePath] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const names = join(folder, 'openssl.cnf')
  writeFileSync(
    names,
    `[req]\ndistinguished_name=dn\nx509_extensions=ext\nprompt=no\n[dn]\nCN=test\n[ext]\nsubjectAltName=DNS:${hostName}\nbasicConstraints=critical,CA:TRUE\n`,
  )
  const { status, stderr } = spawnSync(
    'openssl',
    `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -config ${names} -keyout ${keyPath} -out ${certificatePath}`.split(
      ' ',
    ),
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`openssl made no certificate: ${stderr}`)

  const tunnels: TlsProxy['tunnels'] = []
  const serverNames: TlsProxy['serverNames'] = []
  const open = new Set<Socket>()
  const joinSockets = (a: Socket, b: Socket): void => {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      open.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
    }
  }
  const tls = createTlsServer(
    { key: readFileSync(keyPath), cert: readFileSync(certificatePath) },
    (socket) => {
      serverNames.push(socket.servername)
      joinSockets(socket, connect(Number(new URL(endpointUrl).port), '127.0.0.1'))
    },
  )
  tls.on('tlsClientError', () => undefined)
  const tlsPort = await listen(tls)
  const proxy = createServer()
  proxy.on('connect', (request, client: Socket) => {
    tunnels.push({ to: request.url ?? '', authorization: request.headers['proxy-authorization'] })
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    joinSockets(client, connect(tlsPort, '127.0.0.1'))
  })
  const proxyPort = await listen(proxy)
  return {
    url: `http://127.0.0.1:${proxyPort}`,
    tlsPort,
    certificatePath,
    tunnels,
    serverNames,
    stop: () => {
      for (const socket of open) socket.destroy()
      tls.close()
      proxy.close()
      rmSync(folder, { recursive: true })
    },
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
