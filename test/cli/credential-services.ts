import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The temporary credentials that every service here hands out. */
export const TEMPORARY = {
  accessKeyId: 'ASIATEMPORARY0000000',
  secretAccessKey: 'temporary/secret/Example000000000000000',
  sessionToken: 'temporary-session-token',
} as const

const EXPIRATION = '2099-01-01T00:00:00Z'
const AS_JSON = JSON.stringify({
  Code: 'Success',
  Type: 'AWS-HMAC',
  AccessKeyId: TEMPORARY.accessKeyId,
  SecretAccessKey: TEMPORARY.secretAccessKey,
  Token: TEMPORARY.sessionToken,
  Expiration: EXPIRATION,
})

/** A request to one of the services: method and path, or the action of a form, with what matters of it. */
export interface CredentialRequest {
  readonly what: string
  readonly fields: Readonly<Record<string, string>>
  readonly headers: IncomingMessage['headers']
}

/**
 * What Amazon's own services answer to those who ask for temporary credentials: the security token service, single sign-on, the
 * credential server of a container and the metadata of an instance. One server plays them all.
 */
export class CredentialServices {
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString())
      const url = new URL(request.url ?? '/', 'http://stub')
      const action = form.get('Action')
      const what = action ?? `${request.method} ${url.pathname}`
      this.requests.push({
        what,
        fields: Object.fromEntries(action === null ? url.searchParams : form),
        headers: request.headers,
      })
      const body = answer(what)
      response.writeHead(body === undefined ? 404 : 200, {
        'content-type': body?.startsWith('<') === true ? 'text/xml' : 'application/json',
        'x-aws-ec2-metadata-token-ttl-seconds': '21600',
      })
      response.end(body)
    })
  })
  requests: CredentialRequest[] = []

  /** Starts listening; gives the base URL. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

function answer(what: string): string | undefined {
  switch (what) {
    case 'AssumeRole':
    case 'AssumeRoleWithWebIdentity':
      return `<${what}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${what}Result><Credentials><AccessKeyId>${TEMPORARY.accessKeyId}</AccessKeyId><SecretAccessKey>${TEMPORARY.secretAccessKey}</SecretAccessKey><SessionToken>${TEMPORARY.sessionToken}</SessionToken><Expiration>${EXPIRATION}</Expiration></Credentials><AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn></AssumedRoleUser></${what}Result></${what}Response>`
    case 'GET /federation/credentials':
      return JSON.stringify({ roleCredentials: { ...TEMPORARY, expiration: Date.parse(EXPIRATION) } })
    case 'PUT /latest/api/token':
      return 'metadata-token'
    case 'GET /latest/meta-data/iam/security-credentials/':
      return 'instance-role'
    case 'GET /latest/meta-data/iam/security-credentials/instance-role':
    case 'GET /container':
      return AS_JSON
    default:
      return undefined
  }
}
