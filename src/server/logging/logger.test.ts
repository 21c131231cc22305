import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLogger, type LoggerOptions } from './logger.ts'

function logged(format: LoggerOptions['format'], level: LoggerOptions['level'] = 'info') {
  const pieces: string[] = []
  const log = createLogger({
    level,
    format,
    clock: { now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6) },
    target: (piece, done) => {
      pieces.push(piece)
      done()
    },
  })
  const text = (): string => {
    log.flush()
    return pieces.join('')
  }
  return { text, log }
}

describe('createLogger', () => {
  it('writes a line of JSON with the time, the level, the fields and the message', () => {
    const { text, log } = logged('json')
    log.with({ requestId: 'A1' }).info({ status: 200 }, 'answered')
    assert.deepEqual(JSON.parse(text()), {
      level: 'info',
      time: '2026-01-02T03:04:05.006Z',
      pid: process.pid,
      requestId: 'A1',
      status: 200,
      msg: 'answered',
    })
  })

  it('writes a readable line of text, with the stack of an error below it', () => {
    const { text, log } = logged('text')
    log.error({ key: 'a b', count: 2, error: new Error('boom') }, 'it failed')
    assert.match(text(), /^03:04:05 error it failed {2}key="a b" count=2\nError: boom\n {4}at /)
  })

  it('tells an error’s own words and its causes’, and none of its other members', () => {
    const { text, log } = logged('json')
    const cause = Object.assign(new Error('inner'), { request: { authorization: 'Bearer hidden' } })
    log.warn({ error: new Error('outer', { cause }) }, 'it failed')
    assert.match(text(), /"message":"outer".*"message":"inner"/)
    assert.doesNotMatch(text(), /hidden/)
  })

  it('writes nothing below its level', () => {
    const { text, log } = logged('json', 'warn')
    log.info({}, 'hello')
    assert.equal(text(), '')
    assert.equal(log.isEnabled('info'), false)
  })

  it('passes on lines of other processes as text, and as they are when they were cut', () => {
    const { text, log } = logged('text')
    log.relay('{"level":"info","time":"2026-01-02T03:04:05.006Z","pid":7,"msg":"hello"}\n')
    log.relay('{"level":"info","time":"2026-01-02T03:0\n')
    assert.equal(text(), '03:04:05 info  hello\n{"level":"info","time":"2026-01-02T03:0\n')
  })

  it('says what it can of a message whose fields are not for JSON', () => {
    const { text, log } = logged('json')
    log.info({ count: 1n }, 'counted')
    assert.match(text(), /"error":\{"type":"TypeError".*"msg":"counted"/)
  })
})
