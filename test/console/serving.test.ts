import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startServer, type RunningServer } from '../harness/server.ts'

describe('the console’s files', () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ engines: 'memory', options: { domain: 'objects.test' } })
  })
  after(() => server.stop())

  const get = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${server.endpoint}${path}`, { redirect: 'manual', ...init })

  it('are named by the server when it starts, at an address that leads to the page', async () => {
    assert.match(server.output(), /^The console, for the browser, is at http:\S+\/-\/console\/$/m)
    const bare = await get('/-/console')
    assert.deepEqual([bare.status, bare.headers.get('location')], [308, '/-/console/'])
  })

  it('are a link away where a person opens the server’s own address', async () => {
    const front = await get('/', { headers: { accept: 'text/html' } })
    assert.match(await front.text(), /<a href="\/-\/console\/">Open the console<\/a>/)
  })

  it('come with a policy that lets the page run nothing but its own', async () => {
    for (const path of ['/-/console/', '/-/console/assets/none.js']) {
      const { headers } = await get(path)
      const policy = headers.get('content-security-policy') ?? ''
      assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/)
      for (const part of ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"])
        assert.ok(policy.includes(part), part)
      assert.doesNotMatch(policy, /unsafe|\*|https?:/)
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.equal(headers.get('referrer-policy'), 'no-referrer')
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin')
    }
  })

  it('are the page for every path below, which is asked for anew, and assets that are kept, compressed as one asks', async () => {
    const page = await get('/-/console/buckets/photos/objects/2026/coast.jpg')
    assert.equal(page.status, 200)
    assert.equal(page.headers.get('cache-control'), 'no-cache')
    const [, script = ''] = /<script type="module" src="([^"]+)"/.exec(await page.text()) ?? []
    for (const encoding of ['br', 'gzip', 'identity']) {
      const asset = await get(script, { headers: { 'accept-encoding': encoding } })
      assert.equal(asset.headers.get('content-encoding') ?? 'identity', encoding)
      assert.match(asset.headers.get('cache-control') ?? '', /immutable/)
      assert.match(await asset.text(), /^(?:import|var|const)/)
    }
    const refused = await get(script, { headers: { 'accept-encoding': 'br;q=0, gzip' } })
    assert.equal(refused.headers.get('content-encoding'), 'gzip')
    await refused.body?.cancel()
  })

  it('are not found under another name, and nothing outside of them is', async () => {
    for (const path of ['assets/none.js', 'assets/%2e%2e/%2e%2e/package.json', 'assets/..%2findex.html'])
      assert.equal((await get(`/-/console/${path}`)).status, 404)
    assert.match(await (await get('/-/console/files.json')).text(), /<!doctype html>/)
  })

  it('are read alone: HEAD has no body, and nothing else is answered', async () => {
    const head = await get('/-/console/', { method: 'HEAD' })
    assert.deepEqual([head.status, await head.text()], [200, ''])
    assert.equal((await get('/-/console/', { method: 'POST' })).status, 405)
  })

  it('are not there when the setting says so', async () => {
    const without = await startServer({ engines: 'memory', options: { console: 'off' } })
    try {
      assert.equal((await fetch(`${without.endpoint}/-/console/`)).status, 404)
      const front = await fetch(without.endpoint, { headers: { accept: 'text/html' } })
      assert.doesNotMatch(await front.text(), /<a /)
      assert.doesNotMatch(without.output(), /console/)
    } finally {
      await without.stop()
    }
  })
})
