import type { RequestFacts, SenderFacts } from '../src/service/authorization/request-facts.ts'

/** The facts of an anonymous request that says nothing but who sends it. */
export function requestFacts(sender: Partial<SenderFacts> = {}): RequestFacts {
  return {
    sender: { sourceIp: '203.0.113.9', isSecure: false, now: 0, ...sender },
    given: {},
    listing: { prefix: null, delimiter: null, maxKeys: null },
    versionId: null,
    ifMatch: null,
    ifNoneMatch: null,
    payloadHash: null,
    lock: {},
  }
}
