import assert from 'node:assert/strict'
import { Agent, request as httpRequest } from 'node:http'
import { describe, it } from 'node:test'
import { serve } from '../../../test/harness/listener.ts'
import type { ExchangeHandler } from '../../api/exchange.ts'

describe('the address of a client', () => {
  it('is what a trusted proxy says', async () => {
    const proxies = [{ address: '127.0.0.0', prefixLength: 8, family: 'ipv4' as const }]
    const s3: ExchangeHandler = async ({ client, response }) =>
      void response.end(`${client.address} ${client.isSecure}`)
    const { url } = await serve({ s3 }, {}, proxies)
    const headers = { 'x-forwarded-for': '203.0.113.1, 198.51.100.7', 'x-forwarded-proto': 'https' }
    assert.equal(await (await fetch(url, { headers })).text(), '198.51.100.7 true')
    assert.equal(await (await fetch((await serve({ s3 })).url, { headers })).text(), '127.0.0.1 false')
  })
})

describe('clients behind a trusted proxy', () => {
  const proxies = [{ address: '127.0.0.0', prefixLength: 8, family: 'ipv4' as const }]
  const get = (url: string, client: string, agent: Agent) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const headers = { 'x-forwarded-for': client }
      const request = httpRequest(url, { agent, headers }, (response) => {
        let text = ''
        response.on('data', (bytes: Buffer) => (text += bytes.toString()))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
        response.on('error', reject)
      })
      request.on('error', reject).end()
    })

  it('have each the limit of one address, and the proxy has none', async () => {
    const waiting: (() => void)[] = []
    const s3: ExchangeHandler = ({ response }) =>
      new Promise((resolve) => waiting.push(() => resolve(void response.end('ok'))))
    const { url, refused } = await serve({ s3 }, { connectionsPerAddressMax: 2 }, proxies)
    const agent = new Agent({ keepAlive: true })
    const one = ['192.0.2.1', '192.0.2.1'].map((client) => get(url, client, agent))
    while (waiting.length < 2) await new Promise(setImmediate)
    const third = await get(url, '192.0.2.1', agent)
    assert.equal(third.status, 503)
    assert.match(third.text, /<Code>SlowDown</)
    assert.deepEqual(refused, ['192.0.2.1'])
    assert.equal((await get(`${url}/-/health`, '192.0.2.1', agent)).status, 200)
    const others = ['192.0.2.2', '192.0.2.2', '192.0.2.3'].map((client) => get(url, client, agent))
    while (waiting.length < 5) await new Promise(setImmediate)
    for (const release of waiting.splice(0)) release()
    for (const { status } of await Promise.all([...one, ...others])) assert.equal(status, 200)
    // What is over does not count any more, also where the proxy keeps its connections.
    const again = ['192.0.2.1', '192.0.2.1'].map((client) => get(url, client, agent))
    while (waiting.length < 2) await new Promise(setImmediate)
    for (const release of waiting.splice(0)) release()
    for (const { status } of await Promise.all(again)) assert.equal(status, 200)
    agent.destroy()
  })

  it('do not profit from the key of another whose request came over the same connection', async () => {
    const standings: string[] = []
    const s3: ExchangeHandler = async ({ client, response }) => {
      if (client.address === '192.0.2.1') client.noteVerified('AKIA1')
      standings.push(client.standing)
      response.end('ok')
    }
    const { url } = await serve({ s3 }, {}, proxies)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (const client of ['192.0.2.1', '192.0.2.2', '192.0.2.2', '192.0.2.1']) await get(url, client, agent)
    assert.deepEqual(standings, ['caller', 'stranger', 'stranger', 'caller'])
    agent.destroy()
  })
})
