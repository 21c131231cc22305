#!/usr/bin/env node
// The executable that npm links, on every system: npm makes a .cmd file of it on Windows, where the shell that bin/lugsail needs is not.
// What bin/lugsail does besides is for systems with one: see there.
'use strict'

const SERVER_COMMANDS = ['serve', 'account', 'resource', 'store']
/** See bin/lugsail. */
const MALLOC = { MALLOC_TRIM_THRESHOLD_: '67108864', MALLOC_MMAP_THRESHOLD_: '4194304' }

const [command, topic] = process.argv.slice(2)
// The help of a server's command, however it is asked for, is told by that command.
if (command === 'help' && SERVER_COMMANDS.includes(topic)) process.argv.splice(2, 2, topic, 'help')

const isServer = SERVER_COMMANDS.includes(process.argv[2])
// malloc reads it once, when the process starts. Where Node cannot replace itself, the server keeps what the system has by itself.
if (isServer && process.platform === 'linux' && process.execve && !('MALLOC_TRIM_THRESHOLD_' in process.env))
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    ...MALLOC,
    ...process.env,
  })

require(isServer ? '../dist/server/main.cjs' : '../dist/cli/main.cjs')
