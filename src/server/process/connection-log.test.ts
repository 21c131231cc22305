import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { ConnectionLog } from './connection-log.ts'
import { connectionsForDescriptors } from './descriptor-limit.ts'

it('connections of one kind are logged together, once in ten seconds, those of another apart', () => {
  const uptime = new ManualClock(0)
  const lines: { fields: object; message: string }[] = []
  const warn = (fields: object, message: string): void => void lines.push({ fields, message })
  const log = new ConnectionLog({ warn, debug: warn, info: warn, error: warn }, () => uptime.now())
  log.note('refused', '192.0.2.1', 7)
  log.note('refused', '192.0.2.2', 8)
  log.note('idle', '192.0.2.3')
  uptime.advance(9_999)
  log.note('refused', '192.0.2.4', 9)
  uptime.advance(1)
  log.note('refused', '192.0.2.5', 10)
  uptime.advance(10_000)
  log.note('refused', '192.0.2.6')
  assert.deepEqual(
    lines.map(({ fields }) => fields),
    [
      { kind: 'refused', connections: 1, remoteAddress: '192.0.2.1', openFromThere: 7 },
      { kind: 'idle', connections: 1, remoteAddress: '192.0.2.3', openFromThere: undefined },
      { kind: 'refused', connections: 3, remoteAddress: '192.0.2.5', openFromThere: 10 },
      { kind: 'refused', connections: 1, remoteAddress: '192.0.2.6', openFromThere: undefined },
    ],
  )
  assert.notEqual(lines[0]?.message, lines[1]?.message)
})

it('as many connections are taken as the descriptors of the process are enough for, two for each', () => {
  const limits = (open: string): string =>
    `Limit  Soft  Hard\nMax open files            ${open}     4096   files\n`
  for (const [open, connections] of [
    ['1024', 448],
    ['1025', 448],
    ['1026', 449],
    ['131', 1],
    ['128', 1],
    ['0', 1],
    ['unlimited', Infinity],
  ] as const)
    assert.equal(
      connectionsForDescriptors(() => limits(open)),
      connections,
      open,
    )
  assert.equal(
    connectionsForDescriptors(() => ''),
    Infinity,
  )
  assert.ok(connectionsForDescriptors() >= 1)
})
