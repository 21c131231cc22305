import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readJson } from '../../client/json/read.ts'
import { Float, Instant } from '../../client/values.ts'
import { formatYaml } from './format.ts'
import { readYaml } from './read.ts'
import { yamlInputSkeleton } from './skeleton.ts'

describe('an output as YAML', () => {
  for (const [json, yaml] of [
    ['{}', ''],
    ['[]', '[]\n'],
    ['{"b": 1, "a": "x"}', 'a: x\nb: 1\n'],
    ['{"f": 5.0, "g": 1.5, "h": 0.0, "i": 0}', 'f: 5.0\ng: 1.5\nh: 0.0\ni: 0\n'],
    [
      '{"t": "yes", "u": "on", "v": "2030-01-31", "w": "5", "x": ""}',
      "t: 'yes'\nu: 'on'\nv: '2030-01-31'\nw: '5'\nx: ''\n",
    ],
    [
      '{"l": [{"k": "a", "j": [1, 2]}, []], "n": null, "b": true}',
      "b: true\nl:\n- j:\n  - 1\n  - 2\n  k: a\n- []\n'n': null\n",
    ],
    ['["a", {"b": {"c": "d"}}]', '- a\n- b:\n    c: d\n'],
    [`{"long": "${'word '.repeat(40)}end"}`, `long: ${'word '.repeat(40)}end\n`],
    // Beyond U+FFFF the order is that of code points.
    ['{"\\ud83d\\ude00": 1, "\\uffee": 2}', '\uffee: 2\n\u{1f600}: 1\n'],
    ['"text"', '"text"\n'],
    ['5.0', '5.0\n'],
    ['null', 'null\n'],
  ] as const)
    it(`of ${json.slice(0, 60)}`, async () => assert.equal(await formatYaml(readJson(json), 'yaml'), yaml))

  it('shows a time as it stands in samples', async () =>
    assert.equal(
      await formatYaml(new Map([['at', new Instant('1970-01-01T00:00:00')]]), 'yaml'),
      "at: '1970-01-01T00:00:00'\n",
    ))

  it('has in a stream each page as an element of a list', async () => {
    assert.equal(await formatYaml(readJson('{"a": [1]}'), 'yaml-stream'), '- a:\n  - 1\n')
    assert.equal(await formatYaml(readJson('"x"'), 'yaml-stream'), '- x\n')
    assert.equal(await formatYaml(new Map(), 'yaml-stream'), '')
  })
})

describe('parameters in YAML', () => {
  it('are texts, numbers with and without a fraction, lists and objects', async () => {
    assert.deepEqual(
      await readYaml(
        'a: on\nb: [1, 2.5, 9007199254740993]\nc: {d: "5", 7: x}\ne: true\nf: ~\ng: 2030-01-31\nh: yes\n',
      ),
      new Map<string, unknown>([
        ['a', 'on'],
        ['b', [1, new Float(2.5), 9_007_199_254_740_993n]],
        [
          'c',
          new Map([
            ['d', '5'],
            ['7', 'x'],
          ]),
        ],
        ['e', true],
        ['f', null],
        ['g', '2030-01-31'],
        ['h', 'yes'],
      ]),
    )
    assert.equal(await readYaml('plain'), 'plain')
  })

  it('have dates as texts, also in a document whose version makes more of them', async () => {
    assert.deepEqual(
      await readYaml(
        '%YAML 1.1\n---\nday: 2030-01-31\nat: 2030-01-31T10:11:12Z\nhalf: 2030-01-31T10:11:12.5Z\n',
      ),
      new Map([
        ['day', '2030-01-31T00:00:00Z'],
        ['at', '2030-01-31T10:11:12Z'],
        ['half', '2030-01-31T10:11:12.500Z'],
      ]),
    )
  })

  it('may repeat themselves by aliases, within a bound', async () => {
    assert.deepEqual(
      await readYaml('a: &x [1]\nb: *x\n'),
      new Map([
        ['a', [1]],
        ['b', [1]],
      ]),
    )
    const bomb = Array.from(
      { length: 8 },
      (_, at) =>
        `k${at}: &k${at} [${at === 0 ? '1' : Array.from({ length: 9 }, () => `*k${at - 1}`).join(', ')}]`,
    ).join('\n')
    await assert.rejects(readYaml(bomb), /alias/)
    await assert.rejects(readYaml('a: [1'), /line 1, column \d+/)
  })
})

describe('an input to be filled in', () => {
  it('has each member of the operation, with what it means behind it', async () => {
    const lines = (await yamlInputSkeleton('CreateBucket')).trimEnd().split('\n')
    assert.match(lines[0] ?? '', /^bucketName: '' # \[REQUIRED\] \S.*[^ ]$/)
    assert.match(lines[1] ?? '', /^bundleId: '' # \[REQUIRED\] /)
    assert.match(lines.find((line) => line.startsWith('tags:')) ?? '', /^tags: # (?!\[REQUIRED\])\S/)
    assert.ok(
      lines.some((line) => /^- key: '' # \S/.test(line)),
      lines.join('\n'),
    )
    assert.match(
      await yamlInputSkeleton('SetResourceAccessForBucket'),
      /^access: \S+ # \[REQUIRED\] .*Valid values are: allow, deny\.$/m,
    )
    assert.match(await yamlInputSkeleton('GetBucketMetricData'), /^startTime: \S+ # \[REQUIRED\] /m)
    await assert.rejects(yamlInputSkeleton('FlyToMoon'), TypeError)
  })
})
