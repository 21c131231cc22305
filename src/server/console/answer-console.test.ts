import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { serve } from '../../../test/harness/listener.ts'
import { answerConsole, isConsolePath } from './answer-console.ts'
import { ConsoleFiles } from './console-files.ts'
import { CONSOLE_HEADERS } from './console-headers.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-console-'))
after(() => rmSync(root, { recursive: true, force: true }))
const place = (name: string): string => pathToFileURL(`${join(root, name)}/`).href

/** A build with a page, and an asset in three forms. */
function build(): ConsoleFiles {
  mkdirSync(join(root, 'built', 'assets'), { recursive: true })
  const write = (name: string, text: string): void => writeFileSync(join(root, 'built', name), text)
  write('index.html', '<page>')
  for (const [ending, text] of [
    ['', 'plain'],
    ['.br', 'brotli'],
    ['.gzip', 'zipped'],
  ] as const)
    write(`assets/a.js${ending}`, text)
  const files = [
    { path: 'index.html', type: 'text/html; charset=utf-8', bytes: 6, encodings: {} },
    { path: 'assets/a.js', type: 'text/javascript', bytes: 5, encodings: { br: 6, gzip: 6 } },
  ]
  write('files.json', JSON.stringify({ files }))
  const found = ConsoleFiles.find([place('nowhere'), place('built')])
  assert.ok(found)
  return found
}

async function serveConsole() {
  const files = build()
  return await serve({
    s3: async ({ request, response }) => {
      // What answers stands behind what tells the server's own paths from those of buckets.
      const path = (request.url ?? '').slice('/bucket'.length)
      await answerConsole(request, response, { path, files })
    },
  })
}

describe('the console’s files', () => {
  it('are found where they were built, and nowhere where nothing was', () => {
    assert.equal(ConsoleFiles.find([place('nowhere')]), null)
    writeFileSync(join(root, 'file'), '')
    assert.equal(ConsoleFiles.find([place('file')]), null)
    mkdirSync(join(root, 'broken'))
    writeFileSync(join(root, 'broken', 'files.json'), '{')
    assert.throws(() => ConsoleFiles.find([place('broken'), place('built')]), SyntaxError)
  })

  it('are those of one build, whatever becomes of the folder, and one that could not be read is read again', async () => {
    const files = build()
    const asset = files.get('assets/a.js')
    assert.ok(asset)
    assert.equal(files.get('assets/b.js'), undefined)
    const plain = join(root, 'built', 'assets', 'a.js')
    rmSync(plain)
    await assert.rejects(files.read(asset, null), /ENOENT/)
    writeFileSync(plain, 'plain')
    assert.equal(String(await files.read(asset, null)), 'plain')
    writeFileSync(plain, 'of the next build')
    assert.equal(String(await files.read(asset, null)), 'plain')
    assert.equal(String(await files.read(asset, 'br')), 'brotli')
  })
})

describe('the console', () => {
  it('has a path of its own', () => {
    for (const path of ['/-/console', '/-/console/', '/-/console/buckets/x']) assert.ok(isConsolePath(path))
    for (const path of ['/', '/-/consoles', '/-/consol', '/x/-/console/']) assert.ok(!isConsolePath(path))
  })

  it('is found without its last slash', async () => {
    const { url } = await serveConsole()
    const response = await fetch(`${url}/bucket/-/console`, { redirect: 'manual' })
    assert.deepEqual([response.status, response.headers.get('location')], [308, '/-/console/'])
  })

  it('is the page under every path, and its assets under theirs alone', async () => {
    const { url } = await serveConsole()
    for (const [path, status, text, type, cache] of [
      ['', 200, '<page>', 'text/html; charset=utf-8', 'no-cache'],
      ['buckets/x', 200, '<page>', 'text/html; charset=utf-8', 'no-cache'],
      ['assets/a.js', 200, 'plain', 'text/javascript', 'public, max-age=31536000, immutable'],
      ['assets/b.js', 404, 'no such file\n', 'text/plain; charset=utf-8', null],
    ] as const)
      for (const method of ['GET', 'HEAD']) {
        const response = await fetch(`${url}/bucket/-/console/${path}`, {
          method,
          headers: { 'accept-encoding': 'identity' },
        })
        assert.equal(response.status, status, path)
        assert.equal(await response.text(), method === 'HEAD' ? '' : text)
        const { headers } = response
        assert.equal(headers.get('content-length'), String(text.length))
        assert.equal(headers.get('content-type'), type)
        assert.equal(headers.get('cache-control'), cache)
        assert.equal(headers.get('vary'), status === 200 ? 'accept-encoding' : null)
        for (const [name, value] of Object.entries(CONSOLE_HEADERS)) assert.equal(headers.get(name), value)
      }
  })

  it('comes in the smallest form that the client takes', async () => {
    const { url } = await serveConsole()
    for (const [accepted, chosen] of [
      ['gzip, deflate, br', 'br'],
      ['BR;q=0.5', 'br'],
      ['gzip', 'gzip'],
      ['br;q=0, gzip;q=1.0', 'gzip'],
      ['br; q=0.000,gzip', 'gzip'],
      ['br;q=0.001', 'br'],
      ['gzip;q=0', null],
      ['identity', null],
      ['brotli', null],
    ] as const) {
      const response = await fetch(`${url}/bucket/-/console/assets/a.js`, {
        method: 'HEAD',
        headers: { 'accept-encoding': accepted },
      })
      assert.equal(response.headers.get('content-encoding'), chosen, accepted)
    }
  })

  it('is framed by nobody, tells other hosts nothing of where it was left, and has no power over the device', () => {
    const headers = CONSOLE_HEADERS
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['x-frame-options'], 'DENY')
    for (const name of ['opener', 'resource'])
      assert.equal(headers[`cross-origin-${name}-policy`], 'same-origin')
    const policy = new Map(
      headers['content-security-policy']?.split('; ').map((rule) => {
        const [name = '', ...sources] = rule.split(' ')
        return [name, sources.join(' ')] as const
      }),
    )
    for (const [name, sources] of [
      ['default-src', "'none'"],
      ['script-src', "'self'"],
      ['connect-src', "'self'"],
      ['base-uri', "'none'"],
      ['form-action', "'none'"],
      ['frame-ancestors', "'none'"],
      ['require-trusted-types-for', "'script'"],
    ] as const)
      assert.equal(policy.get(name), sources, name)
    for (const sources of policy.values()) assert.doesNotMatch(sources, /unsafe|\*|https?:/)
    for (const power of ['camera', 'microphone', 'geolocation'])
      assert.ok(headers['permissions-policy']?.split(', ').includes(`${power}=()`), power)
  })
})
