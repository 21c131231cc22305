import { handWrittenCommands } from './commands/index.ts'

async function main(): Promise<number> {
  const [name = '', ...args] = process.argv.slice(2)
  const command = handWrittenCommands[name]
  if (command !== undefined) return (await command.load()).run({ args, env: process.env })
  process.stderr.write(`lugsail: ${name} is not a command\n`)
  return 2
}

void main().then((code) => {
  process.exitCode = code
})
