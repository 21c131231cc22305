import { createHash } from 'node:crypto'

/** A refusal that S3 would give; HEAD, which has no body, tells only its status. */
export class Refusal extends Error {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/** What an object is made with. */
export interface Content {
  readonly body: string
  readonly contentType: string
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
}

interface ModelVersion {
  readonly id: string
  readonly etag: string
  /** Null: a delete marker. */
  readonly content: Content | null
  /** Of one that was uploaded in parts. */
  readonly parts?: readonly { readonly number: number; readonly sizeBytes: number }[]
}

export interface Conditions {
  /** An ETag. */
  readonly ifMatch?: string
  /** `*` or an ETag. */
  readonly ifNoneMatch?: string
}

interface ModelUpload {
  readonly id: string
  readonly key: string
  readonly content: Content
  readonly parts: Map<number, string>
}

const md5 = (bytes: string | Buffer): Buffer => createHash('md5').update(bytes).digest()
export const etagOf = (body: string): string => `"${md5(body).toString('hex')}"`
export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** A bucket as simply as can be: for each key its versions, newest first, and the uploads in progress. */
export class S3Model {
  versioning: 'Never' | 'Enabled' | 'Suspended' = 'Never'
  readonly uploads = new Map<string, ModelUpload>()
  readonly #keys = new Map<string, readonly ModelVersion[]>()

  /** Newest first. */
  versionsOf(key: string): readonly ModelVersion[] {
    return this.#keys.get(key) ?? []
  }

  /** Keys that have versions, in S3's order. */
  keys(): string[] {
    return [...this.#keys.keys()].filter((key) => this.versionsOf(key).length > 0).sort(byBytes)
  }

  /** The object that a request without a version finds. */
  current(key: string): (ModelVersion & { readonly content: Content }) | null {
    const newest = this.versionsOf(key)[0]
    return newest?.content ? { ...newest, content: newest.content } : null
  }

  /** The version that a read finds. Refuses with `NoSuchKey`, `NoSuchVersion`, and `MethodNotAllowed` for a delete marker that is named. */
  find(key: string, versionId?: string): ModelVersion & { readonly content: Content } {
    const found =
      versionId === undefined
        ? this.versionsOf(key)[0]
        : this.versionsOf(key).find(({ id }) => id === versionId)
    if (found?.content) return { ...found, content: found.content }
    if (versionId === undefined) throw new Refusal('NoSuchKey')
    throw new Refusal(found ? 'MethodNotAllowed' : 'NoSuchVersion')
  }

  /** The version whose tags are read or set: a delete marker on top is found, too, and has none. */
  findTagged(key: string, versionId?: string): ModelVersion & { readonly content: Content } {
    const [newest] = this.versionsOf(key)
    if (versionId === undefined && newest?.content === null) throw new Refusal('MethodNotAllowed')
    return this.find(key, versionId)
  }

  /** Refuses a write whose conditions the current object does not meet. */
  checkWrite(key: string, { ifMatch, ifNoneMatch }: Conditions): void {
    const current = this.current(key)
    if (ifMatch !== undefined && !current) throw new Refusal('NoSuchKey')
    if (ifMatch !== undefined && current?.etag !== ifMatch) throw new Refusal('PreconditionFailed')
    if (ifNoneMatch !== undefined && current && (ifNoneMatch === '*' || ifNoneMatch === current.etag))
      throw new Refusal('PreconditionFailed')
  }

  /** Adds the newest version under the id that S3 gave it; in place of the one named `null` when it is `null`. */
  add(key: string, version: ModelVersion): void {
    const others = this.versionsOf(key).filter(({ id }) => id !== version.id)
    this.#keys.set(key, [version, ...others])
  }

  put(key: string, content: Content, id: string): void {
    this.add(key, { id, content, etag: etagOf(content.body) })
  }

  /** Removes a version for ever; says whether it was a delete marker. */
  remove(key: string, versionId: string): boolean {
    const removed = this.versionsOf(key).find(({ id }) => id === versionId)
    this.#keys.set(
      key,
      this.versionsOf(key).filter(({ id }) => id !== versionId),
    )
    return removed?.content === null
  }

  /** Deletes without naming a version; `markerId` is the id of the delete marker that S3 made. */
  delete(key: string, markerId: string): void {
    if (this.versioning === 'Never') this.#keys.set(key, [])
    else this.add(key, { id: markerId, content: null, etag: '' })
  }

  setTags(key: string, versionId: string | undefined, tags: Content['tags']): void {
    const found = this.findTagged(key, versionId)
    const changed = { ...found, content: { ...found.content, tags } }
    this.#keys.set(
      key,
      this.versionsOf(key).map((version) => (version.id === found.id ? changed : version)),
    )
  }

  upload(key: string, id: string): ModelUpload {
    const upload = this.uploads.get(id)
    if (upload?.key !== key) throw new Refusal('NoSuchUpload')
    return upload
  }

  /** Makes the object out of those parts, in their order. */
  complete(upload: ModelUpload, numbers: readonly number[], id: string): void {
    const bodies = numbers.map((number) => upload.parts.get(number) ?? '')
    const digests = Buffer.concat(bodies.map((body) => md5(body)))
    this.add(upload.key, {
      id,
      content: { ...upload.content, body: bodies.join('') },
      etag: `"${md5(digests).toString('hex')}-${numbers.length}"`,
      parts: numbers.map((number, at) => ({ number, sizeBytes: bodies[at]?.length ?? 0 })),
    })
    this.uploads.delete(upload.id)
  }
}
