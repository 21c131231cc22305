import type { ObjectCommandName } from '../objects/commands.ts'
import type { HandWrittenCommand } from './command.ts'

/**
 * The hand-written commands of the command line, by the word that is typed. To add one: write `commands/<name>.ts` that exports
 * `run` (a {@link CommandRunner}) and add a line here. `load` is called only when that command is typed, so that no command pays
 * for another's code. What follows the word on the command line is the command's own: it parses its options itself.
 */

/** One of the commands that work on objects, which are one file of their own: they need the SDK. */
const onObjects = (name: ObjectCommandName, summary: string): HandWrittenCommand => ({
  summary,
  load: async () => ({ run: (await import('../objects/index.ts')).objectCommand(name) }),
  takesGlobalOptions: true,
})

/** The commands that follow from no operation, by the word that is typed; each is loaded when it is. */
export const handWrittenCommands: Readonly<Record<string, HandWrittenCommand>> = {
  completion: {
    summary: 'Prints a completion script for bash, zsh or fish',
    isSeldomTyped: true,
    load: async () => ({ run: (await import('./completion.ts')).completionCommand(handWrittenCommands) }),
  },
  use: {
    summary: 'Writes a profile for a server on this machine',
    load: () => import('./use.ts'),
  },
  doctor: {
    summary: 'Looks for what keeps commands from reaching a server',
    load: () => import('./doctor.ts'),
  },
  key: {
    summary: 'Keeps application keys: create, list, update, rotate, …',
    load: () => import('./key.ts'),
  },
  role: {
    summary: 'Keeps roles: create, list, update, revoke, …',
    load: () => import('./role.ts'),
  },
  credentials: {
    summary: 'Prints temporary credentials, for credential_process',
    isSeldomTyped: true,
    load: () => import('./credentials.ts'),
  },
  env: {
    summary: 'Prints the lines that point a shell at a server on this machine',
    isSeldomTyped: true,
    load: () => import('./env.ts'),
  },
  cosi: {
    summary: 'Serves Kubernetes as a driver of buckets and their keys',
    isSeldomTyped: true,
    load: () => import('./cosi.ts'),
  },
  ls: onObjects('ls', 'Lists buckets, or the objects of one'),
  cp: onObjects('cp', 'Copies files and objects'),
  mv: onObjects('mv', 'Moves files and objects'),
  rm: onObjects('rm', 'Deletes objects'),
  cat: onObjects('cat', 'Writes an object to standard output'),
  presign: onObjects('presign', 'Prints a URL that shows an object'),
  import: {
    ...onObjects('import', 'Copies what is in another S3 store to this server'),
    isSeldomTyped: true,
  },
  revoke: onObjects('revoke', 'Switches an access key off after a leak, and tells what it did'),
}
