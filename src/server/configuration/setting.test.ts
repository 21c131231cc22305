import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hostAndPort, listenAddress } from './address.ts'
import { nearestName } from './nearest-name.ts'
import { networks } from './networks.ts'
import { settings } from './schema.ts'
import { choice, environmentName, integer, text, type Setting } from './setting.ts'

const WORDS = { group: 'Limits', option: 'some-thing', doc: 'What it is.' } as const

function parses<T>(
  setting: Setting<T>,
  taken: readonly (readonly [text: string, value: T])[],
  refused: readonly string[],
) {
  for (const [word, value] of taken) assert.deepEqual(setting.parse(word), value, word)
  for (const word of refused) assert.equal(setting.parse(word), undefined, word)
}

describe('a setting', () => {
  it('that is a number takes whole ones between its bounds, both inclusive, in digits', () => {
    const number = integer({ ...WORDS, min: 2, max: 30, default: 5 })
    parses(
      number,
      [
        ['2', 2],
        ['30', 30],
        ['007', 7],
      ],
      ['1', '31', '', '-2', '2.0', '1e1', ' 2', '2 ', '0x3', 'two'],
    )
    assert.deepEqual(
      [number.allowed, number.default, number.defaultText, number.placeholder, number.isSecret],
      ['a whole number from 2 to 30', 5, '5', 'N', false],
    )
    const none = integer({ ...WORDS, min: 0, max: 1, default: null, defaultText: 'any' })
    assert.deepEqual([none.default, none.defaultText], [null, 'any'])
    parses(
      integer({ ...WORDS, min: 0, max: 1e15, default: 0 }),
      [['999999999999999', 999999999999999]],
      ['1000000000000000'],
    )
  })

  it('that is a text takes what fits its pattern, and nothing empty', () => {
    parses(
      text({ ...WORDS, placeholder: 'X', default: null }),
      [
        ['a', 'a'],
        [' ', ' '],
      ],
      [''],
    )
    const patterned = text({
      ...WORDS,
      placeholder: 'X',
      default: 'ab',
      pattern: /^ab*$/,
      allowed: 'an a and b',
      isSecret: true,
    })
    parses(
      patterned,
      [
        ['a', 'a'],
        ['abb', 'abb'],
      ],
      ['', 'b', 'ba'],
    )
    assert.deepEqual(
      [patterned.defaultText, patterned.allowed, patterned.isSecret],
      ['ab', 'an a and b', true],
    )
    const plain = text({ ...WORDS, placeholder: 'X', default: null })
    assert.deepEqual(
      [plain.defaultText, plain.allowed, plain.isSecret],
      ['none', 'a text that is not empty', false],
    )
  })

  it('that is a choice takes its words alone', () => {
    const chosen = choice({ ...WORDS, choices: ['yes', 'no'], default: 'no' })
    parses(
      chosen,
      [
        ['yes', 'yes'],
        ['no', 'no'],
      ],
      ['', 'Yes', 'ye', 'yes '],
    )
    assert.deepEqual(
      [chosen.allowed, chosen.placeholder, chosen.choices, chosen.isSecret],
      ['one of yes, no', 'yes|no', ['yes', 'no'], false],
    )
    assert.equal(choice({ ...WORDS, choices: ['a'], default: 'a', placeholder: 'A' }).placeholder, 'A')
    assert.equal(environmentName('tls-cert-file'), 'LUGSAIL_TLS_CERT_FILE')
  })

  it('that is an address takes a host and a port, IPv6 in brackets', () => {
    const address = listenAddress({ option: 'listen', doc: '', default: { host: '::1', port: 1 } })
    parses(
      address,
      [
        ['127.0.0.1:9400', { host: '127.0.0.1', port: 9_400 }],
        ['[::1]:0', { host: '::1', port: 0 }],
        ['my-host.example:65535', { host: 'my-host.example', port: 65_535 }],
      ],
      ['', ':1', 'a', 'a:', '::1:1', 'a:65536', 'a:123456', 'a b:1', '[::1]', '[x]:1', 'a:1x'],
    )
    assert.equal(address.defaultText, '[::1]:1')
    assert.equal(hostAndPort({ host: 'a', port: 1 }), 'a:1')
  })

  it('that lists networks takes addresses and prefixes of both families', () => {
    const list = networks({ group: 'Listening', option: 'trusted-proxies', doc: '' })
    const v4 = (address: string, prefixLength = 32) => ({ address, prefixLength, family: 'ipv4' as const })
    const v6 = (address: string, prefixLength = 128) => ({ address, prefixLength, family: 'ipv6' as const })
    parses(
      list,
      [
        ['10.0.0.0/8', [v4('10.0.0.0', 8)]],
        ['192.0.2.7', [v4('192.0.2.7')]],
        ['192.0.2.7/32', [v4('192.0.2.7')]],
        ['192.0.2.7/0', [v4('192.0.2.7', 0)]],
        ['fd00::/8 , ::1,10.1.2.3', [v6('fd00::', 8), v6('::1'), v4('10.1.2.3')]],
        ['::/128', [v6('::')]],
      ],
      [
        '',
        'a',
        '10.0.0.0/33',
        '::/129',
        '10.0.0.0/',
        '10.0.0.0/-1',
        '10.0.0.0/8/8',
        'fe80::1%eth0',
        '10.0.0.0/8,',
        '1.2.3/8',
        '::/1234',
      ],
    )
    assert.deepEqual(list.default, [])
  })

  it('is one of a schema whose defaults its own texts give, and none of whose names and options is there twice', () => {
    const all = Object.values(settings) as Setting<unknown>[]
    assert.equal(new Set(all.map(({ option }) => option)).size, all.length)
    for (const { option, parse, default: value, defaultText, isSecret, choices } of all) {
      assert.match(option, /^[a-z][a-z0-9-]*$/)
      assert.equal(parse(''), undefined, option)
      if (value !== null && !isSecret && typeof value !== 'object')
        assert.deepEqual(parse(defaultText), value, option)
      for (const word of choices ?? []) assert.equal(parse(word), word, option)
    }
  })

  it('that names a place takes a folder or an S3 URL, and no other scheme', () => {
    for (const setting of [settings.backup, settings.mirror])
      for (const [word, isTaken] of [
        ['/srv/backup', true],
        ['backup', true],
        ['s3://bucket/prefix', true],
        ['s3://', false],
        ['s3:bucket', false],
        ['file:/srv', false],
        ['ftp://host/a', false],
        ['C:/x', true],
      ] as const)
        assert.equal(setting.parse(word), isTaken ? word : undefined, word)
    for (const [setting, taken, refused] of [
      [settings.accountId, ['123456789012'], ['12345678901', '1234567890123', '12345678901a']],
      [settings.rootAccessKeyId, ['abc', 'A_9'.repeat(42)], ['ab', 'a'.repeat(129), 'a-b', 'a b']],
      [settings.rootSecretAccessKey, ['!~a', '/'.repeat(128)], ['ab', 'a b', 'a'.repeat(129), 'äöü']],
      [
        settings.clock,
        ['2030-01-31', '2030-01-31T12:00Z', '2030-01-31T12:00:00.123Z'],
        ['2030-1-31', '2030-01-31T12:00', 'soon', '2030-01-31T12:00:00.1234Z'],
      ],
    ] as const) {
      for (const word of taken) assert.equal(setting.parse(word), word)
      for (const word of refused) assert.equal(setting.parse(word), undefined, word)
    }
  })
})

describe('nearestName', () => {
  const known = ['metadata', 'metrics', 'mirror', 'listen', 'a']

  it('is what a name was probably meant to be, and none where nothing is near', () => {
    for (const [typed, meant] of [
      ['metadata', 'metadata'],
      ['metdata', 'metadata'],
      ['metaddata', 'metadata'],
      ['mtadaat', undefined],
      ['metrisc', 'metrics'],
      ['lisetn', 'listen'],
      ['listn', 'listen'],
      ['mirrorr', 'mirror'],
      ['marror', 'mirror'],
      ['xyz', undefined],
      ['', undefined],
      ['b', undefined],
      ['ab', undefined],
    ] as const)
      assert.equal(nearestName(typed, known), meant, typed)
  })

  it('is the first of those that are as near', () => {
    assert.equal(nearestName('aXc', ['abc', 'adc']), 'abc')
    assert.equal(nearestName('adc', ['abc', 'adc']), 'adc')
    assert.equal(nearestName('abc', []), undefined)
  })
})
