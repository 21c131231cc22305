// How long a command takes, from start to exit, against one stub endpoint: bare Node, `lugsail --version`, a whole call by lugsail and the
// same call by the AWS CLI where the machine has it. Rounds run every command once in turn, so that a drift of the machine's speed meets all
// alike; shown are medians, the spread, and ratios taken round by round.
//   node benchmarks/cli.mjs [ROUNDS]

import { spawn, spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

const rounds = Number(process.argv[2] ?? 15)
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`ROUNDS must be a whole number from 1 up, got ${process.argv[2]}`)
const lugsail = resolve(import.meta.dirname, '../bin/lugsail')
const ANSWER = JSON.stringify({
  accessKey: {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'x'.repeat(40),
    status: 'Active',
    createdAt: 1625073285.123,
  },
  operations: [],
})

// The stub is a process of its own, so that it answers while this one waits for a command.
const stub = spawn(
  process.execPath,
  [
    '-e',
    `const s = require('node:http').createServer((q, r) => { q.resume().on('end', () => r.setHeader('content-type', 'application/x-amz-json-1.1').end(${JSON.stringify(ANSWER)})) }).listen(0, '127.0.0.1', () => console.log(s.address().port))`,
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
const port = await new Promise((found) => stub.stdout.once('data', (text) => found(String(text).trim())))
const call = [
  'create-bucket-access-key',
  '--bucket-name',
  'photos',
  '--endpoint-url',
  `http://127.0.0.1:${port}`,
]
const hasAws = spawnSync('aws', ['--version']).status === 0
const commands = [
  ['node -e 0', process.execPath, ['-e', '0']],
  ['lugsail --version', lugsail, ['--version']],
  ['lugsail create-bucket-access-key', lugsail, call],
  ...(hasAws ? [['aws lightsail create-bucket-access-key', 'aws', ['lightsail', ...call]]] : []),
]
const env = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLEEXAMPLE00',
  AWS_SECRET_ACCESS_KEY: 'example',
  AWS_DEFAULT_REGION: 'us-east-1',
}

const times = commands.map(() => [])
for (let round = -1; round < rounds; round++) {
  for (const [index, [name, program, args]] of commands.entries()) {
    const start = process.hrtime.bigint()
    const { status, stderr } = spawnSync(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const ms = Number(process.hrtime.bigint() - start) / 1e6
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`)
    // The first round warms caches up and is not counted.
    if (round >= 0) times[index].push(ms)
  }
}
stub.kill()

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]
const row = (cells) => `| ${cells.join(' | ')} |`
console.log(row(['command', 'median ms', 'least–most ms', 'times node -e 0', 'share of aws']))
console.log(row(['---', '---:', '---:', '---:', '---:']))
for (const [index, [name]] of commands.entries()) {
  const own = times[index]
  const ratio = (others) => median(own.map((ms, round) => ms / others[round])).toFixed(2)
  const aws = hasAws ? ratio(times.at(-1)) : '–'
  console.log(
    row([
      name,
      median(own).toFixed(0),
      `${Math.min(...own).toFixed(0)}–${Math.max(...own).toFixed(0)}`,
      ratio(times[0]),
      aws,
    ]),
  )
}
