/** integrations/github-action without GitHub: what its runner would do, and the command as it is. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, beforeEach, describe, it } from 'node:test'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { parse } from 'yaml'
import { EXECUTABLE } from '../harness/executable.ts'
import { GithubRunner } from './github-runner.ts'

let runner: GithubRunner
beforeEach(() => {
  runner = new GithubRunner()
})
afterEach(() => {
  runner.stop()
  runner.remove()
})

const s3Of = (values: ReadonlyMap<string, string>): S3Client => {
  const client = new S3Client({
    endpoint: values.get('AWS_ENDPOINT_URL') ?? '',
    region: values.get('AWS_REGION') ?? '',
    credentials: {
      accessKeyId: values.get('AWS_ACCESS_KEY_ID') ?? '',
      secretAccessKey: values.get('AWS_SECRET_ACCESS_KEY') ?? '',
    },
    forcePathStyle: true,
    maxAttempts: 1,
  })
  after(() => client.destroy())
  return client
}

const isAnswering = async (endpoint: string): Promise<boolean> => {
  try {
    return (await fetch(`${endpoint}/-/health`)).ok
  } catch {
    return false
  }
}

describe('the action', () => {
  it('starts a server whose environment the steps that follow have, and ends it behind them', async () => {
    const seed = join(runner.folder, 'seed')
    mkdirSync(join(seed, 'photos'), { recursive: true })
    writeFileSync(join(seed, 'photos/a.txt'), 'hello')
    const { exitCode, log, outputs, environment } = runner.start({
      command: EXECUTABLE,
      seed,
      region: 'eu-west-1',
      'account-id': '123456789012',
      clock: '2030-01-31',
    })
    assert.equal(exitCode, 0, log)
    const { Body } = await s3Of(environment).send(new GetObjectCommand({ Bucket: 'photos', Key: 'a.txt' }))
    assert.equal(await Body?.transformToString(), 'hello')
    const endpoint = outputs.get('endpoint') ?? ''
    assert.deepEqual(
      [outputs.get('region'), outputs.get('account-id'), environment.get('AWS_ENDPOINT_URL')],
      ['eu-west-1', '123456789012', endpoint],
    )
    const clock = await fetch(`${endpoint}/-/test/clock`)
    assert.match(((await clock.json()) as { readonly now: string }).now, /^2030-01-31/)
    assert.equal(runner.stop().exitCode, 0)
    assert.equal(await isAnswering(endpoint), false)
  })

  it('has the runner mask the secret before anything else can show it', () => {
    const { log, outputs } = runner.start({ command: EXECUTABLE })
    const secret = outputs.get('secret-access-key') ?? ''
    assert.ok(secret.length > 20)
    const [first = '', ...others] = log.split('\n')
    assert.equal(first, `::add-mask::${secret}`)
    assert.ok(others.every((line) => !line.includes(secret)))
  })

  it('takes a key pair, and leaves the environment of the steps alone where that is wanted', () => {
    const { outputs, environment } = runner.start({
      command: EXECUTABLE,
      'access-key-id': 'testing',
      'secret-access-key': 'testing-secret',
      'export-environment': 'false',
    })
    assert.deepEqual(
      [outputs.get('access-key-id'), outputs.get('secret-access-key')],
      ['testing', 'testing-secret'],
    )
    assert.equal(environment.size, 0)
  })

  it('fails with what the server says of an input that cannot be', () => {
    const { exitCode, log } = runner.start({ command: EXECUTABLE, 'account-id': '12' })
    assert.equal(exitCode, 1)
    assert.match(log, /^::error::Lugsail did not start: .*account-id.*12 digits/m)
  })

  it('refuses a version that a shell would take apart', () => {
    const { exitCode, log } = runner.start({ version: 'latest; echo' })
    assert.equal(exitCode, 1)
    assert.match(log, /^::error::version: expected a version, .*"latest; echo"$/m)
  })

  it('says where a server had ended before the job did, and leaves whoever has its number now', () => {
    const { outputs } = runner.start({ command: EXECUTABLE })
    assert.ok(outputs.has('endpoint'))
    assert.equal(runner.stop().log.includes('::warning::'), false)
    const { exitCode, log } = runner.stop()
    assert.equal(exitCode, 0)
    assert.match(log, /^::warning::Lugsail had ended/)
  })
})

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string }>>
  readonly outputs: Readonly<Record<string, { readonly description: string }>>
  readonly runs: { readonly using: string; readonly main: string; readonly post: string }
}

describe('action.yml', () => {
  const folder = 'integrations/github-action'
  const { inputs, outputs, runs } = parse(readFileSync(join(folder, 'action.yml'), 'utf8')) as Action

  it('names the programs that are there, and the inputs and outputs that they know', () => {
    assert.ok([runs.main, runs.post].every((file) => existsSync(join(folder, file))))
    const program = readFileSync(join(folder, runs.main), 'utf8')
    const options = /OPTIONS = \[(.*)\]/.exec(program)?.[1] ?? ''
    const read = [...program.matchAll(/input\('([\w-]+)'\)/g), ...options.matchAll(/'([\w-]+)'/g)].map(
      ([, name]) => name,
    )
    assert.deepEqual(Object.keys(inputs).sort(), read.sort())
    const set = [...program.matchAll(/setOutput\('([\w-]+)'/g)].map(([, name]) => name)
    assert.deepEqual(Object.keys(outputs).sort(), set.sort())
  })
})
