import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLogger } from './logger.ts'

const logged = (format: 'json' | 'text', level: 'info' | 'warn' = 'info') => {
  const lines: string[] = []
  return { lines, log: createLogger({ level, format, write: (line) => lines.push(line) }) }
}

describe('createLogger', () => {
  it('writes a line of JSON with the time, the level, the fields and the message', () => {
    const { lines, log } = logged('json')
    log.with({ requestId: 'A1' }).info({ status: 200 }, 'answered')
    const { time, ...rest } = JSON.parse(lines[0] ?? '') as Record<string, unknown>
    assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.deepEqual(rest, { level: 'info', pid: process.pid, requestId: 'A1', status: 200, msg: 'answered' })
  })

  it('writes a readable line of text, with the stack of an error below it', () => {
    const { lines, log } = logged('text')
    log.error({ key: 'a b', count: 2, error: new Error('boom') }, 'it failed')
    assert.match(lines[0] ?? '', /^\d\d:\d\d:\d\d error it failed {2}key="a b" count=2\nError: boom\n {4}at /)
  })

  it('writes nothing below its level', () => {
    const { lines, log } = logged('json', 'warn')
    log.info({}, 'hello')
    assert.deepEqual(lines, [])
    assert.equal(log.isEnabled('info'), false)
  })
})
