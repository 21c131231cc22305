import assert from 'node:assert/strict'
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
    assert.ok(auditLine(0, { ...ENTRY, agent: 'x'.repeat(100_000) }).length < 2_000)
  })
})

describe('appendLines', () => {
  it('puts a full file aside and keeps so many of them, all their owner’s alone', async () => {
    const path = join(root, 'rotated', 'audit.log')
    for (let at = 0; at < 50; at++) {
      await appendLines({ path, bytesMax: 100, filesMax: 3 }, `${String(at).padStart(39, '0')}\n`)
      // Two files of one millisecond would have one name.
      await new Promise((resolve) => setTimeout(resolve, 2))
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
      onLines: (count, outcome) => counted.push(`${count} ${outcome}`),
    })
    log.record(ENTRY)
    await log.flush()
    log.record(ENTRY)
    await log.flush()
    assert.equal(failures.length, 1)
    rmSync(join(root, 'taken'))
    await log.flush()
    assert.deepEqual(counted, ['2 written'])
    assert.equal(readFileSync(path, 'utf8').split('\n').length, 3)
  })

  it('drops and counts what would take too much memory', () => {
    let dropped = 0
    const log = new AuditLog({
      file: { path: join(root, 'never.log'), bytesMax: 1_000_000, filesMax: 1 },
      clock: { now: () => 0 },
      onFailure: () => undefined,
      onLines: (count) => (dropped += count),
    })
    for (let at = 0; at < 20_000; at++) log.record({ ...ENTRY, agent: 'x'.repeat(1_000) })
    assert.ok(dropped > 10_000)
  })
})
