import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { collectDocument } from '../../../base/collect-document.ts'
import { strangersDocuments } from '../../../base/document-budget.ts'

/** Longest answer: the keys of the largest issuers have some ten thousand bytes. */
const BYTES_MAX = 256 * 1024
const TIMEOUT_MS = 5_000

/** Fetches a JSON document of the address; rejects for whatever else comes of it. */
export type FetchJson = (url: URL) => Promise<unknown>

/** Fetches by GET, without following redirections, within bounds of time and size. Certificates are checked as Node.js does. */
export const fetchJson: FetchJson = (url) =>
  new Promise((resolve, reject) => {
    const open = url.protocol === 'https:' ? requestSecure : requestPlain
    const request = open(url, {
      agent: false,
      headers: { accept: 'application/json', 'user-agent': 'lugsail' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    request.once('error', reject)
    // Without this, nothing at all would be told of an answer that goes over to another protocol.
    request.once('upgrade', (_response, socket) => {
      socket.destroy()
      reject(new Error(`${url.href} went over to another protocol`))
    })
    request.once('response', (response) => {
      if (response.statusCode !== 200) {
        response.destroy()
        reject(new Error(`${url.href} answered with status ${String(response.statusCode)}`))
        return
      }
      const failure = (why: string) => () => new Error(`the answer of ${url.href} ${why}`)
      collectDocument(response as AsyncIterable<Buffer>, {
        bytesMax: BYTES_MAX,
        budget: strangersDocuments,
        tooLong: failure(`has more than ${BYTES_MAX} bytes`),
        crowded: failure('has no room at this moment'),
      })
        .then((document) => {
          try {
            return JSON.parse(document.bytes.toString('utf8')) as unknown
          } finally {
            document.release()
          }
        })
        .then(resolve, (error: unknown) => {
          response.destroy()
          reject(error instanceof Error ? error : new Error(String(error)))
        })
    })
    request.end()
  })
