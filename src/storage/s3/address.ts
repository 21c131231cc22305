import { decodePart, UrlParameters } from '../url-parameters.ts'

/** Where an S3 blob store is and how to talk to it; read from a URL by {@link parseS3Url}. */
export interface S3Address {
  readonly bucket: string
  /** Stands before each blob id in the keys; empty, or ends with a slash. */
  readonly prefix: string
  readonly region: string
  /** Base URL of the cluster; absent: Amazon's, from the region. */
  readonly endpoint?: string
  /** `https://endpoint/bucket/key` rather than `https://bucket.endpoint/key`. */
  readonly isPathStyle: boolean
  /** Absent: the usual chain (environment, shared credentials file, the role of the machine). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** Profile of the shared credentials file; absent: AWS_PROFILE, or `default`. */
  readonly profile?: string
  /** How long the cluster may be silent during a request. */
  readonly answerTimeoutMs: number
  /** Connections that this process opens at most. */
  readonly connectionsMax: number
}

const PARAMETERS = ['endpoint', 'region', 'path_style', 'profile', 'answer_timeout_ms', 'connections']
/** No `:` in the bucket: a secret with a slash that was not encoded would else be read as a bucket and a prefix, which are shown. */
const FORM = /^s3:\/\/(?:([^/?#@]*)@)?([^/?#@:]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/

/**
 * Reads `s3://[ACCESS_KEY_ID:SECRET@]BUCKET[/PREFIX][?endpoint=URL&region=NAME&…]`. Throws RangeError with a message that names what is wrong
 * and never holds the secret.
 */
export function parseS3Url(url: string): S3Address {
  const match = FORM.exec(url)
  if (!match)
    throw new RangeError(
      'expected s3://[ACCESS_KEY_ID:SECRET@]BUCKET[/PREFIX][?endpoint=URL&region=NAME&…], each part percent-encoded',
    )
  const [, login, bucket = '', path = '', query = ''] = match
  const parameters = new UrlParameters(query, PARAMETERS)
  const endpoint = parameters.get('endpoint')
  if (endpoint !== null && !isHttpUrl(endpoint))
    throw new RangeError(
      `parameter endpoint must be an http:// or https:// URL, got ${JSON.stringify(endpoint)}`,
    )
  const prefix = decodePart(path, 'prefix')
  const profile = parameters.get('profile')
  return {
    bucket,
    prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
    region: parameters.get('region') ?? 'us-east-1',
    ...(endpoint === null ? {} : { endpoint }),
    isPathStyle: parameters.flag('path_style', endpoint !== null),
    ...(login === undefined ? {} : { credentials: parseLogin(login) }),
    ...(profile === null ? {} : { profile }),
    answerTimeoutMs: parameters.wholeNumber('answer_timeout_ms', { default: 10_000, min: 100, max: 600_000 }),
    connectionsMax: parameters.wholeNumber('connections', { default: 128, min: 1, max: 10_000 }),
  }
}

/** The address for messages: never the login. */
export function describeAddress({ bucket, prefix, endpoint, region }: S3Address): string {
  return `S3 bucket ${bucket}${prefix && `/${prefix}`} at ${endpoint ?? `Amazon S3 in ${region}`}`
}

function parseLogin(login: string): { accessKeyId: string; secretAccessKey: string } {
  const [accessKeyId, secretAccessKey, ...rest] = login.split(':').map((part) => decodePart(part, 'login'))
  if (!accessKeyId || !secretAccessKey || rest.length > 0)
    throw new RangeError('before the @ an S3 URL must have ACCESS_KEY_ID:SECRET, each percent-encoded')
  return { accessKeyId, secretAccessKey }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
