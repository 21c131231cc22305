// Behind the job's last step: ends the server, and shows what it logged.
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { logGroup, state, warn } from './runner.mjs'

/** Requests under way have some seconds to finish. */
const END_TIMEOUT_MS = 15_000
const CHECK_MS = 50

const [pid, endpoint, log] = [Number(state('pid')), state('endpoint'), state('log')]
// It was never started, which its step has said.
if (pid > 0) await stop()

async function stop() {
  // Once it has ended, its number may be another program's.
  if (await isAnswering()) await end()
  else warn('Lugsail had ended before the job did')
  const text = readFileSync(log, 'utf8')
  if (text !== '') logGroup('What Lugsail logged', text)
}

async function isAnswering() {
  try {
    return (await fetch(`${endpoint}/-/health`)).ok
  } catch {
    return false
  }
}

async function end() {
  process.kill(pid, 'SIGTERM')
  for (let waitedMs = 0; isThere(); waitedMs += CHECK_MS) {
    if (waitedMs >= END_TIMEOUT_MS) return process.kill(pid, 'SIGKILL')
    await pause(CHECK_MS)
  }
}

function isThere() {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
