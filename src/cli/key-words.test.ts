import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { expandKeyWords, readPastInstant, secondsOf } from './key-words.ts'
import { UsageError } from './usage-error.ts'

const NOW = Date.UTC(2030, 0, 31)
const MINTED = `AKIA${'A2'.repeat(8)}`

/** The command line that another one stands for, its error, or null. */
function expanded(line: string): string | null {
  try {
    return expandKeyWords(line.split(' ').filter(Boolean), NOW)?.join(' ') ?? null
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return error.message
  }
}

describe('the words behind key and role', () => {
  const table: readonly (readonly [line: string, stands: string | null])[] = [
    ['', null],
    ['get-buckets', null],
    ['key', null],
    ['key help', null],
    ['key --help', null],
    ['role', null],
    ['toString create', null],
    ['key create app --rights read', 'create-access-key --name app --rights read'],
    ['key create', 'create-access-key'],
    ['key create --name app', 'create-access-key --name app'],
    ['key create help', 'create-access-key help'],
    ['key list', 'get-access-keys'],
    ['key list --status Active', 'get-access-keys --status Active'],
    ['key list app', 'get-access-keys app'],
    ['key show app', 'get-access-keys --name app'],
    [`key show ${MINTED}`, `get-access-keys --access-key-id ${MINTED}`],
    ['key show AKIAAAAA', 'get-access-keys --name AKIAAAAA'],
    ['key update app --tags a', 'update-access-key --name app --tags a'],
    [`key update ${MINTED}`, `update-access-key --name ${MINTED}`],
    ['key off app', 'update-access-key --name app --status Inactive'],
    ['key on app', 'update-access-key --name app --status Active'],
    ['key off', 'update-access-key --status Inactive'],
    ['key off help', 'update-access-key help'],
    ['key who app', 'get-access-key-use --name app'],
    [`key who ${MINTED}`, `get-access-key-use --access-key-id ${MINTED}`],
    ['key rotate app', 'rotate-access-key --name app'],
    ['key revoke app --since 7d', 'revoke app --since 7d'],
    ['--region a key revoke app', '--region a revoke app'],
    ['key delete app', 'delete-access-key --name app'],
    ['key import app', 'import-access-key --name app'],
    ['role create app', 'create-role --name app'],
    ['role list', 'get-roles'],
    ['role show app', 'get-roles --name app'],
    ['role update app', 'update-role --name app'],
    ['role off app', 'update-role --name app --status Inactive'],
    ['role on app', 'update-role --name app --status Active'],
    ['role revoke app', 'update-role --name app --ends-sessions'],
    ['role delete app', 'delete-role --name app'],
    // Global options and their values stand before the word.
    ['--debug --region key key create app', '--debug --region key create-access-key --name app'],
    ['--region=a key create app', '--region=a create-access-key --name app'],
    ['--unknown key create app', '--unknown create-access-key --name app'],
    // Times.
    ['key create app --expires-in 90d', 'create-access-key --name app --expires-in-seconds 7776000'],
    ['key rotate app --retire-in 12h', 'rotate-access-key --name app --retire-in-seconds 43200'],
    ['key rotate app --retire-when-idle 30m', 'rotate-access-key --name app --retire-when-idle-seconds 1800'],
    ['key create --expires-in 1w --name app', 'create-access-key --expires-in-seconds 604800 --name app'],
    ['key who app --since 30d', 'get-access-key-use --name app --since 2030-01-01T00:00:00.000Z'],
    ['key who app --since 2030-01-02', 'get-access-key-use --name app --since 2030-01-02'],
    ['key create app --expires-in soon', 'key: --expires-in: expected a time as 90d, 12h or 30m, got "soon"'],
    ['key create app --expires-in', 'key: --expires-in: expected a time as 90d, 12h or 30m, got ""'],
    ['role revoke', 'update-role --ends-sessions'],
    [
      'key make app',
      'key: expected create, list, show, update, off, on, who, rotate, revoke, delete, import or help, got "make"',
    ],
    ['role who app', 'role: expected create, list, show, update, off, on, revoke, delete or help, got "who"'],
    [
      'key toString',
      'key: expected create, list, show, update, off, on, who, rotate, revoke, delete, import or help, got "toString"',
    ],
  ]
  for (const [line, stands] of table)
    it(`${line || 'that are not there'}: ${String(stands)}`, () => assert.equal(expanded(line), stands))
})

describe('a time that is typed', () => {
  it('is so many seconds', () => {
    assert.deepEqual(
      ['1s', '2m', '3h', '4d', '5w', '0s', '999999999s'].map((text) => secondsOf('--x', text)),
      [1, 120, 10_800, 345_600, 3_024_000, 0, 999_999_999],
    )
    for (const text of ['', '1', 's', '1y', '-1d', '1.5h', ' 1d', '1d ', '1234567890s'])
      assert.throws(() => secondsOf('--x', text), UsageError, text)
    assert.throws(() => secondsOf('--x', 'y'.repeat(200)), {
      message: `--x: expected a time as 90d, 12h or 30m, got "${'y'.repeat(100)}"`,
    })
  })

  it('in the past is an instant, or what passed since', () => {
    assert.equal(readPastInstant('--since', '30d', NOW), Date.UTC(2030, 0, 1))
    assert.equal(readPastInstant('--since', '2030-01-31', NOW), Date.UTC(2030, 0, 31))
    assert.throws(() => readPastInstant('--since', 'x'.repeat(200), NOW), {
      message: `--since: expected a time as 30d, or a date as 2030-01-31, got "${'x'.repeat(100)}"`,
    })
  })
})
