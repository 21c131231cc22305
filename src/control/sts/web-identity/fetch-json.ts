import { lookup } from 'node:dns'
import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { collectDocument } from '../../../base/collect-document.ts'
import { strangersDocuments } from '../../../base/document-budget.ts'
import { isPrivateAddress } from './private-address.ts'

/** Longest answer: the keys of the largest issuers have some ten thousand bytes. */
const BYTES_MAX = 256 * 1024
const TIMEOUT_MS = 5_000

/** A document, and where it came from. */
export interface FetchedJson {
  readonly json: unknown
  /** Its server has an address of this machine or of a private network. */
  readonly isPrivate: boolean
}

/**
 * Fetches a JSON document of the address; rejects for whatever else comes of it. `isPublic`: nothing is asked that has an address of this machine or of a
 * private network.
 */
export type FetchJson = (url: URL, options?: { readonly isPublic: boolean }) => Promise<FetchedJson>

/** Fetches by GET, without following redirections, within bounds of time and size. Certificates are checked as Node.js does. */
export const fetchJson: FetchJson = (url, { isPublic } = { isPublic: false }) =>
  new Promise((resolve, reject) => {
    const open = url.protocol === 'https:' ? requestSecure : requestPlain
    const host = url.hostname.replace(/^\[|\]$/g, '')
    // A name is looked at once it is resolved, for the very connection.
    if (isPublic && isIP(host) !== 0 && isPrivateAddress(host)) {
      reject(notPublic(url))
      return
    }
    let isPrivate = true
    const request = open(url, {
      agent: false,
      ...(isPublic && { lookup: lookupPublic(url) }),
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
      isPrivate = isPrivateAddress(response.socket.remoteAddress ?? '')
      if (response.statusCode !== 200) {
        response.destroy()
        reject(new Error(`${url.href} answered with status ${String(response.statusCode)}`))
        return
      }
      const failure = (why: string) => () => new Error(`the response of ${url.href} ${why}`)
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
        .then(
          (json) => resolve({ json, isPrivate }),
          (error: unknown) => {
            response.destroy()
            reject(error instanceof Error ? error : new Error(String(error)))
          },
        )
    })
    request.end()
  })

const notPublic = (url: URL): Error => new Error(`${url.host} has an address of a private network`)

/** Resolves a name for a connection, and refuses one of which any address is not public. */
const lookupPublic =
  (url: URL): LookupFunction =>
  (name, options, done) => {
    lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error) {
        done(error, [])
        return
      }
      const [first] = addresses
      if (!first) done(new Error(`${name} has no address`), [])
      else if (addresses.some(({ address }) => isPrivateAddress(address))) done(notPublic(url), [])
      else if (options.all === true) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }
