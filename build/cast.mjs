// Records the terminal of the README: types commands into a shell, in an empty home, and draws what they print as an animated picture.
//   npm run docs:cast
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { animation } from './cast/animation.mjs'

const PICTURE = 'docs/images/terminal.svg'
/** Longest wait for what the server writes within ten seconds: who used a key. */
const WAIT_MS_MAX = 30_000

const SERVE = 'lugsail serve 2> serve.log &'
/** What is typed then, in this order; `until`: what the command must print, for which it is typed again, unseen; `lines`: how many of it are shown. */
const TYPED = [
  { command: 'lugsail use && export AWS_PROFILE=lugsail', lines: 1 },
  { command: 'lugsail create-bucket --bucket-name photos --bundle-id small_1_0 --query bucket.url' },
  {
    command: `lugsail key create reports --buckets photos --rights read list --expires-in 90d \\
    --write-profile reports --query 'accessKey.[name,status]' --output text`,
  },
  { command: 'lugsail cp sail.jpg s3://photos/2026/sail.jpg' },
  { command: 'lugsail ls s3://photos --recursive --profile reports' },
  { command: 'lugsail rm s3://photos/2026/sail.jpg --profile reports' },
  {
    command: `lugsail key who reports --output table \\
    --query 'uses[].{day:day,address:address,requests:requests,refusals:refusals}'`,
    until: /127\.0\.0\.1/,
  },
]

const folder = mkdtempSync(join(tmpdir(), 'lugsail-cast-'))
const [home, work] = [join(folder, 'home'), join(folder, 'work')]
mkdirSync(home)
mkdirSync(work)
writeFileSync(join(work, 'sail.jpg'), Buffer.alloc(348_211, 7))
const env = {
  PATH: `${resolve('bin')}:${process.env.PATH}`,
  HOME: home,
  AWS_EC2_METADATA_DISABLED: 'true',
  NO_COLOR: '1',
}

const server = spawn('bash', ['--norc', '-ec', 'exec lugsail serve 2> serve.log'], {
  cwd: work,
  env: { ...env, LUGSAIL_LISTEN: '127.0.0.1:0' },
  stdio: ['ignore', 'pipe', 'inherit'],
})
try {
  const scenes = [{ command: SERVE, output: await greeting() }]
  for (const scene of TYPED) scenes.push({ command: scene.command, output: type(scene) })
  mkdirSync('docs/images', { recursive: true })
  const { svg, seconds } = animation(scenes.map(({ command, output }) => ({ command, lines: shown(output) })))
  writeFileSync(PICTURE, svg)
  console.log(`${PICTURE}: ${(Buffer.byteLength(svg) / 1024).toFixed(1)} KB, ${seconds.toFixed(1)} s`)
} finally {
  const ended = new Promise((done) => server.once('close', done))
  server.kill('SIGTERM')
  await ended
  rmSync(folder, { recursive: true, force: true })
}

/** What the server prints up to the first empty line. */
function greeting() {
  return new Promise((done, failed) => {
    let text = ''
    server.stdout.setEncoding('utf8').on('data', (piece) => {
      text += piece
      if (/^Next, /m.test(text)) done(text.slice(0, text.indexOf('\n\n')))
    })
    server.once('close', (code) => failed(new Error(`the server ended with ${code}: ${text}`)))
  })
}

/** What a command prints, on both outputs in their order. It may be refused: that is shown, too. */
function type({ command, until, lines }) {
  const began = Date.now()
  for (;;) {
    const script = `export AWS_PROFILE=lugsail; ${command}`
    const { stdout } = spawnSync('bash', ['--norc', '-c', `{ ${script}; } 2>&1`], {
      cwd: work,
      env,
      encoding: 'utf8',
    })
    if (until === undefined || until.test(stdout)) return stdout.split('\n').slice(0, lines).join('\n')
    if (Date.now() - began > WAIT_MS_MAX) throw new Error(`${command} printed nothing in ${WAIT_MS_MAX} ms`)
    spawnSync('sleep', ['1'])
  }
}

/** Lines as somebody at home would see them: without this machine's folders, its port, and ids that look as if they opened something. */
function shown(output) {
  return output
    .replaceAll(home, '~')
    .replaceAll(`${work}/`, '')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:9400')
    .replaceAll(/\bA(K|S)IA[A-Z0-9]{16}\b/g, 'AKIAIOSFODNN7EXAMPLE')
    .replaceAll(/("secretAccessKey": )"[^"]*"/g, '$1"…"')
    .replaceAll('\t', '    ')
    .trimEnd()
    .split('\n')
}
