import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mutantsOf, plant } from './mutants.ts'

/** What the source becomes with each fault. */
const faultsIn = (source: string): string[] =>
  mutantsOf('src/example.ts', source).map((mutant) => plant(source, mutant))

describe('a planted fault', () => {
  const FAULTS: readonly (readonly [source: string, ...faults: string[]])[] = [
    ['f(a === b)', ';', 'f(a !== b)'],
    ['x = a < b', ';', 'x = a <= b', 'x = a >= b'],
    ['x = a >= b', ';', 'x = a > b', 'x = a < b'],
    ['x = a && b', ';', 'x = a || b'],
    ['x = a ?? b', ';', 'x = a'],
    ['x = !a', ';', 'x = (a)'],
    ['x = a?.b', ';', 'x = a.b'],
    ['x = a?.[b]', ';', 'x = a[b]'],
    ['x = a + b', ';', 'x = a - b'],
    ['x = 7', ';', 'x = (7 + 1)'],
    ["x = 'a'", ';', "x = ''"],
    ["x = ''", ';', "x = 'mutant'"],
    ['x = [a]', ';', 'x = []'],
    ['x = { a }', ';', 'x = {}'],
    ['x = true', ';', 'x = false'],
    ['if (a) b()', 'if (true) b()', 'if (false) b()', 'if (a) ;'],
    [
      'if (a) return\nb()',
      'if (true) return\nb()',
      'if (false) return\nb()',
      'if (a) ;\nb()',
      'if (a) return\n;',
    ],
    ['if (a) throw b', 'if (true) throw b', 'if (false) throw b', 'if (a) ;'],
    ['const x = a ? -1 : 1', 'const x = true ? -1 : 1', 'const x = false ? -1 : 1'],
    [
      "const x = { doc: 'of words', kind: 'of words' }",
      'const x = {}',
      "const x = { doc: 'of words', kind: '' }",
    ],
    ['const x = a ? b : c', 'const x = true ? b : c', 'const x = false ? b : c'],
    ['await a()', ';'],
    ['const A_MS = 30_000'],
    ['const A_BYTES = 16 * 1024', 'const A_BYTES = 16 / 1024'],
    ['const A_BYTES_MAX = 7', 'const A_BYTES_MAX = (7 + 1)'],
  ]
  for (const [source, ...faults] of FAULTS)
    it(`in ${JSON.stringify(source)} is one of ${faults.length}`, () =>
      assert.deepEqual(faultsIn(source), faults))

  it('is never in types, imports, log lines, words of errors and of help, and what is asserted of the program', () => {
    const source = [
      "import { a } from './a.ts'",
      "export { b } from './b.ts'",
      "interface C { readonly d: 'e' | 7 }",
      "type F = { g: 'h' }",
      "log.info('i', { j: 1 })",
      "this.#log.warn('i', { j: 1 })",
      'const k: 7 = l',
      "const m = new S3Error(n, 'some words')",
      'const o = new S3Error(n, `some words of ${p}`)',
      "assert(q === 1, 'some words')",
    ].join('\n')
    assert.deepEqual(faultsIn(source), [])
  })

  it('says where it is and what changed', () => {
    const [, mutant] = mutantsOf('src/example.ts', 'a()\n  if (b === c) d()\n')
    assert.deepEqual([mutant?.line, mutant?.code, mutant?.change], [2, 'if (b === c) d()', 'b === c → true'])
  })
})
