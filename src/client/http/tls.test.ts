import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { after, before, describe, it } from 'node:test'
import { hasOpenssl, startTlsProxy, type TlsProxy } from '../../../test/cli/tls-proxy.ts'
import { trustedCertificates } from './tls.ts'
import { parseRequestUrl } from './request-url.ts'
import { ConnectionTransport, type TransportOptions } from './transport.ts'

describe('the certificates that are trusted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-trusted-'))
  const [own, extra] = [join(folder, 'own.pem'), join(folder, 'extra.pem')]
  before(() => {
    writeFileSync(own, 'own')
    writeFileSync(extra, 'extra')
  })
  after(() => rmSync(folder, { recursive: true }))

  it('are those of a bundle alone, or one more than the system has, or the system’s', () => {
    assert.deepEqual(trustedCertificates({ isVerified: true, caBundlePath: own, extraCaPath: extra }), [
      'own',
    ])
    assert.deepEqual(trustedCertificates({ isVerified: true, extraCaPath: extra }), [
      ...rootCertificates,
      'extra',
    ])
    assert.equal(trustedCertificates({ isVerified: true }), undefined)
  })
})

describe('TLS with a server', { skip: !hasOpenssl }, () => {
  const HOST = 'storage.example'
  let server: Server
  let proxy: TlsProxy
  before(async () => {
    server = createServer((request, answer) => answer.end(`hello ${request.headers.host ?? ''}`))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    proxy = await startTlsProxy(HOST, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  })
  after(() => {
    proxy.stop()
    server.close()
    server.closeAllConnections()
  })

  const ask = async (url: string, options: Partial<TransportOptions>): Promise<string> => {
    const transport = new ConnectionTransport({
      ...{ connectTimeoutMs: 5_000, readTimeoutMs: 5_000, tls: { isVerified: true }, proxies: {} },
      ...options,
    })
    const { body } = await transport.send({ method: 'GET', url: parseRequestUrl(url), headers: {} })
    return Buffer.from(body).toString()
  }
  const trusting = () => ({ isVerified: true, caBundlePath: proxy.certificatePath })

  it('holds where its certificate is trusted and of its name, which it is asked for', async () => {
    proxy.serverNames.length = 0
    const said = await ask(`https://${HOST}/`, { tls: trusting(), proxies: { https: proxy.url } })
    assert.equal(said, `hello ${HOST}`)
    assert.deepEqual(proxy.serverNames, [HOST])
    assert.equal(proxy.tunnels.at(-1)?.to, `${HOST}:443`)
  })

  it('fails where its certificate is nobody’s that is trusted, or of another name', async () => {
    const refused = { kind: 'tls', message: /^SSL validation failed for https:/ }
    await assert.rejects(ask(`https://${HOST}/`, { proxies: { https: proxy.url } }), refused)
    await assert.rejects(
      ask('https://other.example/', { tls: trusting(), proxies: { https: proxy.url } }),
      refused,
    )
    await assert.rejects(ask(`https://127.0.0.1:${proxy.tlsPort}/`, { tls: trusting() }), refused)
  })

  it('holds with any certificate where none is to be looked at; an address is no name to ask for', async () => {
    proxy.serverNames.length = 0
    const url = `https://127.0.0.1:${proxy.tlsPort}/`
    assert.equal(await ask(url, { tls: { isVerified: false } }), `hello 127.0.0.1:${proxy.tlsPort}`)
    assert.deepEqual(proxy.serverNames, [false])
  })
})
