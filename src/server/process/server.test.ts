import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { createAccount } from '../../service/accounts/create-account.ts'
import { createKey } from '../../service/application-keys/create-key.ts'
import { rotateKey } from '../../service/application-keys/rotate-key.ts'
import { createLogger } from '../logging/logger.ts'
import { readSettings } from '../configuration/read.ts'
import { connectionsForDescriptors } from './descriptor-limit.ts'
import { readScrub, wantScrub } from '../scrub/scrub-record.ts'
import { Server } from './server.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-process-'))
after(() => rmSync(root, { recursive: true, force: true }))

const HOUR_MS = 3_600_000

/** A server in this process, on a free port, whose clocks stand still; what it logged. */
async function newServer(
  t: { after: (end: () => Promise<void>) => void },
  options: Readonly<Record<string, string>> = {},
  jobScopes: ('process' | 'store')[] = ['process', 'store'],
) {
  const [clock, uptime] = [new ManualClock(), new ManualClock(0)]
  const pieces: string[] = []
  const data = mkdtempSync(join(root, 'data-'))
  const log = createLogger({
    ...{ level: 'info', format: 'json', clock },
    target: (piece, done) => {
      pieces.push(piece)
      done()
    },
  })
  const given = { data, metadata: 'memory:', listen: '127.0.0.1:0', console: 'off', ...options }
  const settings = readSettings({ options: new Map(Object.entries(given)), environment: {} })
  const monotonicMs = (): number => uptime.now()
  const server = await Server.open({ settings, environment: {}, clock, monotonicMs, log, jobScopes })
  let isStopped = false
  const stop = async (): Promise<void> => {
    if (!isStopped) await server.stop()
    isStopped = true
  }
  t.after(stop)
  const lines = (): Record<string, unknown>[] => {
    log.flush()
    const written = pieces.join('').split('\n')
    return written.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>)
  }
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms)
    uptime.advance(ms)
    await server.runDueJobs()
  }
  const get = async (path: string): Promise<[status: number, text: string]> => {
    const response = await fetch(`${server.url}${path}`)
    return [response.status, await response.text()]
  }
  return { server, context: server.store.context, clock, data, lines, pass, get, stop }
}

describe('a process of the server', () => {
  it('answers on the address that it tells, says that it is ready, and counts what it answers', async (t) => {
    const { server, get } = await newServer(t)
    assert.equal(server.url, 'http://127.0.0.1:0')
    const { host, port } = await server.listen()
    assert.deepEqual([host, server.url], ['127.0.0.1', `http://127.0.0.1:${port}`])
    assert.notEqual(port, 0)
    assert.deepEqual(await get('/-/health'), [200, 'ok\n'])
    assert.deepEqual(await get('/-/ready'), [200, 'ok\n'])
    assert.equal((await get('/-/console/'))[0], 404)
    assert.equal((await get('/nothing/at-all'))[0], 404)
    const [, metrics] = await get('/-/metrics')
    assert.match(metrics, /lugsail_requests_total\{service="s3",operation="GetObject",status="404"\} 1/)
    assert.match(
      metrics,
      /lugsail_store_duration_seconds_count\{store="metadata",call="getMany",outcome="ok"\} \d/,
    )
    assert.match(metrics, /lugsail_connections \d/)
  })

  it('takes as many connections as are set, or fewer where the system grants fewer descriptors, and says so', async (t) => {
    const possible = connectionsForDescriptors()
    for (const wanted of [1, Math.min(possible, 4_096), 1_000_000]) {
      const { server, lines, stop } = await newServer(t, { 'connections-max': String(wanted) })
      await server.listen()
      await stop()
      const told = lines().filter(({ connectionsMax }) => connectionsMax !== undefined)
      assert.deepEqual(
        told.map((line) => [line['connectionsMax'], line['possible']]),
        possible < wanted ? [[wanted, possible]] : [],
      )
    }
  })

  it('is not ready while its store takes nothing new, and says why', async (t) => {
    const { server, context, get, pass } = await newServer(t)
    await server.listen()
    context.metadata.refusal = () => new Error('the disk is full') as never
    assert.deepEqual(await get('/-/ready'), [503, 'the disk is full\n'])
    context.metadata.refusal = () => null
    context.metadata.unreadable = () => [{ from: null, to: null }]
    await pass(HOUR_MS)
    assert.match((await get('/-/ready'))[1], /^ok\nthe disk cannot read a part/)
  })

  it('does the work of the scopes that it has, and no other', async (t) => {
    const jobsOf = async (scopes: ('process' | 'store')[]): Promise<Set<string>> => {
      const { server, get, pass } = await newServer(t, {}, scopes)
      await server.listen()
      await pass(24 * HOUR_MS)
      await pass(24 * HOUR_MS)
      const [, metrics] = await get('/-/metrics')
      return new Set(
        [...metrics.matchAll(/lugsail_job_duration_seconds_count\{job="([^"]+)"/g)].map(
          ([, job]) => job ?? '',
        ),
      )
    }
    const [ofBoth, ofProcess, ofStore] = [
      await jobsOf(['process', 'store']),
      await jobsOf(['process']),
      await jobsOf(['store']),
    ]
    for (const job of ['watch-disks', 'store-transfer', 'watch-certificate', 'watch-scrub'])
      assert.deepEqual([ofProcess.has(job), ofStore.has(job), ofBoth.has(job)], [true, false, true], job)
    for (const job of ['scrub', 'apply-lifecycle', 'count-bundles', 'record-usage'])
      assert.deepEqual([ofProcess.has(job), ofStore.has(job), ofBoth.has(job)], [false, true, true], job)
  })

  it('tells of scrubs in log and metrics', async (t) => {
    const { server, context, get, pass, lines } = await newServer(t, { 'scrub-period-days': '0' })
    await server.listen()
    await pass(HOUR_MS)
    assert.equal((await readScrub(context)).record.last, null)
    await wantScrub(context)
    await pass(HOUR_MS)
    const { last } = (await readScrub(context)).record
    assert.ok(last && last.records > 0)
    assert.deepEqual(
      lines()
        .map(({ level, msg }) => `${String(level)} ${String(msg)}`)
        .filter((line) => line.includes('scrub')),
      ['info a scrub of the whole store begins', 'info a scrub read the whole store'],
    )
    const [, metrics] = await get('/-/metrics')
    assert.match(metrics, new RegExp(`lugsail_scrub_read_total\\{what="records"\\} ${last.records}`))
    assert.match(metrics, /lugsail_scrub_last_full_pass_damaged 0/)
  })

  it('tells of damage once, in log and metrics', async (t) => {
    const { server, context, get, lines } = await newServer(t)
    await server.listen()
    for (let found = 0; found < 2; found++) context.damage.noteOther('a part', new Error('a sum is wrong'))
    assert.match((await get('/-/metrics'))[1], /lugsail_damage_total 1/)
    assert.equal(lines().filter(({ msg }) => msg === 'what is stored is damaged').length, 1)
  })

  it('tells of keys that were rotated: those that retire, in the audit log as well, and those that are forgotten', async (t) => {
    const { server, context, data, get, pass, lines, stop } = await newServer(t, { 'rotation-days-max': '1' })
    await server.listen()
    const { account } = await createAccount(context, 'default')
    const caller = { accountId: account.accountId, region: 'us-east-1' }
    for (const name of ['retires', 'forgotten']) await createKey(context, caller, { name, rights: ['read'] })
    const { retiring } = await rotateKey(context, caller, 'retires', { retireInSeconds: 3_600 })
    await rotateKey(context, caller, 'forgotten', { retireWhenIdleSeconds: 90 * 24 * 3_600 })
    await pass(HOUR_MS - 1_000)
    assert.match((await get('/-/metrics'))[1], /lugsail_key_rotations\{state="retiring"\} 2/)
    await pass(48 * HOUR_MS)
    const messages = lines()
    const retired = messages.find(({ msg }) => msg === 'an access key that was rotated has retired')
    assert.deepEqual(
      [retired?.['accessKeyId'], retired?.['name'], retired?.['became']],
      [retiring?.accessKeyId, 'retires', 'Inactive'],
    )
    assert.equal(messages.find(({ msg }) => /rotated long ago/.test(String(msg)))?.['count'], 1)
    await stop()
    const audited = readFileSync(join(data, 'audit.log'), 'utf8').trim().split('\n')
    const entries = audited.map((line) => JSON.parse(line) as Record<string, unknown>)
    assert.deepEqual(
      entries.map(({ source, operation, outcome, details }) => [source, operation, outcome, details]),
      [
        [
          'server',
          'RetireAccessKey',
          'succeeded',
          { accessKeyId: retiring?.accessKeyId, name: 'retires', became: 'Inactive' },
        ],
      ],
    )
  })

  it('says that there is no certificate to read again', async (t) => {
    const { server, lines } = await newServer(t)
    await server.listen()
    server.reloadTls()
    assert.equal(lines().at(-1)?.['msg'], 'there is no TLS certificate to read again')
  })

  it('takes nothing more once it was stopped', async (t) => {
    const { server, get, stop } = await newServer(t)
    await server.listen()
    assert.equal((await get('/-/health'))[0], 200)
    await stop()
    await assert.rejects(get('/-/health'))
    await assert.rejects(server.store.context.metadata.getMany([]), /closed/)
  })
})
