import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SeededRandom } from '../../../../test/seeded-random.ts'
import { coverMuch, isNarrowRange } from './address-ranges.ts'

/** An address of IPv6 in every way to write it: whole, with each run of zeros left out, and with its end as IPv4 writes it. */
function spellings(groups: readonly number[]): string[] {
  const hex = groups.map((group) => group.toString(16))
  const mixed = (before: readonly string[]): string =>
    [
      ...before,
      groups
        .slice(6)
        .flatMap((group) => [group >> 8, group & 0xff])
        .join('.'),
    ].join(':')
  const found = [hex.join(':'), mixed(hex.slice(0, 6))]
  for (let from = 0; from < 8; from++)
    for (let to = from + 1; to <= 8 && groups[to - 1] === 0; to++) {
      found.push(`${hex.slice(0, from).join(':')}::${hex.slice(to).join(':')}`)
      if (to <= 6) found.push(`${hex.slice(0, from).join(':')}::${mixed(hex.slice(to, 6))}`)
    }
  return found
}

const network = (high: number, low: number): number[] => [high, low, 0, 0, 0, 0, 0, 0]

describe('isNarrowRange', () => {
  const table: readonly (readonly [text: string, expected: boolean])[] = [
    ['203.0.113.9', true],
    ['203.0.113.9/32', true],
    ['12.0.0.0/8', true],
    ['12.0.0.0/7', false],
    ['0.0.0.0/0', false],
    ['2001:db8::1', true],
    ['2001:db8::1/128', true],
    ['2001:db8::/32', true],
    ['2001:db8::/31', false],
    ['::/0', false],
    // What is mapped into IPv6 counts as IPv4.
    ['::ffff:12.0.0.0/104', true],
    ['::ffff:12.0.0.0/103', false],
    ['::ffff:0:0/96', false],
    ['::/32', false],
    ['::1:0:0:0/80', true],
  ]
  for (const [text, expected] of table)
    it(`is ${expected} for ${text}`, () => assert.equal(isNarrowRange(text), expected))
})

describe('coverMuch', () => {
  it('takes two neighbours for the range that they are together, however each is written', (t) => {
    const random = new SeededRandom()
    t.diagnostic(`LUGSAIL_TEST_SEED=${random.seed}`)
    for (let round = 0; round < 20; round++) {
      const [high, low] = [0x2000 + random.below(0x1000), 2 * random.below(0x7fff)]
      for (const first of spellings(network(high, low))) {
        assert.equal(coverMuch([`${first}/32`]), false, first)
        for (const second of spellings(network(high, low + 1)))
          assert.equal(coverMuch([`${second}/32`, `${first}/32`]), true, `${first} ${second}`)
        for (const apart of spellings(network(high, low + 2)))
          assert.equal(coverMuch([`${apart}/32`, `${first}/32`]), false, `${first} ${apart}`)
      }
    }
  })

  const slash8 = (count: number) => Array.from({ length: count }, (_, at) => `${2 * at + 20}.0.0.0/8`)
  const slash32 = (count: number) =>
    Array.from({ length: count }, (_, at) => `2001:${(2 * at).toString(16)}::/32`)
  const table: readonly (readonly [what: string, expected: boolean, ranges: readonly string[]])[] = [
    ['none', false, []],
    ['sixteen of the widest that are narrow', false, slash8(16)],
    ['seventeen of them', true, slash8(17)],
    ['sixteen of them, and one address more', true, [...slash8(16), '203.0.113.9']],
    ['sixteen of them, each named twice', false, [...slash8(16), ...slash8(16)]],
    ['sixteen of IPv6', false, slash32(16)],
    ['seventeen of IPv6', true, slash32(17)],
    ['sixteen of each family', false, [...slash8(16), ...slash32(16)]],
    [
      'sixteen, and all private networks',
      false,
      [...slash8(16), '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
    ],
    [
      'sixteen, and parts of private networks',
      false,
      [...slash8(16), '10.1.0.0/16', '172.31.0.0/16', '192.168.9.9'],
    ],
    ['sixteen, and what is beside a private network', true, [...slash8(16), '172.32.0.0/16']],
    ['sixteen, and what a private network is a part of', true, [...slash8(16), '192.168.0.0/15']],
    ['sixteen, and a private network as IPv6 writes it', false, [...slash8(16), '::ffff:10.0.0.0/104']],
    ['sixteen, and the first address of IPv4 as IPv6 writes it', true, [...slash8(16), '::ffff:0.0.0.0']],
    ['sixteen, and the last one', true, [...slash8(16), '::ffff:255.255.255.255']],
    ['sixteen, and the address of IPv6 before those', false, [...slash8(16), '::fffe:ffff:ffff']],
    ['sixteen, and the address of IPv6 behind those', false, [...slash8(16), '::1:0:0:0']],
    ['a range within another', false, ['12.0.0.0/8', '12.1.0.0/16', '12.255.255.255']],
    ['a range within another, and the next', true, ['12.0.0.0/8', '12.1.0.0/16', '13.0.0.0/8']],
    ['ranges with one address between them', false, ['12.0.0.0/8', '13.0.0.1/32']],
    ['ranges that touch', true, ['12.0.0.0/8', '13.0.0.0/32']],
    ['an address of IPv4 beside its neighbour as IPv6 writes it', true, ['12.0.0.0/8', '::ffff:13.0.0.0']],
    ['numbers that are neighbours in two families', false, ['255.255.255.255', '::1:0:0:0/80']],
  ]
  for (const [what, expected, ranges] of table)
    it(`is ${expected} for ${what}`, () => assert.equal(coverMuch(ranges), expected))
})
