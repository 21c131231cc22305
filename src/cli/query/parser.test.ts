import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { found, refusal } from '../../../test/cli/query-results.ts'

describe('an expression that cannot be read', () => {
  for (const [expression, ...lines] of [
    ['', 'Invalid JMESPath expression: cannot be empty.'],
    [
      'a b',
      'Unexpected token: b: Parse error at column 2, token "b" (UNQUOTED_IDENTIFIER), for expression:',
      '"a b"',
      '   ^',
    ],
    [
      'a.',
      "Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: eof: Parse error at column 2, token \"\" (EOF), for expression:",
      '"a."',
      '   ^',
    ],
    ['a ||', 'Invalid jmespath expression: Incomplete expression:', '"a ||"', '     ^'],
    [
      'a[*]!b',
      'syntax error: Parse error at column 4, token "!" (NOT), for expression:',
      '"a[*]!b"',
      '     ^',
    ],
    ['a[', 'Invalid jmespath expression: Incomplete expression:', '"a["', '   ^'],
    ['(a', 'Invalid jmespath expression: Incomplete expression:', '"(a"', '   ^'],
    ['[a', 'Invalid jmespath expression: Incomplete expression:', '"[a"', '   ^'],
    ['{a', 'Invalid jmespath expression: Incomplete expression:', '"{a"', '   ^'],
    ['{', 'Invalid jmespath expression: Incomplete expression:', '"{"', '  ^'],
    ['a =', "Bad jmespath expression: Unknown token '=':", 'a =', '  ^'],
    ['a-b', "Bad jmespath expression: Unknown token '-':", 'a-b', ' ^'],
    ['a#', 'Bad jmespath expression: Unknown token #:', 'a#', ' ^'],
    ['a😀', 'Bad jmespath expression: Unknown token 😀:', 'a😀', ' ^'],
    ["'a", "Bad jmespath expression: Unclosed ' delimiter:", "'a", '^'],
    ["a.'b\\'", "Bad jmespath expression: Unclosed ' delimiter:", "a.'b\\'", '  ^'],
    ['"a', 'Bad jmespath expression: Unclosed " delimiter:', '"a', '^'],
    ['`a', 'Bad jmespath expression: Unclosed ` delimiter:', '`a', '^'],
    ['`a"`', 'Bad jmespath expression: Bad token a":', '`a"`', '^'],
    ['a."\\x"', 'Bad jmespath expression: Invalid \\escape:', 'a."\\x"', '  ^'],
    [']', 'invalid token: Parse error at column 0, token "]" (RBRACKET), for expression:', '"]"', ' ^'],
    [
      'a == == b',
      'invalid token: Parse error at column 5, token "==" (EQ), for expression:',
      '"a == == b"',
      '      ^',
    ],
    [
      'a{b: c}',
      'invalid token: Parse error at column 1, token "{" (LBRACE), for expression:',
      '"a{b: c}"',
      '  ^',
    ],
    [
      'a.5',
      "Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: number: Parse error at column 2, token \"5\" (NUMBER), for expression:",
      '"a.5"',
      '   ^',
    ],
    [
      'a[b]',
      'Expecting: star, got: unquoted_identifier: Parse error at column 2, token "b" (UNQUOTED_IDENTIFIER), for expression:',
      '"a[b]"',
      '   ^',
    ],
    [
      'a[*.b',
      'Expecting: rbracket, got: dot: Parse error at column 3, token "." (DOT), for expression:',
      '"a[*.b"',
      '    ^',
    ],
    [
      '[1 2]',
      'Expecting: rbracket, got: number: Parse error at column 3, token "2" (NUMBER), for expression:',
      '"[1 2]"',
      '    ^',
    ],
    [
      '[a b]',
      'Expecting: comma, got: unquoted_identifier: Parse error at column 3, token "b" (UNQUOTED_IDENTIFIER), for expression:',
      '"[a b]"',
      '    ^',
    ],
    [
      '[1:2:3:4]',
      'syntax error: Parse error at column 6, token ":" (COLON), for expression:',
      '"[1:2:3:4]"',
      '       ^',
    ],
    [
      '[1:a]',
      'syntax error: Parse error at column 3, token "a" (UNQUOTED_IDENTIFIER), for expression:',
      '"[1:a]"',
      '    ^',
    ],
    [
      '{5: a}',
      "Expecting: ['quoted_identifier', 'unquoted_identifier'], got: number: Parse error at column 1, token \"5\" (NUMBER), for expression:",
      '"{5: a}"',
      '  ^',
    ],
    [
      '{a b}',
      'Expecting: colon, got: unquoted_identifier: Parse error at column 3, token "b" (UNQUOTED_IDENTIFIER), for expression:',
      '"{a b}"',
      '    ^',
    ],
    [
      '"a"(b)',
      'Quoted identifier not allowed for function names.: Parse error at column 0, token "(" (LPAREN), for expression:',
      '"\\"a\\"(b)"',
      ' ^',
    ],
    [
      "'a'(b)",
      'Invalid function name \'a\': Parse error at column 0, token "a" (LITERAL), for expression:',
      '"\'a\'(b)"',
      ' ^',
    ],
    [
      'a[*]b',
      'Unexpected token: b: Parse error at column 4, token "b" (UNQUOTED_IDENTIFIER), for expression:',
      '"a[*]b"',
      '     ^',
    ],
  ] as const)
    it(`${expression} is refused: ${lines[0]}`, () =>
      assert.equal(refusal(expression), lines.join('\n').replaceAll('\\"a\\"(b)', '"a"(b)')))

  it('may be nested two hundred deep, and no deeper', () => {
    const nested = (depth: number): string => `${'('.repeat(depth)}@${')'.repeat(depth)}`
    assert.equal(found(nested(199), '1'), '1')
    assert.match(refusal(nested(200)), /^nested too deeply: /)
    // What stands side by side is not nested.
    assert.equal(found(Array.from({ length: 300 }, () => '@').join(' || '), '1'), '1')
  })

  it('gives no expression as a value', () =>
    assert.equal(refusal('&a'), 'an expression after & can only be given to a function'))
})
