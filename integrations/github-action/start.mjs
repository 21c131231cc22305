// The step of the action: gets the package, starts a server that outlives the step, and tells the steps that follow where it is.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { exportVariable, fail, input, mask, saveState, setOutput } from './runner.mjs'

const START_TIMEOUT_MS = 60_000
/** Options of `lugsail serve` that the action has under the same names. */
const OPTIONS = ['listen', 'account-id', 'region', 'seed', 'clock']
/** A version, a range, a tag or a path: nothing that a shell would take apart, which npm needs on Windows. */
const VERSION = /^[\w.^~+:\\/-]+$/

const folder = mkdtempSync(join(process.env['RUNNER_TEMP'] ?? tmpdir(), 'lugsail-'))
const logPath = join(folder, 'server.log')

try {
  await start()
} catch (error) {
  fail(error.message)
}

async function start() {
  const [program, ...before] = commandOf()
  const introduction = await serve(program, before)
  const { endpoint, region, accountId, credentials } = introduction
  mask(credentials.secretAccessKey)
  saveState('pid', String(introduction.pid))
  saveState('endpoint', endpoint)
  saveState('log', logPath)
  setOutput('endpoint', endpoint)
  setOutput('region', region)
  setOutput('account-id', accountId)
  setOutput('access-key-id', credentials.accessKeyId)
  setOutput('secret-access-key', credentials.secretAccessKey)
  if (input('export-environment') !== 'false') {
    exportVariable('AWS_ENDPOINT_URL', endpoint)
    exportVariable('AWS_ACCESS_KEY_ID', credentials.accessKeyId)
    exportVariable('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey)
    exportVariable('AWS_REGION', region)
    exportVariable('AWS_DEFAULT_REGION', region)
    // Of an earlier step, which signed in to AWS: it would go with the key pair.
    exportVariable('AWS_SESSION_TOKEN', '')
  }
  console.log(`Lugsail serves at ${endpoint}`)
}

/** The command line of `lugsail`. */
function commandOf() {
  const command = input('command')
  if (command !== undefined)
    return /\.[cm]?js$/.test(command) ? [process.execPath, resolve(command)] : [command]
  const version = input('version') ?? 'latest'
  if (!VERSION.test(version))
    throw new Error(
      `version: expected a version, a range as ^1.2.0, a tag or the path of a tarball, got ${JSON.stringify(version)}`,
    )
  const wanted = version.endsWith('.tgz') ? resolve(version) : `lugsail@${version}`
  const { status, error, stderr } = spawnSync(
    'npm',
    ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', wanted],
    { encoding: 'utf8', shell: process.platform === 'win32' },
  )
  if (error !== undefined)
    throw new Error(
      `npm could not be started (${error.message}): use actions/setup-node before, or the input command`,
    )
  if (status !== 0) throw new Error(`npm could not install ${wanted}: ${stderr}`)
  return [process.execPath, join(folder, 'node_modules/lugsail/bin/lugsail.cjs')]
}

/** Starts the server, and resolves with what it says of itself once it answers. */
async function serve(program, before) {
  const options = OPTIONS.flatMap((name) => {
    const value = input(name)
    return value === undefined ? [] : [`--${name}`, value]
  })
  const [accessKeyId, secretAccessKey] = [input('access-key-id'), input('secret-access-key')]
  const child = spawn(program, [...before, 'serve', '--ephemeral', '--ends-with-parent', 'no', ...options], {
    // Of its own group, so that it stays when the step ends.
    detached: true,
    stdio: ['ignore', 'pipe', openSync(logPath, 'a')],
    env: {
      ...process.env,
      ...(accessKeyId === undefined ? {} : { LUGSAIL_ROOT_ACCESS_KEY_ID: accessKeyId }),
      ...(secretAccessKey === undefined ? {} : { LUGSAIL_ROOT_SECRET_ACCESS_KEY: secretAccessKey }),
    },
  })
  try {
    const introduction = JSON.parse(await firstLine(child))
    child.unref()
    child.stdout.destroy()
    return introduction
  } catch (error) {
    child.kill()
    throw new Error(`Lugsail did not start: ${error.message}\n${readFileSync(logPath, 'utf8')}`, {
      cause: error,
    })
  }
}

function firstLine(child) {
  return new Promise((settle, reject) => {
    const timer = setTimeout(() => reject(new Error('it said nothing for a minute')), START_TIMEOUT_MS)
    const end = (finish) => (value) => {
      clearTimeout(timer)
      finish(value)
    }
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (piece) => {
      text += piece
      if (text.includes('\n')) end(settle)(text)
    })
    child.once('error', end(reject))
    child.once('close', (code) => end(reject)(new Error(`it ended with ${code}`)))
  })
}
