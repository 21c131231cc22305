import ts from 'typescript6'
import { plant, type Mutant } from './mutants.ts'

/** Whether `npm run typecheck` would notice a fault: the types of its file are asked, with the fault in memory. */
export class TypeCheck {
  readonly #options: ts.CompilerOptions
  readonly #host: ts.CompilerHost
  readonly #files: readonly string[]
  readonly #sources = new Map<string, ts.SourceFile | undefined>()
  #program: ts.Program | undefined

  constructor() {
    const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as {
      config: object
    }
    const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd())
    this.#options = options
    this.#files = fileNames.filter((file) => file.includes('/src/'))
    this.#host = ts.createCompilerHost(options)
  }

  notices(mutant: Mutant): boolean {
    const path = this.#files.find((file) => file.endsWith(`/${mutant.file}`))
    if (path === undefined) return false
    const host: ts.CompilerHost = {
      ...this.#host,
      getSourceFile: (file, version) => {
        if (file === path)
          return ts.createSourceFile(file, plant(ts.sys.readFile(file) ?? '', mutant), version, true)
        if (!this.#sources.has(file)) this.#sources.set(file, this.#host.getSourceFile(file, version))
        return this.#sources.get(file)
      },
    }
    this.#program = ts.createProgram({
      rootNames: this.#files,
      options: this.#options,
      host,
      ...(this.#program && { oldProgram: this.#program }),
    })
    const source = this.#program.getSourceFile(path)
    return (
      source !== undefined &&
      [...this.#program.getSyntacticDiagnostics(source), ...this.#program.getSemanticDiagnostics(source)]
        .length > 0
    )
  }
}
