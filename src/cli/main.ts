import { run } from './run.ts'

/** After Ctrl-C: 128 and the number of SIGINT, as a shell counts it. */
const INTERRUPTED = 130

process.once('SIGINT', () => {
  process.stdout.write('\n')
  process.exit(INTERRUPTED)
})
// A reader that went away (as `| head` does) ends the command quietly.
process.stdout.on('error', () => process.exit(0))

void run(process.argv.slice(2), process.env).then((code) => {
  process.exitCode = code
  // Nothing is left to do once the output is out; waiting for idle handles would only take time.
  process.stdout.write('', () => process.exit(code))
})
