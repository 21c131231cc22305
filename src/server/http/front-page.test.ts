import assert from 'node:assert/strict'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { it } from 'node:test'
import { isFrontPage } from './front-page.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

it('the page is for browsers at the root of the server, and for nobody else', () => {
  for (const [method, url, headers, expected] of [
    ['GET', '/', { accept: BROWSER, host: 'objects.test:9400' }, true],
    ['HEAD', '/', { accept: BROWSER }, true],
    ['GET', '/', {}, false],
    ['GET', '/', { accept: '*/*' }, false],
    ['GET', '/', { accept: BROWSER, authorization: 'AWS4-HMAC-SHA256 …' }, false],
    ['GET', '/', { accept: BROWSER, host: 'photos.objects.test' }, false],
    ['GET', '/?X-Amz-Signature=x', { accept: BROWSER }, false],
    ['GET', '/photos', { accept: BROWSER }, false],
    ['POST', '/', { accept: BROWSER }, false],
  ] as const) {
    const request = Object.assign(new IncomingMessage(new Socket()), { method, url, headers })
    assert.equal(
      isFrontPage(request, 'objects.test'),
      expected,
      `${method} ${url} ${JSON.stringify(headers)}`,
    )
  }
})
