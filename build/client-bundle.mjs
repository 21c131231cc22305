// Builds dist/client, which the package exports as `lugsail/client`: one ES module without imports but Node's, and its types, written from the model.
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'

/** Builds into `folder` with esbuild's options `shared`. */
export async function bundleClient(shared, folder) {
  const root = shared.absWorkingDir
  await build({
    ...shared,
    entryPoints: { index: 'src/client/package/index.ts' },
    outdir: folder,
    format: 'esm',
    minifySyntax: true,
    minifyWhitespace: true,
  })
  // The writer is TypeScript, which Node 20 does not run.
  const [writer] = (
    await build({
      ...shared,
      entryPoints: ['src/client/package/write-declarations.ts'],
      format: 'esm',
      write: false,
    })
  ).outputFiles
  const { writeDeclarations } = await import(
    `data:text/javascript;base64,${Buffer.from(writer.contents).toString('base64')}`
  )
  const options = readFileSync(resolve(root, 'src/client/package/options.ts'), 'utf8')
  writeFileSync(resolve(root, folder, 'index.d.ts'), writeDeclarations(options.replace(/^\/\/.*\n\n/, '')))
}
