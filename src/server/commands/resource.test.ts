import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { CommandLab, members } from '../../../test/command-lab.ts'
import { createAccount } from '../../service/accounts/create-account.ts'
import { isDomainError } from '../../service/errors/domain-error.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { NotShown } from './output.ts'
import { resource } from './resource.ts'

describe('lugsail resource', () => {
  const lab = new CommandLab()
  after(() => lab.dispose())
  const run = (...args: readonly string[]) => lab.run(resource, ...args)
  const names = async (...args: readonly string[]): Promise<string[]> => {
    const { resources } = JSON.parse((await run('list', '--output', 'json', ...args)).out) as {
      resources: { name: string }[]
    }
    return resources.map(({ name }) => name)
  }

  it('takes nothing that it does not understand', async () => {
    await lab.onStore(async ({ context }) => {
      await createAccount(context, 'default')
      await createAccount(context, 'team')
    })
    for (const args of [[], ['add'], ['delete'], ['list', 'a'], ['sing', 'a']])
      await assert.rejects(
        run(...args),
        (error) =>
          error instanceof ConfigurationError &&
          /^expected add NAME, list or delete NAME\n\nUsage:/.test(error.message),
        args.join(' '),
      )
    await assert.rejects(run('add', 'a', 'b'), /unexpected argument "b"/)
    await assert.rejects(run('list', '--output', 'xml'), /expected text or json/)
    const { code, out } = await run('help')
    assert.deepEqual([code, /^Usage: lugsail resource add NAME/.test(out)], [0, true])
    await assert.rejects(run('list', '--account', 'nobody'), (error) => isDomainError(error, 'NoSuchAccount'))
  })

  it('makes a resource of an account, shows its key, lists it and forgets it', async () => {
    const { code, out } = await run('add', 'web-1')
    const shown = members(out)
    assert.equal(code, 0)
    assert.match(shown['Resource'] ?? '', /^web-1 \(.+, us-east-1\)$/)
    assert.match(shown['Secret access key'] ?? '', /^\S{40}$/)
    const added = JSON.parse(
      (await run('add', 'web-2', '--account', 'team', '--region', 'eu-west-1', '--output', 'json')).out,
    ) as { resource: Record<string, string>; secretAccessKey: string }
    assert.deepEqual(Object.keys(added.resource), ['name', 'region', 'resourceType', 'accessKeyId'])
    assert.deepEqual([added.resource['name'], added.resource['region']], ['web-2', 'eu-west-1'])
    assert.match(added.secretAccessKey, /^\S{40}$/)
    const details = lab.audited(1)[0]?.['details'] as Record<string, string>
    assert.deepEqual(
      [
        lab.audited(1)[0]?.['operation'],
        details['name'],
        details['accessKeyId'],
        /^\d{12}$/.test(details['accountId'] ?? ''),
      ],
      ['resource add', 'web-2', added.resource['accessKeyId'], true],
    )
    assert.deepEqual([await names(), await names('--account', 'team')], [['web-1'], ['web-2']])
    const table = (await run('list')).out.split('\n')
    assert.match(table[0] ?? '', /^NAME +REGION +TYPE +ACCESS KEY ID +CREATED$/)
    assert.match(
      table[1] ?? '',
      new RegExp(`^web-1 +us-east-1 +\\w+ +${shown['Access key ID']} +2030-01-01T00:00:00Z$`),
    )
    const listed = JSON.parse((await run('list', '--output', 'json')).out) as { resources: object[] }
    assert.deepEqual(Object.keys(listed.resources[0] ?? {}), [
      'name',
      'region',
      'resourceType',
      'accessKeyId',
      'createdAt',
    ])
    assert.equal((await run('delete', 'web-1')).code, 0)
    assert.equal(lab.audited(1)[0]?.['operation'], 'resource delete')
    assert.deepEqual([await names(), await names('--account', 'team')], [[], ['web-2']])
  })

  it('forgets a resource whose key nobody could read', async () => {
    await assert.rejects(
      lab.runUnread(resource, 'add', 'unread'),
      (error) =>
        error instanceof NotShown && /the resource unread has been forgotten again/.test(error.message),
    )
    assert.deepEqual(await names(), [])
  })
})
