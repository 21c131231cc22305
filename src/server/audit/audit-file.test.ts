import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { appendLines } from './audit-file.ts'
import { AuditLog } from './audit-log.ts'
import { auditLine } from './audit-line.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-audit-'))
after(() => rmSync(root, { recursive: true }))

const ENTRY = { source: 's3', operation: 'PutBucketPolicy', outcome: 'succeeded' } as const

describe('auditLine', () => {
  it('is one line of ASCII, whatever the network brought', () => {
    const agent = 'a\nb\u001b[31m\u009b\u202eé😀\u007f'
    const line = auditLine(0, { ...ENTRY, agent })
    assert.match(line, /^[\x20-\x7e]+\n$/)
    assert.equal((JSON.parse(line) as { agent: string }).agent, agent)
  })

  it('cuts texts that are too long', () => {
    for (const unit of ['x', '"', '\n', '\u0001', '\u007f', 'é', '😀']) {
      const line = auditLine(0, { ...ENTRY, agent: unit.repeat(100_000), objectKey: unit.repeat(100_000) })
      const { agent } = JSON.parse(line) as { agent: string }
      assert.ok(line.length < 2_300 && line.length > 2_048, `${line.length} for ${unit}`)
      assert.ok(agent.startsWith(unit) && agent.endsWith('…'))
    }
  })

  it('leaves texts whole that are written in as many characters as may be', () => {
    for (const agent of ['x'.repeat(1_024), '\u0001'.repeat(170), '"'.repeat(512)])
      assert.equal((JSON.parse(auditLine(0, { ...ENTRY, agent })) as { agent: string }).agent, agent)
  })
})

describe('appendLines', () => {
  it('puts a full file aside and keeps so many of them, all their owner’s alone', async () => {
    const path = join(root, 'rotated', 'audit.log')
    for (let at = 0; at < 50; at++) {
      await appendLines({ path, bytesMax: 100, filesMax: 3 }, `${String(at).padStart(39, '0')}\n`)
    }
    const names = readdirSync(join(root, 'rotated')).sort()
    assert.equal(names.length, 4)
    const text = [...names.slice(1), 'audit.log'].map((name) =>
      readFileSync(join(root, 'rotated', name), 'utf8'),
    )
    assert.deepEqual(
      text.join('').trim().split('\n').map(Number),
      [39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49],
    )
    for (const name of names) assert.equal(statSync(join(root, 'rotated', name)).mode & 0o777, 0o600)
  })

  it('loses and doubles no line of several processes that put files aside', async () => {
    const path = join(root, 'shared', 'audit.log')
    const [writers, count] = [3, 120]
    const script = `
      import { appendLines } from ${JSON.stringify(new URL('audit-file.ts', import.meta.url).href)}
      const [, path, name, count] = process.argv
      for (let at = 0; at < Number(count); at++)
        await appendLines({ path, bytesMax: 200, filesMax: 1_000 }, JSON.stringify({ name, at }) + '\\n')`
    const loader = new URL('../../../build/typescript.mjs', import.meta.url).href
    const children = Array.from({ length: writers }, (_, name) =>
      spawn(
        process.execPath,
        ['--import', loader, '--input-type=module', '-e', script, path, String(name), String(count)],
        { stdio: 'inherit' },
      ),
    )
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as unknown))
    assert.deepEqual(codes, Array<number>(writers).fill(0))
    const names = readdirSync(join(root, 'shared'))
    assert.ok(names.length > 10, `${names.length} files`)
    const lines = names
      .flatMap((name) =>
        readFileSync(join(root, 'shared', name), 'utf8')
          .trim()
          .split('\n'),
      )
      .filter((line) => line !== '')
    const wanted = Array.from({ length: writers }, (_, name) =>
      Array.from({ length: count }, (__, at) => JSON.stringify({ name: String(name), at })),
    )
    assert.deepEqual(lines.sort(), wanted.flat().sort())
  })

  it('ends a line that was cut before it writes another', async () => {
    const path = join(root, 'cut.log')
    writeFileSync(path, '{"half":')
    await appendLines({ path, bytesMax: 1_000, filesMax: 1 }, '{}\n')
    assert.equal(readFileSync(path, 'utf8'), '{"half":\n{}\n')
  })
})

describe('AuditLog', () => {
  it('keeps what cannot be written until it can, and says so once', async () => {
    const path = join(root, 'taken', 'audit.log')
    writeFileSync(join(root, 'taken'), 'a file where the folder should be')
    const failures: unknown[] = []
    const counted: string[] = []
    const log = new AuditLog({
      file: { path, bytesMax: 1_000_000, filesMax: 1 },
      clock: { now: () => 0 },
      onFailure: (error) => failures.push(error),
      onGrowth: () => assert.fail('nothing is full'),
      onLoss: () => assert.fail('nothing is lost'),
      onLines: (count, outcome) => counted.push(`${count} ${outcome}`),
    })
    log.record(ENTRY)
    await log.flush()
    log.record(ENTRY)
    await log.flush()
    assert.equal(failures.length, 1)
    rmSync(join(root, 'taken'))
    await log.close()
    assert.deepEqual(counted, ['2 written'])
    assert.equal(readFileSync(path, 'utf8').split('\n').length, 3)
  })

  it('says how many lines are lost when it is closed before they could be written', async () => {
    const losses: number[] = []
    writeFileSync(join(root, 'blocked'), 'a file where the folder should be')
    const log = new AuditLog({
      file: { path: join(root, 'blocked', 'audit.log'), bytesMax: 1_000_000, filesMax: 1 },
      clock: { now: () => 0 },
      onFailure: () => undefined,
      onGrowth: () => undefined,
      onLoss: (count) => losses.push(count),
      onLines: () => undefined,
    })
    log.record(ENTRY)
    log.record(ENTRY)
    await log.close()
    assert.deepEqual(losses, [2])
  })

  it('writes on into a full file that cannot be put aside, each line once, and says so once', async () => {
    // As long as a name may be: there is none with the time behind it.
    const path = join(root, 'a'.repeat(250))
    const growth: Error[] = []
    const log = new AuditLog({
      file: { path, bytesMax: 1, filesMax: 1 },
      clock: { now: () => 0 },
      onFailure: (error) => assert.fail(String(error)),
      onGrowth: (error) => growth.push(error),
      onLoss: () => assert.fail('nothing is lost'),
      onLines: () => undefined,
    })
    for (let count = 1; count <= 3; count++) {
      log.record(ENTRY)
      await log.flush()
      assert.equal(readFileSync(path, 'utf8').trim().split('\n').length, count)
    }
    assert.equal(growth.length, 1)
  })

  it('drops and counts what would take too much memory', () => {
    let dropped = 0
    const log = new AuditLog({
      file: { path: join(root, 'never.log'), bytesMax: 1_000_000, filesMax: 1 },
      clock: { now: () => 0 },
      onFailure: () => undefined,
      onGrowth: () => undefined,
      onLoss: () => undefined,
      onLines: (count) => (dropped += count),
    })
    for (let at = 0; at < 20_000; at++) log.record({ ...ENTRY, agent: 'x'.repeat(1_000) })
    assert.ok(dropped > 10_000)
  })
})
