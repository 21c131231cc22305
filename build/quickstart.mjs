// Shows the whole of Lugsail in one go, and leaves it running: `npm run quickstart` (`-- --once` ends after the tour).
//
// It starts the server on ./lugsail-data, makes a bucket and a key for it with the command line, stores and reads an object with that key
// through the official S3 SDK, and says how other clients get there. Run again, it goes on with the same data.
import { spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import { join, relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const lugsail = join(root, 'bin', 'lugsail')
const once = process.argv.includes('--once')
const data = resolve(process.env.LUGSAIL_DATA ?? 'lugsail-data')
const BUCKET = 'quickstart'
const OBJECT = 'hello.txt'
const FIRST_PORT = 9400
const START_TIMEOUT_MS = 30_000

const bold = (text) => (process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text)
const dim = (text) => (process.stdout.isTTY ? `\x1b[2m${text}\x1b[0m` : text)
const say = (text = '') => console.log(text)
const step = (text) => say(`\n${bold(text)}`)

const port = await freePort(FIRST_PORT)
if (port !== FIRST_PORT) say(`Port ${FIRST_PORT} is taken by another program; using ${port}.`)

step('1. Start the server')
const server = spawn(
  lugsail,
  ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--log-level', 'warn'],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
const serverEnded = new Promise((done) => server.once('close', done))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill('SIGTERM'))

let exitCode = 0
try {
  say(indent(await serverGreeting()))
  await tour()
} catch (error) {
  console.error(`\nThe quickstart failed: ${error.message}`)
  exitCode = 1
}
if (once || exitCode !== 0) server.kill('SIGTERM')
else say(`\nServing on until Ctrl-C; the data stays in ${relative('.', data) || '.'}.`)
const serverCode = await serverEnded
process.exit(exitCode || (serverCode ?? 1))

async function tour() {
  const credentials = join(data, 'credentials')
  // An empty configuration of its own: what the user's home folder holds plays no part.
  const environment = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
    AWS_SHARED_CREDENTIALS_FILE: credentials,
    AWS_CONFIG_FILE: join(data, 'no-config'),
  }
  const run = (...args) => runCli(environment, args)

  step('2. A bucket')
  const exists = run('get-buckets').json.buckets.some(({ name }) => name === BUCKET)
  if (exists) say(`  The bucket ${BUCKET} is there from the last time.`)
  else {
    shown('create-bucket', '--bucket-name', BUCKET, '--bundle-id', 'small_1_0')
    run('create-bucket', '--bucket-name', BUCKET, '--bundle-id', 'small_1_0')
  }

  step('3. An access key for it')
  const { accessKeys } = run('get-bucket-access-keys', '--bucket-name', BUCKET).json
  if (accessKeys.length === 2) {
    const [oldest] = [...accessKeys].sort((left, right) => left.createdAt - right.createdAt)
    say(`  The bucket has its two keys already; the older one makes room:`)
    const remove = [
      'delete-bucket-access-key',
      '--bucket-name',
      BUCKET,
      '--access-key-id',
      oldest.accessKeyId,
    ]
    shown(...remove)
    run(...remove)
  }
  shown('create-bucket-access-key', '--bucket-name', BUCKET)
  const { accessKey } = run('create-bucket-access-key', '--bucket-name', BUCKET).json
  say(`  accessKeyId      ${accessKey.accessKeyId}`)
  say(`  secretAccessKey  ${accessKey.secretAccessKey}   ${dim('(only this reply ever tells it)')}`)
  say(`  last used        ${lastUse(run, accessKey.accessKeyId)}`)

  step('4. An object, stored and read with that key through the official SDK')
  const endpoint = `http://127.0.0.1:${port}`
  await putAndGet(endpoint, accessKey)
  say(`  PutObject and GetObject s3://${BUCKET}/${OBJECT}: the same bytes came back.`)

  step('5. When the key was last used')
  shown('get-bucket-access-keys', '--bucket-name', BUCKET)
  say(`  last used        ${lastUse(run, accessKey.accessKeyId)}`)

  step('6. Your turn')
  say(directions(endpoint, accessKey))
}

async function putAndGet(endpoint, { accessKeyId, secretAccessKey }) {
  // The SDK warns about this Node's age on every start; that is not what the tour is about.
  process.removeAllListeners('warning')
  const { S3Client, PutObjectCommand, GetObjectCommand } = await import('@aws-sdk/client-s3')
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
  })
  const text = `Hello from ${new Date().toISOString()}\n`
  await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: OBJECT, Body: text }))
  const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: OBJECT }))
  if ((await Body.transformToString()) !== text) throw new Error('other bytes came back than were stored')
  client.destroy()
}

function lastUse(run, accessKeyId) {
  const { accessKeys } = run('get-bucket-access-keys', '--bucket-name', BUCKET).json
  const { lastUsed } = accessKeys.find((key) => key.accessKeyId === accessKeyId)
  const date =
    lastUsed.lastUsedDate === undefined ? 'never' : new Date(lastUsed.lastUsedDate * 1000).toISOString()
  return `${date}, region ${lastUsed.region}, service ${lastUsed.serviceName}`
}

function directions(endpoint, { accessKeyId, secretAccessKey }) {
  const variables = `AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`
  return [
    `  ${bold('aws CLI')}   export ${variables} \\`,
    `                   AWS_REGION=us-east-1 AWS_ENDPOINT_URL=${endpoint}`,
    `            aws s3 cp s3://${BUCKET}/${OBJECT} -`,
    `  ${bold('boto3')}     boto3.client("s3").list_objects_v2(Bucket="${BUCKET}")        ${dim('with the same variables')}`,
    `  ${bold('SDK')}       new S3Client({ forcePathStyle: true })                      ${dim('with the same variables')}`,
    `  ${bold('rclone')}    rclone ls ":s3,provider=Other,env_auth,endpoint='${endpoint}':${BUCKET}"   ${dim('with the same variables')}`,
    `  ${bold('lugsail')}   lugsail use --data ${relative('.', data) || '.'} && export AWS_PROFILE=lugsail   ${dim('the account itself: buckets and keys')}`,
  ].join('\n')
}

/** Runs the command line; gives its JSON. */
function runCli(env, args) {
  const { status, stdout, stderr } = spawnSync(lugsail, args, { encoding: 'utf8', env })
  if (status !== 0) throw new Error(`lugsail ${args.join(' ')} ended with ${status}: ${stderr.trim()}`)
  return { json: stdout.trim() === '' ? {} : JSON.parse(stdout) }
}

function shown(...args) {
  say(`  ${dim('$')} lugsail ${args.join(' ')}`)
}

/** What the server prints once it answers. */
function serverGreeting() {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error('the server did not answer in time')), START_TIMEOUT_MS)
    let text = ''
    server.stdout.setEncoding('utf8').on('data', (piece) => {
      text += piece
      const [line] = text.split('\n')
      if (!line.startsWith('Lugsail serves')) return
      clearTimeout(timer)
      done(line)
    })
    server.once('error', fail)
    server.once('close', (code) => fail(new Error(`the server ended with ${code}`)))
  })
}

/** The first port from `from` on that nobody listens on. */
async function freePort(from) {
  for (let candidate = from; candidate < from + 100; candidate++) {
    const isFree = await new Promise((done) => {
      const probe = createServer()
      probe.once('error', () => done(false))
      probe.listen(candidate, '127.0.0.1', () => probe.close(() => done(true)))
    })
    if (isFree) return candidate
  }
  throw new Error(`no free port from ${from} to ${from + 99}`)
}

function indent(text) {
  return `  ${text}`
}
