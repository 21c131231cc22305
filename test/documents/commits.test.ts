import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'

/** The engine itself, and what lies below the contract of a store. */
const ENGINES = ['service/commit/', 'storage/']

it('who commits without the engine of changes is listed where the engine is described', () => {
  const [, section = ''] =
    /^## What is not part of it$([\s\S]*?)(?:^## |(?![\s\S]))/m.exec(
      readFileSync('docs/decisions/one-commit-engine.md', 'utf8'),
    ) ?? []
  const listed = [...section.matchAll(/^\| (`[^|]*`) +\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
  )
  const callers = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => !ENGINES.some((folder) => file.startsWith(folder)))
    .filter((file) => /\bmetadata\??\.commit\(/i.test(readFileSync(join('src', file), 'utf8')))
  assert.deepEqual(listed.sort(), callers.sort())
})
