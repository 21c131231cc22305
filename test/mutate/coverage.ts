import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runTestFile } from './run-test-file.ts'
import { linesOf, type SourceMapData } from './source-map-lines.ts'
import type { TreeCopy } from './tree-copy.ts'

/** The lines of each source that a test file runs: path from the root → line numbers from 1. */
export type CoveredLines = Readonly<Record<string, readonly number[]>>

interface CoverageReport {
  readonly result: readonly ScriptCoverage[]
  readonly 'source-map-cache'?: Readonly<Record<string, SourceMapData>>
}

interface ScriptCoverage {
  readonly url: string
  readonly functions: readonly { readonly ranges: readonly CountedRange[] }[]
}

interface CountedRange {
  readonly startOffset: number
  readonly endOffset: number
  readonly count: number
}

const TIME_LIMIT_MS = 600_000

/**
 * Runs a test file in a copy without a fault, and says how long it took and which lines of `src/` its processes ran: its own, and the servers that it starts. A process that is killed tells nothing. Null when the test fails.
 */
export async function coverageOf(
  copy: TreeCopy,
  testFile: string,
): Promise<{ readonly lines: CoveredLines; readonly durationMs: number } | null> {
  const { folder, coverageFolder: reports } = copy
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports)
  try {
    const { outcome, durationMs } = await runTestFile(folder, testFile, {
      environment: { NODE_V8_COVERAGE: reports },
      timeLimitMs: TIME_LIMIT_MS,
    })
    if (outcome !== 'passed') return null
    const lines = new Map<string, Set<number>>()
    for (const name of readdirSync(reports)) addReport(join(reports, name), folder, lines)
    const sorted = [...lines].map(([file, numbers]) => [file, [...numbers].sort((a, b) => a - b)] as const)
    return { lines: Object.fromEntries(sorted), durationMs }
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
}

function addReport(path: string, folder: string, lines: Map<string, Set<number>>): void {
  const report = JSON.parse(readFileSync(path, 'utf8')) as CoverageReport
  for (const { url, functions } of report.result) {
    if (!url.startsWith('file:')) continue
    const file = relative(folder, fileURLToPath(url.split('?')[0] ?? url))
    const map = report['source-map-cache']?.[url]
    if (!file.startsWith('src/') || map === undefined) continue
    const covered = lines.get(file) ?? new Set<number>()
    lines.set(file, covered)
    const ranges = functions.flatMap((each) => each.ranges)
    for (const { offset, line } of linesOf(map)) if (countAt(ranges, offset) > 0) covered.add(line)
  }
}

/** How often the code at an offset ran: what the smallest range around it says. */
function countAt(ranges: readonly CountedRange[], offset: number): number {
  let smallest: CountedRange | undefined
  for (const range of ranges)
    if (
      range.startOffset <= offset &&
      offset < range.endOffset &&
      (smallest === undefined ||
        range.endOffset - range.startOffset <= smallest.endOffset - smallest.startOffset)
    )
      smallest = range
  return smallest?.count ?? 0
}
