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

describe('a connection of a proxy', () => {
  const PROXY = '10.0.0.1'

  it('counts for the client whose request is under way on it, and else for the proxy', () => {
    const { connections } = world(10)
    const place = { name: 'p', isIdle: true, isProven: false }
    const counts = () => [connections.countOf(PROXY), connections.countOf('192.0.2.1')]
    connections.admit(place, PROXY, () => assert.fail(), true)
    assert.ok(connections.move(place, '192.0.2.1', () => assert.fail()))
    assert.deepEqual(counts(), [0, 1])
    connections.moveBack(place, PROXY)
    assert.deepEqual(counts(), [1, 0])
    connections.remove(place)
    connections.moveBack(place, PROXY)
    assert.deepEqual([connections.size, ...counts()], [0, 0, 0])
  })

  it('is one of any number, but each client has its own limit', () => {
    const { connections } = world(10, 2)
    const places = ['p1', 'p2', 'p3', 'p4'].map((name) => ({ name, isIdle: false, isProven: false }))
    for (const place of places) assert.ok(connections.admit(place, PROXY, () => assert.fail(), true))
    const began = places.map((place, at) =>
      connections.move(place, at < 3 ? '192.0.2.1' : '192.0.2.2', () => assert.fail()),
    )
    assert.deepEqual(began, [true, true, false, true])
    assert.deepEqual(
      [PROXY, '192.0.2.1', '192.0.2.2'].map((of) => connections.countOf(of)),
      [1, 2, 1],
    )
  })
})
