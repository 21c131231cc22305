import assert from 'node:assert/strict'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { PackedFolder } from './packed.ts'

/** A block whose first line, a comment, is the name of its file. */
const NAMED_BLOCK = /^```\w+\n((?:\/\/|#) (\S+\.\w+)\n[\s\S]*?)^```$/gm

/** The files that docs/testing-with-lugsail.md shows, by their names. */
export function namedBlocks(): ReadonlyMap<string, string> {
  const page = readFileSync('docs/testing-with-lugsail.md', 'utf8')
  return new Map([...page.matchAll(NAMED_BLOCK)].map(([, text = '', name = '']) => [name, text]))
}

/** The files that docs/testing-with-lugsail.md shows, beside the package as it is shipped. */
export class ShownPrograms {
  readonly folder = new PackedFolder()

  constructor() {
    for (const [name, text] of namedBlocks()) this.write(name, text)
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder.path, name), text)
  }

  /** Lets the programs import a package that lies elsewhere. */
  link(folder: string): void {
    symlinkSync(folder, join(this.folder.path, 'node_modules', basename(folder)))
  }

  has(program: string, ...args: readonly string[]): boolean {
    return this.folder.run(program, args).status === 0
  }

  /** Runs a program to its end, which must be a good one, and looks for what it must print. */
  run(program: string, args: readonly string[], prints: RegExp): void {
    const { status, stdout, stderr } = this.folder.run(program, args)
    assert.equal(status, 0, `${stdout}${stderr}`)
    assert.match(stdout, prints)
  }
}
