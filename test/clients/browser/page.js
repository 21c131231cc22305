// Runs in a browser, in a page of another origin than the server's. Each case is called with what it needs, and returns what it saw.
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'

const clientOf = ({ endpoint, region, credentials }) =>
  new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 })

const digestOf = async (bytes) =>
  [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((byte) => byte.toString(16)).join()

/** What a page can see of a response, or that it sees nothing. */
async function see(url, init) {
  try {
    const answer = await fetch(url, init)
    const text = await answer.text()
    const element = (name) => new RegExp(`<${name}>(.*?)</${name}>`).exec(text)?.[1] ?? ''
    return { status: answer.status, code: element('Code'), message: element('Message'), text }
  } catch (error) {
    return { status: 0, code: String(error), message: '', text: '' }
  }
}

window.cases = {
  /** The SDK with its defaults. */
  async sdk(world) {
    const client = clientOf(world)
    const Bucket = world.bucket
    const seen = {}
    for (const Key of ['plain', 'with space', 'plus+sign', 'per%cent', 'é/ü']) {
      await client.send(
        new PutObjectCommand({ Bucket, Key, Body: Key, ContentType: 'text/plain', Metadata: { a: 'b' } }),
      )
      const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket, Key }))
      const head = await client.send(new HeadObjectCommand({ Bucket, Key }))
      seen[Key] = [await Body.transformToString(), ETag === head.ETag && ETag !== undefined, head.Metadata.a]
    }
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket }))
    const keys = Contents.map(({ Key }) => Key)
    await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }))
    const { KeyCount } = await client.send(new ListObjectsV2Command({ Bucket }))
    return { seen, keys, left: KeyCount }
  },

  /** What the SDK throws for a refusal: a named error, if the page may read it. */
  async sdkRefusals(world) {
    const client = clientOf(world)
    const Bucket = world.bucket
    const nameOf = (command) =>
      client.send(command).then(
        () => 'none',
        (error) => error.name,
      )
    const wrong = clientOf({ ...world, credentials: { ...world.credentials, secretAccessKey: 'wrong' } })
    return {
      missing: await nameOf(new GetObjectCommand({ Bucket, Key: 'missing' })),
      long: await nameOf(new GetObjectCommand({ Bucket, Key: 'k'.repeat(1025) })),
      precondition: await nameOf(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x', IfMatch: '"none"' })),
      secret: await wrong.send(new GetObjectCommand({ Bucket, Key: 'x' })).then(
        () => 'none',
        (error) => error.name,
      ),
    }
  },

  /** An upload in parts, side by side, which reads the ETag of each. */
  async parts(world) {
    const client = clientOf(world)
    const bytes = new Uint8Array(world.sizeBytes)
    for (let at = 0; at < bytes.length; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536))
    const target = { Bucket: world.bucket, Key: 'parts' }
    const upload = new Upload({ client, params: { ...target, Body: new Blob([bytes]) }, queueSize: 3 })
    let progress = 0
    upload.on('httpUploadProgress', ({ loaded }) => (progress = Math.max(progress, loaded)))
    const { ETag } = await upload.done()
    const { Body } = await client.send(new GetObjectCommand(target))
    const back = await Body.transformToByteArray()
    return { isSame: (await digestOf(back)) === (await digestOf(bytes)), ETag, progress }
  },

  /** URLs that somebody else presigned. */
  async presigned({ urls }) {
    const seen = []
    for (const { put, get } of urls) {
      const written = await see(put, { method: 'PUT', body: new Blob(['presigned']) })
      seen.push([written.status, (await see(get)).text])
    }
    return seen
  },

  /** A form with a file. */
  async form({ url, fields }) {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    form.append('file', new Blob(['from a form']), 'file.txt')
    return see(url, { method: 'POST', body: form })
  },

  async see({ url, init }) {
    return see(url, init)
  },

  /** An image that stands in the page, and is then asked for to be drawn, comes from the cache the first time alone. */
  async cached({ url }) {
    const load = (crossOrigin) =>
      new Promise((resolve) => {
        const image = new Image()
        if (crossOrigin) image.crossOrigin = 'anonymous'
        image.onload = () => resolve('loaded')
        image.onerror = () => resolve('refused')
        image.src = url
        document.body.append(image)
      })
    return [await load(false), await load(true)]
  },
}
