import { bashScript } from '../completion/bash.ts'
import { fishScript } from '../completion/fish.ts'
import { completionWords } from '../completion/words.ts'
import type { CompletionWords } from '../completion/words.ts'
import { zshScript } from '../completion/zsh.ts'
import type { CommandRunner, HandWrittenCommand } from './command.ts'
import { writeStdout } from '../standard-streams.ts'
import { UsageError } from '../usage-error.ts'

const SHELLS: Readonly<Record<string, (words: CompletionWords) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
}

const HELP = `usage: lugsail completion bash|zsh|fish

Prints the completion script of a shell. To use it at once:

  bash   source <(lugsail completion bash)
  zsh    source <(lugsail completion zsh)
  fish   lugsail completion fish | source

To keep it, put that line into ~/.bashrc or ~/.zshrc, or for fish:

  lugsail completion fish > ~/.config/fish/completions/lugsail.fish
`

/** `lugsail completion SHELL`, which prints the shell's completion script. `ownCommands`: those that follow from no operation, by name. */
export const completionCommand =
  (ownCommands: Readonly<Record<string, HandWrittenCommand>>): CommandRunner =>
  ({ args }) => {
    const [shell = '', ...more] = args
    if (shell === 'help' || shell === '--help' || shell === '-h') {
      writeStdout(HELP)
      return Promise.resolve(0)
    }
    const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined
    if (script === undefined || more.length > 0)
      throw new UsageError(`completion: expected one of bash, zsh, fish, got ${args.join(' ') || 'nothing'}`)
    writeStdout(script(completionWords(ownCommands)))
    return Promise.resolve(0)
  }
