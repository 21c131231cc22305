import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { checkConstraints, describeViolations } from '../../model/constraints.ts'
import { createBucket as createBucketModel } from '../../model/lightsail/create-bucket.ts'
import type { Admission } from '../../service/admission.ts'
import type { ObjectBody } from '../../service/bodies/object-body.ts'
import { DEFAULT_BUNDLE_ID } from '../../service/buckets/bundles.ts'
import { createBucket } from '../../service/buckets/create-bucket.ts'
import { getOwnBucket } from '../../service/buckets/own-bucket.ts'
import { updateBucket } from '../../service/buckets/update-bucket.ts'
import type { Caller } from '../../service/caller.ts'
import type { ServiceContext } from '../../service/context.ts'
import type { ObjectAttributes } from '../../service/versions/object-attributes.ts'
import { isDomainError } from '../../service/errors/domain-error.ts'
import { putObject } from '../../service/objects/put-object.ts'
import { BodyDigester } from '../../protocol/checksums/body-digester.ts'
import { loadHashes } from '../../protocol/checksums/wasm-hashes.ts'
import { s3ErrorOf } from '../../s3/errors.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { objectAttributes } from '../../s3/request/object-attributes.ts'
import { InvalidInput } from './invalid-input.ts'
import type { SeedBucket, SeedObject } from './types.ts'

const BUCKET_MEMBERS = ['bundleId', 'versioning', 'access', 'objects'] as const
const ACCESSES: readonly string[] = ['public', 'private']
const OBJECT_MEMBERS = ['body', 'bodyBase64', 'contentType', 'cacheControl', 'metadata', 'tags'] as const

/** By the ends of files' names, what programs that upload a folder take them for. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.gif': 'image/gif',
  '.html': 'text/html',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.webp': 'image/webp',
  '.xml': 'application/xml',
  '.zip': 'application/zip',
}

/** Puts buckets and objects into a store, by the rules that requests meet. A bucket that is there gets the objects besides its own. */
export class Seeder {
  readonly #context: ServiceContext
  readonly #caller: Caller

  constructor(context: ServiceContext, caller: Caller) {
    this.#context = context
    this.#caller = caller
  }

  /** Throws {@link InvalidInput} for what is no seed, and what the rules refuse; `makesAnew`: also where a bucket is there already. */
  async plant(seed: unknown, makesAnew = false): Promise<void> {
    await loadHashes()
    const { buckets } = membersOf(seed, 'a seed', ['buckets'] as const)
    for (const [name, given] of Object.entries(recordOf(buckets, 'buckets'))) {
      const described = membersOf(given, `bucket "${name}"`, BUCKET_MEMBERS) as SeedBucket
      await this.#makeBucket(name, described, makesAnew)
      for (const [key, object] of Object.entries(recordOf(described.objects ?? {}, `the objects of ${name}`)))
        await this.#putGiven(name, key, object)
    }
  }

  /** Makes a bucket of each folder in `folder`, and an object of each file below it. Throws {@link InvalidInput} for a folder that is none. */
  async plantFolder(folder: string): Promise<void> {
    await loadHashes()
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error)
      throw new InvalidInput(`the seed's folder cannot be read: ${why}`, { cause: error })
    })
    for (const entry of entries.sort(byName)) {
      if (entry.isDirectory()) await this.#plantBucketFolder(entry.name, join(folder, entry.name))
      else if (!entry.name.startsWith('.'))
        throw new InvalidInput(
          `the seed's folder has the file "${entry.name}" beside its folders: each folder in it is a bucket, and files lie in those`,
        )
    }
  }

  async #plantBucketFolder(name: string, folder: string): Promise<void> {
    await this.#makeBucket(name, {}, false)
    const entries = await readdir(folder, { withFileTypes: true, recursive: true })
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    for (const path of files.sort()) {
      const key = relative(folder, path).split(sep).join('/')
      const contentType = CONTENT_TYPES[extname(path).toLowerCase()]
      await this.#put(name, key, await bodyOfFile(path), {
        ...(contentType !== undefined && { contentType }),
      })
    }
  }

  /** Makes a bucket, and what is to be in it. Throws {@link InvalidInput}, and `BucketNameTaken` for one that is there. */
  async createBucket(bucketName: string, bucket: SeedBucket): Promise<void> {
    await this.plant({ buckets: { [bucketName]: bucket } }, true)
  }

  async #makeBucket(bucketName: string, bucket: SeedBucket, makesAnew: boolean): Promise<void> {
    const { bundleId = DEFAULT_BUNDLE_ID, versioning, access } = bucket
    const checked = checkConstraints(createBucketModel.input, { bucketName, bundleId })
    if (!checked.isValid)
      throw new InvalidInput(`bucket "${bucketName}": ${describeViolations(checked.violations)}`)
    if (versioning !== undefined && typeof versioning !== 'boolean')
      throw new InvalidInput(`versioning of bucket "${bucketName}": expected true or false`)
    if (access !== undefined && !ACCESSES.includes(access))
      throw new InvalidInput(`access of bucket "${bucketName}": expected public or private`)
    if (makesAnew || !(await this.#isThere(bucketName)))
      await createBucket(this.#context, this.#caller, {
        bucketName,
        bundleId,
        enableObjectVersioning: versioning,
      })
    if (access !== undefined)
      await updateBucket(this.#context, this.#caller, { bucketName, accessRules: { getObject: access } })
  }

  async #isThere(bucketName: string): Promise<boolean> {
    try {
      await getOwnBucket(this.#context, this.#caller, bucketName)
      return true
    } catch (error) {
      if (isDomainError(error, 'NoSuchBucket')) return false
      throw error
    }
  }

  #putGiven(bucketName: string, key: string, given: unknown): Promise<void> {
    const what = `object "${key}" of bucket "${bucketName}"`
    if (typeof given === 'string' || given instanceof Uint8Array)
      return this.#put(bucketName, key, wholeBody(Buffer.from(given)), {})
    const object = membersOf(given, what, OBJECT_MEMBERS) as SeedObject
    const { body = Buffer.from(object.bodyBase64 ?? '', 'base64') } = object
    if (typeof body !== 'string' && !(body instanceof Uint8Array))
      throw new InvalidInput(`body of ${what}: expected text or bytes`)
    return this.#put(bucketName, key, wholeBody(Buffer.from(body)), object)
  }

  async #put(bucketName: string, objectKey: string, body: ObjectBody, object: SeedObject): Promise<void> {
    const bucket = await getOwnBucket(this.#context, this.#caller, bucketName)
    const { accountId } = this.#caller
    // The account itself, by no request: nothing of it can change meanwhile.
    const admission: Admission = {
      principal: { type: 'account', accountId, accessKeyId: '' },
      credential: null,
      bucket,
    }
    const attributes = this.#attributesOf(`object "${objectKey}" of bucket "${bucketName}"`, object)
    await putObject(this.#context, admission, { objectKey, body, attributes })
  }

  /** As a request's headers would say them. */
  #attributesOf(what: string, { contentType, cacheControl, metadata, tags }: SeedObject): ObjectAttributes {
    const headers = {
      ContentType: contentType,
      CacheControl: cacheControl,
      Metadata: metadata,
      Tagging: tags && new URLSearchParams(tags).toString(),
    }
    try {
      return objectAttributes(this.#context.settings, headers, undefined)
    } catch (error) {
      const refusal = isDomainError(error, 'MetadataTooLarge') ? s3ErrorOf(error) : error
      if (!(refusal instanceof S3Error)) throw error
      throw new InvalidInput(`${what}: ${refusal.message}`, { cause: error })
    }
  }
}

const DIGESTS = { md5: true, sha256: false, checksums: ['CRC64NVME'] } as const

function finished(digester: BodyDigester) {
  const { md5, checksums } = digester.finish()
  const value = checksums.CRC64NVME
  if (md5 === null || value === undefined) throw new Error('a digest is missing that was asked for')
  return { md5Hex: md5, checksum: { algorithm: 'CRC64NVME', type: 'FULL_OBJECT', value } as const }
}

function wholeBody(bytes: Uint8Array): ObjectBody {
  const digester = new BodyDigester(DIGESTS)
  digester.update(bytes)
  return { bytes, finish: () => finished(digester) }
}

async function bodyOfFile(path: string): Promise<ObjectBody> {
  const { size } = await stat(path)
  const digester = new BodyDigester(DIGESTS)
  const read = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      digester.update(chunk)
      yield chunk
    }
  }
  return { stream: read(), sizeBytes: size, finish: () => finished(digester) }
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1

function recordOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidInput(`${what}: expected an object`)
  return value as Readonly<Record<string, unknown>>
}

function membersOf(
  value: unknown,
  what: string,
  known: readonly string[],
): Readonly<Record<string, unknown>> {
  const record = recordOf(value, what)
  const unknown = Object.keys(record).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new InvalidInput(`${what} has no "${unknown}"; it has ${known.join(', ')}`)
  return record
}
