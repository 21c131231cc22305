import { spawn } from 'node:child_process'
import { StartFailure } from '../configuration/errors.ts'
import { readSettings } from '../configuration/read.ts'
import { isSharedByMachines } from '../engines.ts'
import type { CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'

/** Set in the environment of the process that reads. */
const READER_MARK = 'READER_OF_LUGSAIL'
/** More pages than that make no store. */
const READERS_MAX = 300

/**
 * Does `read`, which reads the whole store, in a process of its own, and again when a page that the disk cannot give ended it (SIGBUS): what ended two of them
 * the next one knows and passes over. Resolves with the exit code. Throws StartFailure when it is ended otherwise.
 */
export async function pastBadSectors(
  { environment }: CommandContext,
  { settingOptions }: CommandArguments,
  read: () => Promise<number>,
): Promise<number> {
  const { metadata } = readSettings({ options: settingOptions, environment })
  const isMapped = metadata === null || (metadata !== 'memory:' && !isSharedByMachines(metadata))
  if (!isMapped || environment[READER_MARK] !== undefined) return await read()
  for (let reader = 1; ; reader++) {
    const { code, signal } = await runReader(environment)
    if (code !== null) return code
    if (signal !== 'SIGBUS') throw new StartFailure(`the process that read the store was ended by ${signal}`)
    if (reader === READERS_MAX)
      throw new StartFailure(
        `${READERS_MAX} processes were ended by what the disk cannot read of the metadata`,
      )
    process.stderr.write('the disk cannot read a page of the metadata; it is read again without it\n')
  }
}

interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** This very command, in another process. */
async function runReader(environment: CommandContext['environment']): Promise<Ending> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...environment, [READER_MARK]: '1' },
  })
  const handOn = (signal: NodeJS.Signals): void => void child.kill(signal)
  const signals = ['SIGTERM', 'SIGINT'] as const
  for (const signal of signals) process.on(signal, handOn)
  try {
    return await new Promise<Ending>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) => resolve({ code, signal }))
    })
  } finally {
    for (const signal of signals) process.off(signal, handOn)
  }
}
