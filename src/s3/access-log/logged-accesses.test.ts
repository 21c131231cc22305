import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Exchange, ExchangeFacts } from '../../api/exchange.ts'
import { accessesToLog } from './logged-accesses.ts'

const TARGET = { bucketId: 'b1' } as unknown as NonNullable<ExchangeFacts['accessLog']>
const OTHER = { bucketId: 'b2' } as unknown as NonNullable<ExchangeFacts['accessLog']>
const FINISHED = { status: 200, durationMs: 40, startedAt: 1_000 }

interface Asked {
  readonly method?: string
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly socket?: object
}

/** An exchange of which this is known. */
function exchange(
  facts: Partial<ExchangeFacts>,
  { method = 'GET', url = '/photos/a', headers = {}, socket = {} }: Asked = {},
): Exchange {
  return {
    request: { method, url, headers, socket, httpVersion: '1.1' },
    requestId: 'R',
    receivedAt: 5,
    client: { address: '127.0.0.1' },
    facts: { accessLog: TARGET, ...facts },
  } as unknown as Exchange
}
/** The line of the request itself. */
function line(facts: Partial<ExchangeFacts>, asked?: Asked) {
  const [first] = accessesToLog(exchange(facts, asked), FINISHED)
  assert.ok(first)
  assert.equal(first.target, TARGET)
  return first.access
}

describe('what a request leaves in access logs', () => {
  it('is nothing where they are off', () => {
    const request = exchange({})
    delete request.facts.accessLog
    assert.deepEqual(accessesToLog(request, FINISHED), [])
  })

  it('is a line with all that is known of it', () => {
    const access = line(
      {
        operation: 'GetObject',
        objectKey: 'a b',
        accountId: '111122223333',
        errorCode: 'NoSuchKey',
        responseBodyBytes: 7,
        objectSizeBytes: 9,
        responseBegunAt: 1_030,
        versionId: 'v',
        hostId: 'H',
        signatureVersion: 'SigV4',
        authenticationType: 'AuthHeader',
      },
      { headers: { referer: 'http://a/?X-Amz-Signature=s', 'user-agent': 'curl', host: 'localhost:1' } },
    )
    assert.deepEqual(access, {
      receivedAt: 5,
      remoteAddress: '127.0.0.1',
      requester: '111122223333',
      requestId: 'R',
      operation: 'REST.GET.OBJECT',
      objectKey: access.objectKey,
      requestLine: 'GET /photos/a HTTP/1.1',
      status: 200,
      errorCode: 'NoSuchKey',
      bytesSent: 7,
      objectSizeBytes: 9,
      totalMs: 40,
      turnAroundMs: 30,
      referer: 'http://a/?X-Amz-Signature=REDACTED',
      userAgent: 'curl',
      versionId: 'v',
      hostId: 'H',
      signatureVersion: 'SigV4',
      cipherSuite: undefined,
      authenticationType: 'AuthHeader',
      hostHeader: 'localhost:1',
      tlsVersion: undefined,
      accessKeyId: undefined,
    })
    assert.notEqual(access.objectKey, undefined)
    assert.deepEqual([line({}).objectKey, line({}).referer], [undefined, undefined])
  })

  it('has no signature and no token that would open the object', () => {
    for (const name of [
      'X-Amz-Signature',
      'X-Amz-Security-Token',
      'Signature',
      'signature',
      'x-amz-signature',
    ])
      assert.equal(
        line({}, { url: `/photos/a?x=1&${name}=abc%20d&y=2` }).requestLine,
        `GET /photos/a?x=1&${name}=REDACTED&y=2 HTTP/1.1`,
      )
    assert.equal(
      line({}, { url: '/p?Signature=a&Signature=b' }).requestLine,
      'GET /p?Signature=REDACTED&Signature=REDACTED HTTP/1.1',
    )
    assert.equal(line({}, { url: '/p?MySignature=a' }).requestLine, 'GET /p?MySignature=a HTTP/1.1')
  })

  it('tells the time to the first byte where the request had no body', () => {
    const turnAround = (facts: Partial<ExchangeFacts>) => line(facts).turnAroundMs
    assert.equal(turnAround({ responseBegunAt: 1_012 }), 12)
    assert.equal(turnAround({ responseBegunAt: 1_000.2 }), 1)
    assert.equal(turnAround({ responseBegunAt: 1_012, requestBodyBytes: 0 }), 12)
    assert.equal(turnAround({ responseBegunAt: 1_012, requestBodyBytes: 1 }), undefined)
    assert.equal(turnAround({}), undefined)
  })

  it('names the account for its root key, and the key or session otherwise', () => {
    const signer = (type: string, more: object, accessKeyId: string | null = 'AKIA') =>
      ({
        accountId: '1',
        accessKeyId,
        isStopped: false,
        principal: { type, accountId: '111122223333', ...more },
      }) as unknown as NonNullable<ExchangeFacts['signer']>
    const root = line({ signer: signer('account', {}), accountId: '9', accessKeyId: 'ASIA' })
    assert.deepEqual([root.requester, root.accessKeyId], ['111122223333', 'AKIA'])
    const application = line({ signer: signer('application-key', { name: 'reports', keyId: 'k' }) })
    assert.match(application.requester ?? '', /^arn:aws:iam::111122223333:user\/.*reports$/)
    assert.equal(line({ signer: signer('account', {}, null), accessKeyId: 'ASIA' }).accessKeyId, 'ASIA')
  })

  it('tells the cipher and version of TLS', () => {
    const socket = (cipher: object | undefined, protocol: string | null) => ({
      encrypted: true,
      getCipher: () => cipher,
      getProtocol: () => protocol,
    })
    const open = line({}, { socket: socket({ standardName: 'TLS_AES' }, 'TLSv1.3') })
    assert.deepEqual([open.cipherSuite, open.tlsVersion], ['TLS_AES', 'TLSv1.3'])
    for (const cipher of [undefined, {}]) {
      const closed = line({}, { socket: socket(cipher, null) })
      assert.deepEqual([closed.cipherSuite, closed.tlsVersion], ['', ''])
    }
  })

  it('has a line for each object of a batch, and for the source of a copy', () => {
    const whole = {
      operation: 'DeleteObjects',
      objectSizeBytes: 9,
      responseBodyBytes: 7,
      responseBegunAt: 1_020,
      errorCode: 'Whole',
      versionId: 'w',
    }
    const [own, deleted, copied, ofPart] = accessesToLog(
      exchange(
        {
          ...whole,
          furtherAccesses: [
            {
              target: OTHER,
              operation: 'BATCH.DELETE.OBJECT',
              objectKey: 'a',
              versionId: 'v',
              status: 204,
              errorCode: 'E',
            },
            { target: OTHER, operation: 'REST.COPY.OBJECT_GET', objectKey: 'b' },
            { target: OTHER, operation: 'REST.COPY.PART_GET', objectKey: 'c' },
          ],
        },
        { method: 'POST', url: '/photos?delete' },
      ),
      FINISHED,
    )
    assert.equal(own?.target, TARGET)
    assert.deepEqual([own.access.totalMs, own.access.bytesSent], [40, 7])
    assert.equal(deleted?.target, OTHER)
    const {
      operation,
      objectKey,
      status,
      errorCode,
      requestLine,
      totalMs,
      turnAroundMs,
      bytesSent,
      objectSizeBytes,
      versionId,
      requestId,
    } = deleted.access
    assert.deepEqual(
      [
        operation,
        objectKey,
        status,
        errorCode,
        requestLine,
        totalMs,
        turnAroundMs,
        bytesSent,
        objectSizeBytes,
        versionId,
        requestId,
      ],
      ['BATCH.DELETE.OBJECT', 'a', 204, 'E', undefined, undefined, undefined, undefined, undefined, 'v', 'R'],
    )
    assert.deepEqual(
      [
        copied?.access.status,
        copied?.access.errorCode,
        copied?.access.requestLine,
        copied?.access.totalMs,
        copied?.access.turnAroundMs,
        copied?.access.objectSizeBytes,
        copied?.access.bytesSent,
        copied?.access.versionId,
      ],
      [200, 'Whole', 'POST /photos?delete HTTP/1.1', 40, 20, 9, undefined, undefined],
    )
    assert.equal(ofPart?.access.objectSizeBytes, undefined)
    const others = exchange({
      furtherAccesses: [{ target: OTHER, operation: 'REST.COPY.OBJECT_GET', objectKey: 'b' }],
    })
    delete others.facts.accessLog
    assert.deepEqual(
      accessesToLog(others, FINISHED).map(({ target }) => target),
      [OTHER],
    )
  })
})
