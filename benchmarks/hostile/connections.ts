import type { PreparedRequest } from '../load/http-connection.ts'
import { signedRequest } from '../load/signed-request.ts'
import type { Target } from '../load/target.ts'
import { longControlRequest } from './requests.ts'
import { rawRequest } from './wire.ts'

const PIPELINED = 400

/** One way to hold connections open and cost memory with them. */
export interface HostileConnections {
  readonly name: string
  /** Whether their client has a key. */
  readonly isSigned: boolean
  readonly count: number
  /** All that each connection sends; it reads nothing. */
  readonly bytes: Buffer
}

/** All kinds. The public object is large, and anybody may read it. */
export function hostileConnections(
  target: Target,
  paths: { readonly privateObject: string; readonly publicObject: string },
): HostileConnections[] {
  const host = `Host: ${target.host}:${target.port}`
  const publicGet = rawRequest([`GET ${paths.publicObject} HTTP/1.1`, host]).head
  const put = signedRequest(target, {
    method: 'PUT',
    path: `${paths.privateObject}-slow`,
    body: [Buffer.alloc(1_000_000)],
  })
  const silent = { isSigned: false, count: 2_000 }
  return [
    { ...silent, name: 'silent', bytes: Buffer.alloc(0) },
    { ...silent, name: 'half a head of 12 KB', bytes: halfHead(host) },
    {
      ...silent,
      name: 'control-plane body of a known key, all but its end',
      count: 1_000,
      bytes: allButTheEnd(longControlRequest(target)),
    },
    { ...silent, name: 'GET of 8 MiB, nothing read', count: 500, bytes: publicGet },
    {
      ...silent,
      name: `${PIPELINED} GETs of 8 MiB sent ahead, nothing read`,
      count: 400,
      bytes: Buffer.alloc(publicGet.length * PIPELINED, publicGet),
    },
    {
      name: 'PUT of 1 MB, 64 KiB sent',
      isSigned: true,
      count: 500,
      bytes: Buffer.concat([put.head, Buffer.alloc(65_536)]),
    },
  ]
}

function halfHead(host: string): Buffer {
  return Buffer.from(`GET / HTTP/1.1\r\n${host}\r\nX-Long: ${'x'.repeat(12_000)}`, 'latin1')
}

function allButTheEnd({ head, body = [] }: PreparedRequest): Buffer {
  return Buffer.concat([head, ...body]).subarray(0, -1)
}
