import { HttpConnection, type HttpResponse, type PreparedRequest } from './http-connection.ts'
import type { Content } from './content.ts'

/** What a workload sends its requests to, and with what. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly bucket: string
  readonly content: Content
}

/** One kind of load. Everything that can be made ready is made ready before the clock starts. */
export interface Workload {
  readonly name: string
  /** How many connections to run it at. */
  readonly connections: readonly number[]
  /** Which servers can run it; absent: all. */
  readonly only?: readonly string[]
  /** Bytes that one request moves, for the MB/s column; 0 where that says nothing. */
  readonly bytesPerRequest: number
  /** Run before each measured run, not measured: stores what is read, signs what is sent. */
  prepare(target: Target, connections: number, seconds: number): Promise<PreparedRun>
}

interface PreparedRun {
  /** Requests that one call of `perform` stands for. */
  readonly requestsPerCall: number
  /**
   * Sends the requests of call number `call` (0, 1, 2, …) on a connection; false when there is nothing left to send. Throws when an
   * answer is not what it must be: a wrong answer is no measurement.
   */
  perform(connection: HttpConnection, call: number): Promise<boolean>
}

/** Sends a request and throws unless the response has the expected status and, for bodies, the expected bytes. */
export async function sendExpecting(
  connection: HttpConnection,
  request: PreparedRequest,
  expected: { readonly status: number; readonly content?: Content; readonly sizeBytes?: number },
): Promise<HttpResponse> {
  const seen = { isRight: true }
  const onBody = expected.content
    ? (bytes: Buffer, offset: number) => {
        if (!(expected.content?.matches(bytes, offset) ?? true)) seen.isRight = false
      }
    : undefined
  const response = await connection.send(request, onBody)
  if (response.status !== expected.status)
    throw new Error(`expected ${expected.status}, got ${response.head.split('\r\n')[0] ?? ''}`)
  if (!seen.isRight) throw new Error('the response has other bytes than were stored')
  if (expected.sizeBytes !== undefined && response.bodyBytes !== expected.sizeBytes) {
    throw new Error(`expected ${expected.sizeBytes} bytes, got ${response.bodyBytes}`)
  }
  return response
}

/** Sends all requests over a few connections, as a preparation does. */
export async function sendAll(
  target: Target,
  requests: readonly PreparedRequest[],
  status: number,
  connections = 16,
): Promise<void> {
  let next = 0
  const work = async () => {
    const connection = new HttpConnection(target.host, target.port)
    for (let request = requests[next++]; request; request = requests[next++]) {
      await sendExpecting(connection, request, { status })
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: connections }, work))
}
