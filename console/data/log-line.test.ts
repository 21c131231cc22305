import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parseLogLine } from './log-line.ts'

const line = (key: string, agent: string): string =>
  `f00d photos [06/Feb/2030:00:00:38 +0000] 10.0.3.7 arn:aws:iam::123456789012:user/photos REQ1 REST.GET.OBJECT ${key} "GET /photos/x HTTP/1.1" 404 NoSuchKey 12 - 5 4 "-" "${agent}" - host SigV4 - AuthHeader 127.0.0.1 - - - - AKIAEXAMPLE`

it('a line of an access log is read, also where a key or an agent looks like the fields around it', () => {
  for (const [written, key, agent] of [
    ['coast.jpg', 'coast.jpg', 'aws-cli/2'],
    ['[a', '[a', 'x] [y'],
    ['a%20b%25%22', 'a b%"', '100%'],
    ['%C3%BC', 'ü', '-'],
  ] as const) {
    const read = parseLogLine(line(written, agent))
    assert.deepEqual(
      [read?.key, read?.agent, read?.address, read?.status, read?.errorCode, read?.accessKeyId],
      [key, agent === '-' ? '' : agent, '10.0.3.7', '404', 'NoSuchKey', 'AKIAEXAMPLE'],
    )
    assert.equal(read?.at, Date.UTC(2030, 1, 6, 0, 0, 38))
  }
})

it('what is no line of a log is none', () => {
  for (const text of ['', 'hello', '<html>', 'a b [c] d e']) assert.equal(parseLogLine(text), null)
})
