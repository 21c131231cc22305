import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { needs, pathOf, startWorld } from './world.ts'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
/** A piece of an upload; the registry makes parts of them. */
const PIECE_BYTES = 6_000_000

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

describe('Docker registry (distribution)', needs('registry'), () => {
  const world = startWorld(() => Promise.resolve(registry.kill()))
  let registry: ChildProcess
  let address: string
  const layer = randomBytes(3 * PIECE_BYTES)
  const settings = Buffer.from('{"architecture":"amd64","os":"linux"}')

  const descriptor = (mediaType: string, bytes: Buffer) => ({
    mediaType,
    size: bytes.length,
    digest: digestOf(bytes),
  })
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: descriptor('application/vnd.oci.image.config.v1+json', settings),
    layers: [descriptor('application/vnd.oci.image.layer.v1.tar', layer)],
  }
  const manifestRequest = { body: JSON.stringify(manifest), headers: { 'content-type': MANIFEST } }

  before(async () => {
    const config = {
      version: '0.1',
      log: { level: 'info' },
      http: { addr: '127.0.0.1:0' },
      storage: {
        s3: {
          accesskey: world().key.accessKeyId,
          secretkey: world().key.secretAccessKey,
          region: world().region,
          regionendpoint: world().endpoint,
          forcepathstyle: true,
          bucket: world().bucket,
          rootdirectory: '/images',
          chunksize: 5_242_880,
        },
        delete: { enabled: true },
      },
    }
    // YAML takes JSON.
    writeFileSync(world().path('registry.yml'), JSON.stringify(config))
    registry = spawn(pathOf('registry') ?? '', ['serve', 'registry.yml'], {
      cwd: world().folder,
      env: world().environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    address = await firstAddress(registry)
  })
  after(async () => {
    if (registry.exitCode === null && registry.signalCode === null) await once(registry, 'exit')
  })

  const ask = async (
    method: string,
    path: string,
    status: number,
    init: RequestInit = {},
  ): Promise<Response> => {
    const response = await fetch(new URL(path, address), { method, ...init })
    assert.equal(
      response.status,
      status,
      `${method} ${path}: ${response.status === status ? '' : await response.text()}`,
    )
    return response
  }
  const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer())

  /** Sends a blob in pieces, each to where the response to the one before leads. */
  const push = async (name: string, blob: Buffer): Promise<void> => {
    let { headers } = await ask('POST', `/v2/${name}/blobs/uploads/`, 202)
    const place = (): string => headers.get('location') ?? ''
    for (let from = 0; from < blob.length; from += PIECE_BYTES) {
      const body = blob.subarray(from, from + PIECE_BYTES)
      const range = {
        'content-range': `${from}-${from + body.length - 1}`,
        'content-type': 'application/octet-stream',
      }
      headers = (await ask('PATCH', place(), 202, { body, headers: range })).headers
    }
    const end = new URL(place())
    end.searchParams.set('digest', digestOf(blob))
    await ask('PUT', end.href, 201)
  }

  it('takes an image of 18 MB in pieces, and gives it back by presigned URLs, whole and in ranges', async () => {
    await push('notes/app', layer)
    await push('notes/app', settings)
    await ask('PUT', '/v2/notes/app/manifests/latest', 201, manifestRequest)
    const back = await ask('GET', '/v2/notes/app/manifests/latest', 200, { headers: { accept: MANIFEST } })
    assert.equal(await back.text(), manifestRequest.body)
    const whole = await ask('GET', `/v2/notes/app/blobs/${digestOf(layer)}`, 200)
    assert.equal(new URL(whole.url).origin, world().endpoint)
    assert.ok((await bytesOf(whole)).equals(layer))
    const range = { headers: { range: 'bytes=5242870-5242890' } }
    const part = await ask('GET', `/v2/notes/app/blobs/${digestOf(layer)}`, 206, range)
    assert.ok((await bytesOf(part)).equals(layer.subarray(5_242_870, 5_242_891)))
  })

  it('shares a layer with another image, and lists both', async () => {
    for (const blob of [layer, settings])
      await ask('POST', `/v2/other/blobs/uploads/?mount=${digestOf(blob)}&from=notes/app`, 201)
    await ask('PUT', '/v2/other/manifests/first', 201, manifestRequest)
    const head = await ask('HEAD', `/v2/other/blobs/${digestOf(layer)}`, 200)
    assert.equal(head.headers.get('content-length'), String(layer.length))
    assert.deepEqual(await (await ask('GET', '/v2/_catalog', 200)).json(), {
      repositories: ['notes/app', 'other'],
    })
    const tags = await ask('GET', '/v2/notes/app/tags/list', 200)
    assert.deepEqual(await tags.json(), { name: 'notes/app', tags: ['latest'] })
  })

  it('deletes an image, and collects what nobody refers to', async () => {
    const manifest = await ask('HEAD', '/v2/notes/app/manifests/latest', 200, {
      headers: { accept: MANIFEST },
    })
    const digest = manifest.headers.get('docker-content-digest')
    for (const name of ['notes/app', 'other']) await ask('DELETE', `/v2/${name}/manifests/${digest}`, 202)
    const collected = await world().run('registry', ['garbage-collect', '--delete-untagged', 'registry.yml'])
    assert.match(collected, new RegExp(`blob eligible for deletion: ${digestOf(layer)}`))
    await ask('GET', `/v2/notes/app/blobs/${digestOf(layer)}`, 404)
  })
})

/** The address that a registry writes to its log once it listens. */
function firstAddress(registry: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = ''
    registry.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text
      const address = /listening on (127\.0\.0\.1:\d+)/.exec(log)?.[1]
      if (address !== undefined) resolve(`http://${address}`)
    })
    registry.once('exit', () => reject(new Error(`the registry ended:\n${log}`)))
  })
}
