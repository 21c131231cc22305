import { run, tellError } from './run.ts'
import { writeStdout } from './standard-streams.ts'

/** After Ctrl-C: 128 and the number of SIGINT, as a shell counts it. */
const INTERRUPTED = 130

process.once('SIGINT', () => {
  writeStdout('\n')
  process.exit(INTERRUPTED)
})

const args = process.argv.slice(2)

// What is thrown where nobody waits for it: a promise left alone, a listener.
process.once('uncaughtException', (error) => {
  void tellError(error, args).then((code) => process.exit(code))
})

// All output has been written when a command ends; waiting for idle handles would only take time.
void run(args, process.env).then((code) => process.exit(code))
