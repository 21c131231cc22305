import { MalformedRequest } from '../../auth/malformed-request.ts'
import type { RequestHead } from '../../auth/request-head.ts'
import { parseQuery, type RequestQuery } from '../../auth/request-query.ts'
import { StsFailure } from './sts-failure.ts'

/** The parameters of a call, from the query of the target and from the form that is the body. Throws `MalformedQueryString` for one that comes twice. */
export function readParameters({ query }: RequestHead, body: Buffer): ReadonlyMap<string, string> {
  const form = parseForm(body)
  const parameters = new Map(query.values)
  for (const [name, value] of form.values) {
    if (parameters.has(name)) throw malformed()
    parameters.set(name, value)
  }
  if (query.repeated.size > 0 || form.repeated.size > 0) throw malformed()
  return parameters
}

function parseForm(body: Buffer): RequestQuery {
  try {
    // The body is signed byte for byte, so that empty pieces of a form lose nothing.
    return parseQuery(body.toString('latin1').split('&').filter(Boolean).join('&'))
  } catch (error) {
    if (!(error instanceof MalformedRequest)) throw error
    throw malformed()
  }
}

function malformed(): StsFailure {
  return new StsFailure('MalformedQueryString', 'The query string contains a syntax error')
}
