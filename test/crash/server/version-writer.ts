import assert from 'node:assert/strict'
import { elementOf, etagOf, expectStatus, md5Of, newContent, type Session, type Writer } from './session.ts'

const MARKER = 'marker'
const VERSIONS_MAX = 12

interface Version {
  readonly id: string
  /** Or {@link MARKER}. */
  readonly etag: string
}

/** Puts and deletes one key of a bucket with versioning, and removes single versions. */
export class VersionWriter implements Writer {
  readonly #path: string
  readonly #bucket: string
  readonly #key: string
  /** Newest first. */
  #versions: Version[] = []
  /** The ETag of a version that may have come on top, or the id of one that may be gone: a write that was cut off. */
  #pending: { readonly added: string } | { readonly removed: string } | null = null

  constructor(bucket: string, key: string) {
    this.#bucket = bucket
    this.#key = key
    this.#path = `/${bucket}/${key}`
  }

  async write(session: Session): Promise<void> {
    const { client, random } = session
    const chosen = random.below(10)
    const oldest = this.#versions[random.below(this.#versions.length || 1)]
    if (oldest && (chosen < 3 || this.#versions.length >= VERSIONS_MAX)) {
      this.#pending = { removed: oldest.id }
      const path = `${this.#path}?versionId=${oldest.id}`
      expectStatus(await client.s3({ method: 'DELETE', path }), 204)
      this.#versions = this.#versions.filter((version) => version !== oldest)
    } else if (chosen < 5) {
      this.#pending = { added: MARKER }
      const response = expectStatus(await client.s3({ method: 'DELETE', path: this.#path }), 204)
      this.#versions.unshift({ id: String(response.headers['x-amz-version-id']), etag: MARKER })
    } else {
      const { bytes, etag } = newContent(session)
      this.#pending = { added: etag }
      const response = expectStatus(await client.s3({ method: 'PUT', path: this.#path, body: bytes }), 200)
      this.#versions.unshift({ id: String(response.headers['x-amz-version-id']), etag })
    }
    this.#pending = null
    session.acknowledge()
  }

  async verify({ client }: Session): Promise<void> {
    const listed = await this.#list(client)
    const removed = this.#pending && 'removed' in this.#pending ? this.#pending.removed : undefined
    let expected = this.#versions
    if (removed !== undefined && !listed.some(({ id }) => id === removed))
      expected = expected.filter(({ id }) => id !== removed)
    const [top] = listed
    if (top && this.#pending && 'added' in this.#pending && listed.length === expected.length + 1) {
      assert.equal(top.etag, this.#pending.added)
      expected = [top, ...expected]
    }
    assert.deepEqual(listed, expected, `versions of ${this.#key}`)
    for (const { id, etag } of listed) {
      if (etag === MARKER) continue
      const path = `${this.#path}?versionId=${id}`
      const response = expectStatus(await client.s3({ method: 'GET', path }), 200)
      assert.equal(etagOf(response), etag)
      assert.equal(md5Of(response.body), etag, `bytes of ${this.#key}, version ${id}`)
    }
    this.#versions = [...listed]
    this.#pending = null
  }

  async #list(client: Session['client']): Promise<Version[]> {
    const path = `/${this.#bucket}?prefix=${this.#key}&versions`
    const xml = expectStatus(await client.s3({ method: 'GET', path }), 200).body.toString()
    const listed = [...xml.matchAll(/<(Version|DeleteMarker)>.*?<\/\1>/gs)].map(([element, name]) => ({
      id: elementOf(element, 'VersionId'),
      etag: name === 'Version' ? elementOf(element, 'ETag').replaceAll('&quot;', '') : MARKER,
      isLatest: elementOf(element, 'IsLatest') === 'true',
    }))
    // The XML may have the markers apart. Ids of later versions sort behind those of earlier ones.
    listed.sort((a, b) => (a.id < b.id ? 1 : -1))
    assert.deepEqual(
      listed.map(({ isLatest }) => isLatest),
      listed.map((_, index) => index === 0),
    )
    return listed.map(({ id, etag }) => ({ id, etag }))
  }
}
