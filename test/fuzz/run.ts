// Sends mutated requests to the server that was built:   npm run fuzz -- [--requests 100000] [--seed 1]
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { fuzz } from './fuzz.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const { values } = parseArgs({
  options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string' } },
})
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed)
const requests = Number(values.requests)
say(`seed ${seed}, ${requests} requests`)
const startedAt = Date.now()
const report = await fuzz({
  seed,
  requests,
  onProgress: (sent) => {
    if (sent % 20_000 === 0) say(`${sent} sent, ${Math.round(sent / ((Date.now() - startedAt) / 1_000))}/s`)
  },
})
const counts = [...report.counts]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([status, count]) => `${status}: ${count}`)
say(counts.join('  '))
const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`
say(
  `memory ${mebibytes(report.before.memoryBytes)} → ${mebibytes(report.after.memoryBytes)}, descriptors ${report.before.descriptors} → ${report.after.descriptors}`,
)
for (const failure of report.failures) say(`FAILED ${failure}`)
process.exitCode = report.failures.length > 0 ? 1 : 0
