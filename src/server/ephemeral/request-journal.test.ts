import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Exchange, ExchangeFacts } from '../../api/exchange.ts'
import { RequestJournal } from './request-journal.ts'

function exchangeOf(
  requestId: string,
  {
    facts = {},
    url = '/',
    method = 'GET',
    isSent = false,
  }: {
    readonly facts?: ExchangeFacts
    readonly url?: string
    readonly method?: string
    readonly isSent?: boolean
  } = {},
): Exchange {
  return {
    ...{ requestId, receivedAt: 0, facts },
    request: { method, url, headers: { 'user-agent': 'a client' } },
    response: { headersSent: isSent, statusCode: 204 },
  } as unknown as Exchange
}

const idsOf = (journal: RequestJournal): string[] => journal.list().map(({ requestId }) => requestId)

describe('the journal of requests', () => {
  it('tells of each who asked for what, and nothing of its query', () => {
    const journal = new RequestJournal(10)
    const facts = {
      ...({ service: 's3', operation: 'PutObject', bucketName: 'b', objectKey: 'k' } as const),
      ...{ versionId: 'v', accessKeyId: 'AKIA', errorCode: 'SlowDown' },
    }
    const exchange = exchangeOf('1', { facts, url: '/b/k?secret=1?2', method: 'PUT', isSent: true })
    journal.begin(exchange)
    journal.end(exchange)
    assert.deepEqual(journal.list(), [
      {
        ...{ requestId: '1', receivedAt: new Date(0), method: 'PUT', path: '/b/k', userAgent: 'a client' },
        ...{ status: 204, ...facts },
      },
    ])
  })

  it('has nothing where nothing is known, and what is known so far of a request under way', () => {
    const journal = new RequestJournal(10)
    const exchange = exchangeOf('1')
    journal.begin(exchange)
    const [record] = journal.list()
    assert.deepEqual(record, {
      ...{
        requestId: '1',
        receivedAt: new Date(0),
        service: 's3',
        operation: null,
        method: 'GET',
        path: '/',
      },
      ...{ bucketName: null, objectKey: null, versionId: null, accessKeyId: null, userAgent: 'a client' },
      ...{ status: null, errorCode: null },
    })
    exchange.facts.operation = 'GetObject'
    assert.equal(journal.list()[0]?.operation, 'GetObject')
    journal.end(exchange)
    exchange.facts.operation = 'changed later'
    assert.equal(journal.list()[0]?.operation, 'GetObject')
    const bare = { ...exchangeOf('2'), request: { headers: {} } } as unknown as Exchange
    journal.begin(bare)
    assert.deepEqual(
      journal
        .list()
        .slice(1)
        .map(({ method, path, userAgent }) => [method, path, userAgent]),
      [['', '', null]],
    )
  })

  it('keeps the last ones, so many as it is told to, oldest first', () => {
    for (const recordsMax of [0, 1, 3]) {
      const journal = new RequestJournal(recordsMax)
      for (let index = 0; index < 20; index++) {
        const exchange = exchangeOf(String(index))
        journal.begin(exchange)
        if (index % 2 === 0) journal.end(exchange)
        const first = Math.max(0, index + 1 - recordsMax)
        assert.deepEqual(
          idsOf(journal),
          Array.from({ length: index + 1 - first }, (_, at) => String(first + at)),
        )
      }
      journal.clear()
      assert.deepEqual(idsOf(journal), [])
    }
  })

  it('takes the end of a request that it does not know for nothing', () => {
    const journal = new RequestJournal(1)
    journal.end(exchangeOf('1'))
    assert.deepEqual(idsOf(journal), [])
  })
})
