import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { CommandLab, members } from '../../../test/command-lab.ts'
import { listAccounts } from '../../service/accounts/read-accounts.ts'
import { isDomainError } from '../../service/errors/domain-error.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { listKeptKeys } from '../store/credentials-file.ts'
import { account } from './account.ts'
import { NotShown } from './output.ts'

const HOUR_MS = 3_600_000

interface ShownKey {
  readonly account: { readonly accountId: string; readonly name: string; readonly accessKeyId: string }
  readonly secretAccessKey: string
}

describe('lugsail account', () => {
  const lab = new CommandLab()
  after(() => lab.dispose())
  const run = (...args: readonly string[]) => lab.run(account, ...args)
  const credentials = join(lab.data, 'credentials')
  const create = async (...args: readonly string[]): Promise<ShownKey> => {
    const { code, out } = await run('create', ...args, '--output', 'json')
    assert.equal(code, 0)
    return JSON.parse(out) as ShownKey
  }
  const kept = () => listKeptKeys(credentials).map(({ section, accessKeyId }) => `${section} ${accessKeyId}`)

  it('needs a store that is there, and takes nothing that it does not understand', async () => {
    await assert.rejects(run('list'), /there is no store in .*yet/)
    await lab.onStore(async () => undefined)
    for (const [args, message] of [
      [[], /expected a command and a name\n\nUsage:/],
      [['create'], /expected a command and a name/],
      [['sing', 'a'], /no such command: sing\n\nUsage:/],
      [['list', 'a'], /no such command: list/],
      [['create', 'a', 'b'], /unexpected argument "b"/],
      [['rotate', 'a', 'AKIA'], /unexpected argument "AKIA"/],
      [['delete', 'a', 'b', '--yes'], /unexpected argument "b"/],
      [['retire-key', 'a', 'AKIA', 'c'], /unexpected argument "c"/],
      [['create', 'a', '--output', 'xml'], /expected text or json/],
      [['create', 'a', '--save=maybe'], /--save: expected yes or no, got "maybe"/],
      [['delete', 'a', '--yes=1'], /--yes: expected yes or no/],
      [['list', '--metadata', 'memory:'], /no command can reach it/],
    ] as const)
      await assert.rejects(
        run(...args),
        (error) => error instanceof ConfigurationError && message.test(error.message),
        args.join(' '),
      )
    for (const time of ['1', '1y', 'h', '-1h', '400d', '9000h', '1.5h', ''])
      await assert.rejects(
        run('rotate', 'a', '--retire-in', time),
        /--retire-in: expected 0 or a time of up to \d+d, as 90m, 24h or 7d, got /,
        time,
      )
    for (const word of ['help', '--help', '-h']) {
      const { code, out } = await run('create', word)
      assert.deepEqual([code, /^Usage: lugsail account create NAME/.test(out)], [0, true])
    }
    assert.deepEqual((await run('list', '--output', 'json')).out, '{\n    "accounts": []\n}\n')
  })

  it('makes an account, shows its key pair, and keeps that where it is told to', async () => {
    const { code, out } = await run('create', 'shown')
    assert.equal(code, 0)
    const shown = members(out)
    assert.match(shown['Account'] ?? '', /^\d{12} \(shown\)$/)
    assert.match(shown['Access key ID'] ?? '', /^AKIA/)
    assert.match(shown['Secret access key'] ?? '', /^\S{40}$/)
    const saved = await create('saved', '--save')
    assert.deepEqual(kept(), [`saved ${saved.account.accessKeyId}`])
    const text = readFileSync(credentials, 'utf8')
    assert.ok(text.includes(`aws_secret_access_key = ${saved.secretAccessKey}\n`))
    assert.match(text, /^region = us-east-1$/m)
    assert.match(text, /^endpoint_url = http:\/\/127\.0\.0\.1:9400$/m)
    const [first, second] = lab.audited(2)
    assert.deepEqual(
      [first?.['operation'], first?.['details'], first?.['outcome'], first?.['source']],
      [
        'account create',
        {
          name: 'shown',
          accountId: (shown['Account'] ?? '').slice(0, 12),
          accessKeyId: shown['Access key ID'],
        },
        'succeeded',
        'command',
      ],
    )
    assert.deepEqual(second?.['details'], {
      name: 'saved',
      accountId: saved.account.accountId,
      accessKeyId: saved.account.accessKeyId,
    })
    assert.doesNotMatch(
      JSON.stringify(lab.audited(2)),
      new RegExp(saved.secretAccessKey.replace(/[+/]/g, '.')),
    )
  })

  it('lists the accounts with their keys and when they were made', async () => {
    const { out } = await run('list')
    const [headings, ...rows] = out.trimEnd().split('\n')
    assert.match(headings ?? '', /^ACCOUNT +NAME +ACCESS KEY ID +CREATED$/)
    assert.equal(rows.length, 2)
    assert.match(rows[0] ?? '', /^\d{12} +(?:shown|saved) +AKIA\w+ +2030-01-01T00:00:00Z$/)
    const { accounts } = JSON.parse((await run('list', '--output', 'json')).out) as {
      accounts: Record<string, string>[]
    }
    assert.deepEqual(Object.keys(accounts[0] ?? {}), [
      'accountId',
      'name',
      'canonicalUserId',
      'accessKeyId',
      'createdAt',
    ])
  })

  it('keeps no account whose key pair nobody could read, and no new key pair either', async () => {
    await assert.rejects(
      lab.runUnread(account, 'create', 'unread'),
      (error) =>
        error instanceof NotShown &&
        /EPIPE.*so the account unread has been deleted again/.test(error.message),
    )
    assert.equal(lab.audited(1)[0]?.['outcome'], 'failed')
    const before = await lab.onStore(({ context }) => listAccounts(context))
    assert.ok(!before.some(({ name }) => name === 'unread'))
    await assert.rejects(
      lab.runUnread(account, 'rotate', 'shown'),
      (error) => error instanceof NotShown && /so the old key pair stays/.test(error.message),
    )
    assert.deepEqual(await lab.onStore(({ context }) => listAccounts(context)), before)
  })

  it('rotates a key pair: the old one stops at once or retires, and the files that have it follow', async () => {
    const made = await create('turning', '--save')
    const { out } = await run('rotate', 'turning', '--retire-in', '2h', '--output', 'json')
    const rotated = JSON.parse(out) as ShownKey
    assert.notEqual(rotated.account.accessKeyId, made.account.accessKeyId)
    assert.ok(kept().includes(`turning ${rotated.account.accessKeyId}`))
    assert.ok(!('retiringKey' in rotated.account), 'what is shown is the new pair alone')
    assert.deepEqual(lab.audited(1)[0]?.['details'], {
      name: 'turning',
      accountId: made.account.accountId,
      accessKeyId: rotated.account.accessKeyId,
    })
    const list = await run('list')
    assert.match(list.out, /RETIRING KEY\n/)
    assert.match(list.out, new RegExp(`${made.account.accessKeyId} until 2030-01-01T02:00:00Z`))
    assert.match(
      (await run('list', '--output', 'json')).out,
      new RegExp(
        `"retiringKey": \\{\\s+"accessKeyId": "${made.account.accessKeyId}",\\s+"until": "2030-01-01T02`,
      ),
    )
    lab.clock.advance(2 * HOUR_MS)
    assert.doesNotMatch((await run('list')).out, /until/)
    // At once, and without a file that has it.
    await run('rotate', 'shown')
    assert.doesNotMatch((await run('list')).out, /until/)
    assert.ok(!kept().some((line) => line.startsWith('shown ')))
    await run('rotate', 'shown', '--save')
    assert.ok(kept().some((line) => line.startsWith('shown ')))
  })

  it('takes each unit of time up to a week or what is the most', async () => {
    for (const time of ['0', '1s', '1m', '1h', '1d', '7d', '1w', '168h']) {
      const { code } = await run('rotate', 'turning', '--retire-in', time)
      const { out } = await run('list', '--output', 'json')
      const until = /"until": "(.*)"/.exec(out)?.[1]
      const unit =
        { s: 1_000, m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS, w: 7 * 24 * HOUR_MS }[time.at(-1) ?? ''] ?? 0
      const expected = lab.clock.now() + parseInt(time, 10) * unit
      assert.deepEqual([code, until && Date.parse(until)], [0, unit === 0 ? undefined : expected], time)
    }
  })

  it('ends the retiring key pair, or the new one where its id is given', async () => {
    const made = await create('undone')
    const { out } = await run('rotate', 'undone', '--retire-in', '1d', '--output', 'json')
    const next = (JSON.parse(out) as ShownKey).account.accessKeyId
    assert.equal((await run('retire-key', 'undone', next)).code, 0)
    assert.equal(lab.audited(1)[0]?.['operation'], 'account retire-key')
    assert.deepEqual(lab.audited(1)[0]?.['details'], {
      name: 'undone',
      accountId: made.account.accountId,
      accessKeyId: next,
    })
    await assert.rejects(run('retire-key', 'undone'), (error) => isDomainError(error, 'LastRootKey'))
    await run('rotate', 'undone', '--retire-in', '1d')
    assert.equal((await run('retire-key', 'undone')).code, 0)
    assert.deepEqual(lab.audited(1)[0]?.['details'], {
      name: 'undone',
      accountId: made.account.accountId,
      accessKeyId: made.account.accessKeyId,
    })
  })

  it('keeps no key pair in a section that has the keys of another store', async () => {
    const text = readFileSync(credentials, 'utf8')
    writeFileSync(
      credentials,
      `${text}\n[foreign]\naws_access_key_id = AKIAFOREIGN\nlugsail_store = another\n`,
    )
    for (const args of [
      ['create', 'foreign', '--save'],
      ['rotate', 'foreign', '--save'],
    ]) {
      if (args[0] === 'rotate') await run('create', 'foreign')
      await assert.rejects(run(...args), /--save: \[foreign\] in .* has the key of another store/)
    }
    assert.ok(kept().includes('foreign AKIAFOREIGN'))
  })

  it('deletes an account, and takes its keys out of the files that have them', async () => {
    const made = await create('gone', '--save')
    const aws = join(lab.root, '.aws')
    mkdirSync(aws)
    writeFileSync(
      join(aws, 'credentials'),
      `[mine]\naws_access_key_id = ${made.account.accessKeyId}\n[other]\naws_access_key_id = AKIAOTHER\n`,
    )
    writeFileSync(
      join(aws, 'config'),
      '[profile mine]\nregion = us-east-1\n[profile other]\nregion = eu-west-1\n',
    )
    const { code, err } = await run('delete', 'gone', '--yes')
    assert.equal(code, 0)
    assert.equal(
      err,
      [`${credentials} [gone]`, `${join(aws, 'credentials')} [mine]`, `${join(aws, 'config')} [profile mine]`]
        .map((place) => `Its key was taken out of ${place}.\n`)
        .join(''),
    )
    assert.match(readFileSync(join(aws, 'credentials'), 'utf8'), /^\[other\]/m)
    assert.doesNotMatch(readFileSync(join(aws, 'config'), 'utf8'), /profile mine/)
    assert.deepEqual(
      [lab.audited(1)[0]?.['operation'], lab.audited(1)[0]?.['details']],
      ['account delete', { name: 'gone', accountId: made.account.accountId }],
    )
    await assert.rejects(run('delete', 'gone', '--yes'), (error) => isDomainError(error, 'NoSuchAccount'))
  })

  it('forgets the retiring key of a deleted account as well', async () => {
    const made = await create('both')
    await run('rotate', 'both', '--retire-in', '1d')
    writeFileSync(
      join(lab.root, '.aws', 'credentials'),
      `[old]\naws_access_key_id = ${made.account.accessKeyId}\n`,
    )
    assert.match((await run('delete', 'both', '--yes')).err, /\[old\]/)
  })
})
