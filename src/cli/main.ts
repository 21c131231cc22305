import { run } from './run.ts'
import { writeStdout } from './standard-streams.ts'

/** After Ctrl-C: 128 and the number of SIGINT, as a shell counts it. */
const INTERRUPTED = 130

process.once('SIGINT', () => {
  writeStdout('\n')
  process.exit(INTERRUPTED)
})

// All output has been written when a command ends; waiting for idle handles would only take time.
void run(process.argv.slice(2), process.env).then((code) => process.exit(code))
