import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Connections } from './connections.ts'

interface Place {
  name: string
  isIdle: boolean
  isProven: boolean
}

function world(connectionsMax: number, connectionsPerAddressMax = connectionsMax) {
  const connections = new Connections<Place>({ connectionsMax, connectionsPerAddressMax })
  const cut: string[] = []
  const open = (name: string, address: string, is: Partial<Place> = {}): boolean =>
    connections.admit({ name, isIdle: true, isProven: false, ...is }, address, (crowded) =>
      cut.push(crowded.name),
    )
  return { connections, cut, open, names: () => [...connections].map(({ name }) => name) }
}

const AT_WORK = { isIdle: false }
const PROVEN = { isProven: true }

describe('when all connections are taken, a newcomer', () => {
  it('gets the place of the oldest on which nothing is asked, of the address that has most', () => {
    const { open, cut } = world(4)
    for (const name of ['b1', 'a1', 'a2', 'a3']) open(name, name.startsWith('a') ? '192.0.2.1' : '192.0.2.2')
    assert.ok(open('c1', '192.0.2.3'))
    assert.deepEqual(cut, ['a1'])
  })

  it('takes one at work, too, from an address that has more and never showed a key', () => {
    const { open, cut } = world(3)
    for (const name of ['a1', 'a2', 'a3']) open(name, '192.0.2.1', AT_WORK)
    assert.ok(open('b1', '192.0.2.2'))
    assert.deepEqual(cut, ['a1'])
  })

  it('takes none that is at work from its own address', () => {
    const { open, cut } = world(2)
    for (const name of ['a1', 'a2']) open(name, '192.0.2.1', AT_WORK)
    assert.ok(!open('a3', '192.0.2.1'))
    assert.deepEqual(cut, [])
  })

  it('takes none that is at work for a client with a key', () => {
    const { open, cut } = world(2)
    for (const name of ['a1', 'a2']) open(name, '192.0.2.1', { ...AT_WORK, ...PROVEN })
    assert.ok(!open('b1', '192.0.2.2'))
    assert.deepEqual(cut, [])
  })

  it('leaves those of clients with a key alone while others are idle', () => {
    const { open, cut } = world(3)
    open('a1', '192.0.2.1', PROVEN)
    open('a2', '192.0.2.1')
    open('a3', '192.0.2.1', PROVEN)
    assert.ok(open('b1', '192.0.2.2'))
    assert.deepEqual(cut, ['a2'])
  })

  it('counts addresses of one network of IPv6 together', () => {
    const { open, cut } = world(3)
    open('b1', '2001:db8:1::1')
    open('a1', '2001:db8:2::1')
    open('a2', '2001:db8:2:0:ffff::2')
    assert.ok(open('c1', '192.0.2.1'))
    assert.deepEqual(cut, ['a1'])
  })
})

it('one address gets no more than its own limit, while others still get in', () => {
  const { open, names } = world(10, 2)
  for (const name of ['a1', 'a2', 'a3']) open(name, '192.0.2.1', AT_WORK)
  open('b1', '192.0.2.2')
  assert.deepEqual(names(), ['a1', 'a2', 'b1'])
})

it('a connection counts for the client that a proxy names, once it is known', () => {
  const { connections } = world(10)
  const place = { name: 'p', isIdle: true, isProven: false }
  connections.admit(place, '10.0.0.1', () => assert.fail())
  connections.move(place, '192.0.2.1')
  assert.deepEqual([connections.countOf('10.0.0.1'), connections.countOf('192.0.2.1')], [0, 1])
  connections.remove(place)
  assert.deepEqual([connections.size, connections.countOf('192.0.2.1')], [0, 0])
})
