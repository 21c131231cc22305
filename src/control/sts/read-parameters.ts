import type { IncomingMessage } from 'node:http'
import { splitTarget } from '../../auth/request-head.ts'
import { percentDecodeQuery } from '../../base/percent-encoding.ts'
import { StsFailure } from './sts-failure.ts'

/** The parameters of a call, from the query of the target and from the form that is the body; what comes first counts. */
export function readParameters(request: IncomingMessage, body: Buffer): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (const text of [splitTarget(request.url ?? '/').query, body.toString('latin1')]) {
    for (const pair of text.split('&')) {
      const equals = pair.indexOf('=')
      const name = percentDecodeQuery(equals < 0 ? pair : pair.slice(0, equals))
      const value = equals < 0 ? '' : percentDecodeQuery(pair.slice(equals + 1))
      if (name === null || value === null)
        throw new StsFailure('MalformedQueryString', 'The query string contains a syntax error')
      if (name !== '' && !parameters.has(name)) parameters.set(name, value)
    }
  }
  return parameters
}
