import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { it } from 'node:test'
import { finished } from 'node:stream/promises'
import { relayLines } from './relay-lines.ts'

it('passes on whole lines however they are cut, and at the end what is left', async () => {
  const lines: string[] = []
  const from = new PassThrough()
  relayLines(from, (line) => lines.push(line))
  for (const piece of [
    'on',
    'e\ntw',
    'o\nthree\n',
    Buffer.from('é').subarray(0, 1),
    Buffer.from('é').subarray(1),
  ])
    from.write(piece)
  from.end()
  await finished(from)
  assert.deepEqual(lines, ['one\n', 'two\n', 'three\n', 'é\n'])
})

it('does not gather a line without an end', async () => {
  const lines: string[] = []
  const from = new PassThrough()
  relayLines(from, (line) => lines.push(line))
  for (let piece = 0; piece < 20; piece++) from.write('x'.repeat(64 * 1024))
  from.end()
  await finished(from)
  assert.ok(lines.length > 1)
})
