import { createHmac } from 'node:crypto'
import { presignRequest } from '../../src/auth/presign-request.ts'
import { presignVersion2 } from '../harness/presign-version-2.ts'
import { SignedClient } from '../harness/signed-client.ts'

interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

interface Outcome {
  readonly status: number
  readonly text: string
}

const REGION = 'us-east-1'

/** Every way in which a request can be signed by an access key, each tried once: object `key` of the bucket is read, or stored by a form. */
export async function tryAllWays(
  endpoint: string,
  credentials: Key,
  object: { readonly bucket: string; readonly key: string; readonly nowMs: number },
): Promise<Readonly<Record<string, Outcome>>> {
  const { bucket, key, nowMs } = object
  const client = new SignedClient({ endpoint, region: REGION }, credentials, { keepAlive: false })
  const path = `/${bucket}/${key}`
  const presigned = presignRequest({
    method: 'GET',
    url: path,
    headers: { host: new URL(endpoint).host },
    credentials,
    region: REGION,
    nowMs,
    expiresSeconds: 600,
  })
  const version2 = presignVersion2({
    method: 'GET',
    url: path,
    credentials,
    expires: Math.floor(nowMs / 1000) + 600,
  })
  const own = { bucketName: bucket, accessKeyId: credentials.accessKeyId, status: 'Active' }
  const outcomes: Record<string, Outcome> = {
    'a signed header': toOutcome(await client.s3({ method: 'GET', path })),
    'a presigned URL': await fetched(`${endpoint}${presigned}`),
    'a URL presigned by version 2': await fetched(`${endpoint}${version2}`),
    'a form': await fetched(`${endpoint}/${bucket}`, signedForm(credentials, { bucket, key, nowMs })),
    'the Lightsail API': toOutcome(await client.lightsail('GetBuckets', {})),
    "Lugsail's own API": toOutcome(await client.lugsail('UpdateAccessKey', own)),
    STS: toOutcome(await client.identity()),
  }
  client.close()
  return outcomes
}

const toOutcome = ({ status, body }: { readonly status: number; readonly body: Buffer }): Outcome => ({
  status,
  text: body.toString(),
})

async function fetched(url: string, form?: FormData): Promise<Outcome> {
  const response = await fetch(url, form === undefined ? {} : { method: 'POST', body: form })
  return { status: response.status, text: await response.text() }
}

/** A form that stores the object, with a policy signed by version 4. */
function signedForm(
  { accessKeyId, secretAccessKey, sessionToken }: Key,
  { bucket, key, nowMs }: { readonly bucket: string; readonly key: string; readonly nowMs: number },
): FormData {
  const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '')
  const date = time.slice(0, 8)
  const fields = {
    key,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${date}/${REGION}/s3/aws4_request`,
    'X-Amz-Date': time,
    ...(sessionToken !== undefined && { 'X-Amz-Security-Token': sessionToken }),
  }
  const conditions = Object.entries({ bucket, ...fields }).map(([name, value]) => ({ [name]: value }))
  const expiration = new Date(nowMs + 600_000).toISOString()
  const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString('base64')
  let signingKey: Buffer = Buffer.from(`AWS4${secretAccessKey}`)
  for (const part of [date, REGION, 's3', 'aws4_request', policy])
    signingKey = createHmac('sha256', signingKey).update(part).digest()
  const form = new FormData()
  for (const [name, value] of Object.entries({ ...fields, policy })) form.append(name, value)
  form.append('X-Amz-Signature', signingKey.toString('hex'))
  form.append('file', new Blob(['of a form']), 'form.txt')
  return form
}
