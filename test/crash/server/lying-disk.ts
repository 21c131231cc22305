// Loses power again and again over a disk that answers syncs of one part of the store without doing them. Ends with 3 when something was missed, with 0 when nothing was; a damaged store may end
// the process at once, which is why it is one of its own.
import { powerLossRounds } from './power-loss.ts'

const ROUNDS = 12
const EXIT_CODE_LOST = 3
const PARTS: Readonly<Record<string, (path: string) => boolean>> = {
  metadata: (path) => path.endsWith('/metadata.mdb'),
  bodies: (path) => path.includes('/incoming/'),
}

try {
  await powerLossRounds(ROUNDS, PARTS[process.argv[2] ?? ''])
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`)
  process.exitCode = EXIT_CODE_LOST
}
