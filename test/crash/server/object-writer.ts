import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { elementOf, etagOf, expectStatus, md5Of, newContent, type Session, type Writer } from './session.ts'

const ABSENT = '-'
const KEYS = 5
const PART_BYTES_MIN = 5 * 1024 * 1024

/** Puts, replaces, copies, deletes and uploads in parts under a few keys that nobody else writes. */
export class ObjectWriter implements Writer {
  readonly #bucket: string
  readonly #name: string
  /** By key, the ETags that the object may have (or {@link ABSENT}): one after an acknowledged write, more when a write was cut off. */
  readonly #possible = new Map<string, Set<string>>()
  #uploads: OpenUpload[] = []

  constructor(bucket: string, name: string) {
    this.#bucket = bucket
    this.#name = name
    for (let key = 0; key < KEYS; key++) this.#possible.set(`${name}/${key}`, new Set([ABSENT]))
  }

  async write(session: Session): Promise<void> {
    const key = `${this.#name}/${session.random.below(KEYS)}`
    const chosen = session.random.below(10)
    if (chosen < 5) await this.#put(session, key)
    else if (chosen < 7) await this.#delete(session, key)
    else if (chosen < 9) await this.#copy(session, key)
    else await this.#upload(session, key)
  }

  async verify(session: Session): Promise<void> {
    for (const [key, etags] of this.#possible) {
      const response = expectStatus(
        await session.client.s3({ method: 'GET', path: this.#path(key) }),
        200,
        404,
      )
      const etag = response.status === 404 ? ABSENT : etagOf(response)
      assert.ok(etags.has(etag), `${key} has ${etag}, may have ${[...etags].join(' or ')}`)
      if (/^[0-9a-f]{32}$/.test(etag)) assert.equal(md5Of(response.body), etag, `bytes of ${key}`)
      this.#possible.set(key, new Set([etag]))
    }
    const listed = expectStatus(
      await session.client.s3({ method: 'GET', path: `/${this.#bucket}?list-type=2&prefix=${this.#name}/` }),
      200,
    )
    const keys = [...listed.body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) => match[1])
    assert.deepEqual(
      keys,
      [...this.#possible.keys()].filter((key) => !this.#possible.get(key)?.has(ABSENT)),
    )
    await this.#verifyUploads(session)
  }

  async #put(session: Session, key: string): Promise<void> {
    const { bytes, etag } = newContent(session)
    const response = await this.#change(key, etag, () =>
      session.client
        .s3({ method: 'PUT', path: this.#path(key), body: bytes })
        .then((put) => expectStatus(put, 200)),
    )
    assert.equal(etagOf(response), etag)
    session.acknowledge()
  }

  async #delete(session: Session, key: string): Promise<void> {
    await this.#change(key, ABSENT, () =>
      session.client.s3({ method: 'DELETE', path: this.#path(key) }).then((gone) => expectStatus(gone, 204)),
    )
    session.acknowledge()
  }

  async #copy(session: Session, key: string): Promise<void> {
    const source = `${this.#name}/${session.random.below(KEYS)}`
    const etags = [...(this.#possible.get(source) ?? [])]
    const [etag = ABSENT] = etags
    // The copy of an object made of parts has another ETag; that is tested elsewhere.
    if (source === key || etags.length > 1 || etag === ABSENT || etag.includes('-')) return
    await this.#change(key, etag, () =>
      session.client
        .s3({ method: 'PUT', path: this.#path(key), headers: { 'x-amz-copy-source': this.#path(source) } })
        .then((copied) => expectStatus(copied, 200)),
    )
    session.acknowledge()
  }

  /** Begins an upload, or goes on with one that an earlier process began: a part, or its end. */
  async #upload(session: Session, key: string): Promise<void> {
    const { client, random } = session
    const open = this.#uploads[0]
    if (!open) {
      const begun = expectStatus(await client.s3({ method: 'POST', path: `${this.#path(key)}?uploads` }), 200)
      this.#uploads.push({ key, uploadId: elementOf(begun.body.toString(), 'UploadId'), parts: new Map() })
      session.acknowledge()
      return
    }
    const first = open.parts.get(1)
    if (!first || (open.parts.size === 1 && first.sizeBytes >= PART_BYTES_MIN)) {
      const partNumber = open.parts.size + 1
      const { bytes } = newContent(session)
      // Mostly uploads of one part; a second one needs a first of 5 MiB.
      const part = partNumber === 1 && random.below(6) === 0 ? Buffer.alloc(PART_BYTES_MIN, bytes) : bytes
      const path = `${this.#path(open.key)}?partNumber=${partNumber}&uploadId=${open.uploadId}`
      const response = expectStatus(await client.s3({ method: 'PUT', path, body: part }), 200)
      assert.equal(etagOf(response), md5Of(part))
      open.parts.set(partNumber, { etag: md5Of(part), sizeBytes: part.length })
      session.acknowledge()
      if (part.length >= PART_BYTES_MIN) return
    }
    if (random.below(4) === 0) await this.#abort(session, open)
    else await this.#complete(session, open)
  }

  async #complete(session: Session, upload: OpenUpload): Promise<void> {
    const etag = combinedEtag(upload)
    upload.end = 'complete'
    const parts = [...upload.parts].map(
      ([number, part]) => `<Part><PartNumber>${number}</PartNumber><ETag>${part.etag}</ETag></Part>`,
    )
    const response = await this.#change(upload.key, etag, () =>
      session.client.s3({
        method: 'POST',
        path: `${this.#path(upload.key)}?uploadId=${upload.uploadId}`,
        body: Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`),
      }),
    )
    assert.equal(
      elementOf(expectStatus(response, 200).body.toString(), 'ETag').replaceAll('&quot;', ''),
      etag,
    )
    this.#uploads = this.#uploads.filter((other) => other !== upload)
    session.acknowledge()
  }

  async #abort(session: Session, upload: OpenUpload): Promise<void> {
    upload.end = 'abort'
    const path = `${this.#path(upload.key)}?uploadId=${upload.uploadId}`
    expectStatus(await session.client.s3({ method: 'DELETE', path }), 204)
    this.#uploads = this.#uploads.filter((other) => other !== upload)
    session.acknowledge()
  }

  /** An upload is there with each acknowledged part, or it is over; a completion that was cut off happened whole or not at all. */
  async #verifyUploads(session: Session): Promise<void> {
    for (const upload of [...this.#uploads]) {
      const path = `${this.#path(upload.key)}?uploadId=${upload.uploadId}`
      const response = expectStatus(await session.client.s3({ method: 'GET', path }), 200, 404)
      if (response.status === 404) {
        assert.notEqual(upload.end, undefined, `the upload of ${upload.key} is lost`)
        if (upload.end === 'complete')
          assert.ok(this.#possible.get(upload.key)?.has(combinedEtag(upload)), `${upload.key} is lost`)
        this.#uploads = this.#uploads.filter((other) => other !== upload)
        continue
      }
      if (upload.end === 'complete' && upload.parts.size > 0)
        assert.ok(!this.#possible.get(upload.key)?.has(combinedEtag(upload)), `${upload.key} has both`)
      const parts = response.body.toString().split('<Part>').slice(1)
      const listed = parts.map((part) => elementOf(part, 'ETag').replaceAll('&quot;', ''))
      const acknowledged = [...upload.parts.values()].map(({ etag }) => etag)
      assert.deepEqual(listed.slice(0, acknowledged.length), acknowledged, `parts of ${upload.key}`)
      assert.ok(listed.length <= acknowledged.length + 1)
      delete upload.end
    }
  }

  /** Runs a write of one key; until it is acknowledged, both states are possible. */
  async #change<T>(key: string, etag: string, run: () => Promise<T>): Promise<T> {
    this.#possible.set(key, new Set([...(this.#possible.get(key) ?? []), etag]))
    const result = await run()
    this.#possible.set(key, new Set([etag]))
    return result
  }

  #path(key: string): string {
    return `/${this.#bucket}/${key}`
  }
}

interface OpenUpload {
  readonly key: string
  readonly uploadId: string
  readonly parts: Map<number, { readonly etag: string; readonly sizeBytes: number }>
  /** What was asked for when the connection broke. */
  end?: 'complete' | 'abort'
}

function combinedEtag({ parts }: OpenUpload): string {
  const md5s = [...parts.values()].map(({ etag }) => Buffer.from(etag, 'hex'))
  return `${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-${parts.size}`
}
