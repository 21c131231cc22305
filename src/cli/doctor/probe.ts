import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { TLSSocket } from 'node:tls'
import { trustedCertificates } from '../../client/http/tls.ts'
import type { TlsSettings } from '../../client/http/tls-settings.ts'

/** What a server answered to one GET. */
export interface ProbeResponse {
  readonly status: number
  readonly text: string
  /** The server's clock against this one's, at the middle of the exchange, in milliseconds: positive when this one is behind. */
  readonly clockAheadMs: number | null
  /** When the certificate ends, in epoch milliseconds; null without TLS. */
  readonly certificateUntil: number | null
}

const TIMEOUT_MS = 5_000
const TEXT_LENGTH_MAX = 4_096

/** Sends one GET, unsigned. `host`: what the header Host says, where it is not the URL's. Rejects with the system's or TLS's error. */
export function probe(url: URL, tls: TlsSettings, host?: string): Promise<ProbeResponse> {
  const ca = trustedCertificates(tls)
  const startedAt = Date.now()
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? tlsRequest : plainRequest
    const request = send(url, {
      method: 'GET',
      timeout: TIMEOUT_MS,
      rejectUnauthorized: tls.isVerified,
      ...(ca === undefined ? {} : { ca }),
      ...(host === undefined ? {} : { headers: { host } }),
    })
    request.once('timeout', () => request.destroy(new Error(`it did not answer in ${TIMEOUT_MS / 1000} s`)))
    request.once('error', reject)
    request.once('response', (response) => {
      const respondedAt = Date.now()
      const { socket } = response
      const certificateUntil =
        socket instanceof TLSSocket ? Date.parse(socket.getPeerCertificate().valid_to) : null
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => (text = (text + piece).slice(0, TEXT_LENGTH_MAX)))
      response.once('error', reject)
      response.once('end', () => {
        const date = Date.parse(response.headers.date ?? '')
        resolve({
          status: response.statusCode ?? 0,
          text,
          clockAheadMs: Number.isNaN(date) ? null : date - (startedAt + respondedAt) / 2,
          certificateUntil,
        })
      })
    })
    request.end()
  })
}
